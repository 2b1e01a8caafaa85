import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import type { TelnyxKind } from "../../src/providers/telnyx/rest.ts";
import { canonical } from "../../src/reconcile/compare/canonical.ts";
import { hintsOf } from "../../src/reconcile/compare/hints.ts";
import { arbitraryAccount } from "./arbitrary-account.ts";
import { roundTrip } from "./round-trip.ts";

const KINDS = new Map<string, TelnyxKind>(kinds.map((kind) => [kind.kind, kind]));

/** As values are compared: a documented default is the same as nothing. */
function compared(objects: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(
    Object.entries(objects).map(([address, raw]) => {
      const kind = KINDS.get(address.split("/")[0] ?? "");
      if (kind === undefined) throw new Error(`${address} is of no kind`);
      return [address, canonical(kind.fromLive(raw as JsonObject), hintsOf(kind))];
    }),
  );
}

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
