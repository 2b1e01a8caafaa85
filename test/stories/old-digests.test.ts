import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatLedger, parseLedger } from "../../src/ledger/format.ts";
import type { LedgerState } from "../../src/model/ledger.ts";
import { shortDigest } from "../../src/reconcile/compare/digest.ts";
import { APPLY, CREATION } from "./edits.ts";
import { tool } from "./manifests.ts";
import { callsNothingForeign, comesInOrder, planned } from "./order.ts";
import { KEY, runIn } from "../e2e/cli.ts";
import { story } from "./story.ts";

const PATCH = { method: "PATCH", path: /^\/ai\/tools\// } as const;
const hook = (value: string) => tool("hook", { headers: [{ name: "X-Key", value }] });

/** The ledger as an earlier version kept it: with short digests of these values, in the order of their appearance. */
function withShortDigests(text: string, values: readonly string[]): string {
  const state = JSON.stringify(parseLedger(text, "ledger"));
  const digests = [...new Set(state.match(/rollcall:hmac:[0-9a-f:]+/g))];
  expect(digests).toHaveLength(values.length);
  const old = digests.reduce(
    (whole, digest, index) => whole.replaceAll(digest, shortDigest(values[index] ?? "")),
    state,
  );
  return formatLedger(JSON.parse(old) as LedgerState);
}

test.each(["before", "after"] as const)(
  "a secret that a killed run of an earlier version wrote is managed: %s",
  async (side) => {
    const told = await story();
    await told.declare(hook("one"), tool("other"));
    await told.ends(0, ...APPLY);
    await told.declare(hook("two"), tool("other"));
    await told.killed({ side, ...PATCH }, ...APPLY);
    await told.ends(0, "ledger", "forget", "Tool/other");
    const file = join(told.folder, ".rollcall", "default.json");
    writeFileSync(file, withShortDigests(readFileSync(file, "utf8"), ["one", "two"]));
    await told.declare(hook("three"), tool("other"));
    await callsNothingForeign(told);
    await comesInOrder(told);
  },
);

test("an object of a killed creation with a secret is shown with another API key", async () => {
  const told = await story();
  await told.declare(tool("other"));
  await told.ends(0, ...APPLY);
  await told.declare(tool("other"), hook("one"));
  await told.killed({ side: "after", ...CREATION.Tool }, ...APPLY);
  await told.declare(tool("other"));
  const shown = (await planned(told)).changes.map(({ address }) => address);
  expect(shown).toContain("Tool/hook");
  const env = { ...told.env, TELNYX_API_KEY: `${KEY}_rotated` };
  const { stdout } = await runIn(told.folder, env, ["plan"], { runtime: told.clock.runtime });
  expect(stdout).toContain("Tool/hook is unchanged");
});
