import fc from "fast-check";
import { test } from "vitest";
import { makeAccount, type Account } from "./account.ts";
import { arbitraryPair } from "./arbitrary-account.ts";
import { httpTo } from "./http.ts";
import { pullAll, three } from "./three-accounts.ts";

const runs = Number(process.env["ROLLCALL_TEST_RUNS"] ?? 1);
const triples = fc
  .tuple(arbitraryPair, arbitraryPair)
  .map(([[first, second], [third]]): readonly Account[] => [first, second, third]);

/** Random triples of accounts become the environments of one project. Another seed makes others. */
export function triplesShareAProject(number: number, seed: number): void {
  const count = Math.ceil(number * runs);
  const title = `${count} random triples of accounts of seed ${seed} are pulled one after the other: all plans are empty`;
  test(title, { timeout: 60_000 + count * 30_000 }, () =>
    fc.assert(fc.asyncProperty(triples, pulledAsThree), { numRuns: count, seed }),
  );
}

function pulledAsThree(accounts: readonly Account[]): Promise<void> {
  return three(async (here) => {
    for (const [index, account] of accounts.entries())
      await makeAccount(httpTo(here.accounts[index]?.url ?? ""), account);
    await pullAll(here);
  });
}
