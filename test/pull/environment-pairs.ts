import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn } from "../e2e/cli.ts";
import { treeOf } from "../file-tree.ts";
import { makeAccount, type Account } from "./account.ts";
import { arbitraryPair } from "./arbitrary-account.ts";
import { compared } from "./compared.ts";
import { countObjects, rawObjects } from "./raw-objects.ts";
import { twoAccounts, type TwoAccounts } from "./two-accounts.ts";

const runs = Number(process.env["ROLLCALL_TEST_RUNS"] ?? 1);

/** Random pairs of accounts become the environments of one project. Another seed makes others. */
export function pairsShareAProject(pairs: number, seed = 1): void {
  const count = Math.ceil(pairs * runs);
  test(
    `${count} random pairs of accounts of seed ${seed} are pulled as two environments: both plans are empty, the first one declares what it did, and the second one can be made anew`,
    { timeout: 60_000 + count * 30_000 },
    async () => {
      await fc.assert(fc.asyncProperty(arbitraryPair, pulledAsTwo), {
        numRuns: count,
        seed,
      });
    },
  );
}

async function pulledAsTwo([production, staging]: readonly [Account, Account]): Promise<void> {
  const here = await twoAccounts();
  try {
    await makeAccount(here.http("production"), production);
    await makeAccount(here.http("staging"), staging);
    await here.ends(0, "production", "pull");
    await here.addStaging();
    const before = await here.declared("production");
    here.staging.clearRequests();
    await here.ends(0, "staging", "pull");
    expect(await here.declared("production")).toEqual(before);
    for (const environment of ["production", "staging"] as const) {
      await here.ends(0, environment, "validate");
      await here.ends(0, environment, "plan", "--detailed-exitcode");
    }
    const files = treeOf(here.folder);
    await here.ends(0, "staging", "pull");
    expect(treeOf(here.folder)).toEqual(files);
    expect(here.staging.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    await isMadeAnew(here);
  } finally {
    await here.close();
  }
}

/** The repository makes the second account in an empty one. */
async function isMadeAnew({ folder, staging }: TwoAccounts): Promise<void> {
  const copy = `${folder}-copy`;
  const empty = await startEmulator({ seed: 3 });
  try {
    await cp(folder, copy, { recursive: true });
    const env = { TELNYX_BASE_URL: empty.url, TELNYX_API_KEY: KEY, TELNYX_STAGING_API_KEY: KEY };
    const applied = await runIn(copy, env, ["apply", "--env", "staging", "--yes", "--allow-mass-change"]);
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    expect(await countObjects(empty.url)).toEqual(await countObjects(staging.url));
    const after = await rawObjects(empty.url, entriesIn(copy));
    expect(compared(after)).toEqual(compared(await rawObjects(staging.url, entriesIn(folder))));
  } finally {
    await empty.close();
    await rm(copy, { recursive: true, force: true });
  }
}

function entriesIn(folder: string) {
  const ledger = JSON.parse(treeOf(join(folder, ".rollcall"))["staging.json"] ?? "{}") as JsonObject;
  return ledger["entries"] as unknown as Readonly<
    Record<string, { readonly kind: string; readonly id: string }>
  >;
}
