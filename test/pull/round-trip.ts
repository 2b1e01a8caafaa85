import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { KEY, runIn, type Ran } from "../e2e/cli.ts";
import { makeAccount, sizeOf, type Account } from "./account.ts";
import { httpTo } from "./http.ts";
import { countObjects, rawObjects } from "./raw-objects.ts";
import { treeOf } from "../file-tree.ts";

type Entries = Readonly<Record<string, { readonly kind: string; readonly id: string }>>;

export interface RoundTrip {
  readonly pulled: Ran;
  readonly files: Readonly<Record<string, string>>;
  /** Raw objects of the first account, and of the one that was made of the repository. */
  readonly before: Readonly<Record<string, Json>>;
  readonly after: Readonly<Record<string, Json>>;
}

/**
 * Makes an account, pulls it into an empty folder, checks that there is nothing to do, and applies the same repository to
 * an empty account.
 */
export async function roundTrip(account: Account): Promise<RoundTrip> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-round-trip-"));
  const [first, second] = [await startEmulator({ seed: 1 }), await startEmulator({ seed: 2 })];
  const run = (url: string, ...args: readonly string[]) =>
    runIn(join(folder, url === first.url ? "one" : "two"), { TELNYX_BASE_URL: url, TELNYX_API_KEY: KEY }, args);
  try {
    await makeAccount(httpTo(first.url), account);
    first.clearRequests();
    await mkdir(join(folder, "one"));
    const pulled = await run(first.url, "pull", "--versions", "canary");
    expect(pulled.code, pulled.stdout + pulled.stderr).toBe(0);
    expect(first.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    await checkSettled((...args) => run(first.url, ...args));
    const files = treeOf(join(folder, "one"));
    const entries = await entriesIn(join(folder, "one"));
    expect(Object.keys(entries)).toHaveLength(sizeOf(account));
    await cp(join(folder, "one"), join(folder, "two"), { recursive: true });
    const applied = await run(second.url, "apply", "--yes", "--allow-mass-change");
    expect(applied.code, applied.stdout + applied.stderr).toBe(0);
    await checkSettled((...args) => run(second.url, ...args));
    expect(await countObjects(second.url)).toEqual(await countObjects(first.url));
    return {
      pulled,
      files,
      before: await rawObjects(first.url, entries),
      after: await rawObjects(second.url, await entriesIn(join(folder, "two"))),
    };
  } finally {
    await Promise.all([first.close(), second.close()]);
    await rm(folder, { recursive: true });
  }
}

async function checkSettled(run: (...args: readonly string[]) => Promise<Ran>): Promise<void> {
  const valid = await run("validate");
  expect(valid.code, valid.stdout + valid.stderr).toBe(0);
  const plan = await run("plan", "--detailed-exitcode", "--format", "json");
  expect(plan.code, plan.stdout + plan.stderr).toBe(0);
  expect(
    (JSON.parse(plan.stdout) as { readonly x_rollcall: { readonly steps: Json } }).x_rollcall.steps,
  ).toEqual([]);
}

async function entriesIn(folder: string): Promise<Entries> {
  const ledger = await readFile(join(folder, ".rollcall/production.json"), "utf8");
  return (JSON.parse(ledger) as JsonObject)["entries"] as unknown as Entries;
}
