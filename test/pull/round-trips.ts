import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryAccount } from "./arbitrary-account.ts";
import { compared } from "./compared.ts";
import { roundTrip } from "./round-trip.ts";

const runs = Number(process.env["ROLLCALL_TEST_RUNS"] ?? 1);

/** Random accounts are pulled, and their repositories create the same accounts. Another seed makes others. */
export function comeHome(accounts: number, seed = 1): void {
  const count = Math.ceil(accounts * runs);
  test(
    `${count} random accounts of seed ${seed} are pulled, and applying their repositories creates the same accounts`,
    {
      timeout: 60_000 + count * 20_000,
    },
    async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryAccount, async (account) => {
          const { before, after } = await roundTrip(account);
          expect(compared(after)).toEqual(compared(before));
        }),
        { numRuns: count, seed },
      );
    },
  );
}
