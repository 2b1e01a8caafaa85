/**
 * What a plan says, case by case: each folder holds its manifests, what is live, the ledger, perhaps options, and the
 * plan that follows, as JSON and as text.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Address } from "../../src/model/address.ts";
import { isList, isObject, stringify, type JsonObject } from "../../src/model/json.ts";
import type { LedgerState } from "../../src/model/ledger.ts";
import { planProject } from "../../src/operations/plan.ts";
import { planJson } from "../../src/report/json/plan.ts";
import { planText } from "../../src/report/text/plan.ts";
import { loadProject } from "../../src/schema/load.ts";
import { quietRuntime } from "../memory/world.ts";
import { liveFile } from "./live-file.ts";

const ROOT = join(import.meta.dirname, "plans");
const cases = readdirSync(ROOT);

test("there are scenarios for every class and every action", () => {
  expect(cases.length).toBeGreaterThanOrEqual(80);
});

test.each(cases)("%s", async (name) => {
  const folder = join(ROOT, name);
  const provider = liveFile(read(folder, "live.json"));
  const loaded = await loadProject({ path: join(folder, "desired.yaml"), env: {}, kinds: provider.kinds });
  // A plan of nothing is one that the library can be asked for.
  const errors = loaded.diagnostics.filter(({ severity, code }) => severity === "error" && code !== "RC4010");
  expect(errors).toEqual([]);
  const options = read(folder, "options.json");
  const workspace = {
    project: "scenario",
    environment: "default",
    protectAll: false,
    resources: loaded.resources,
    includedFile: loaded.includedFile,
    provider,
    ledger: { place: "ledger.json", read: never, open: never, holder: never, unlock: never },
    runtime: quietRuntime(),
  };
  const { only, ...others } = options;
  const choices = {
    prune: false,
    onConflict: "refuse" as const,
    allowMassChange: false,
    ...others,
    ...(isList(only) ? { only: new Set(only.map((address) => String(address) as Address)) } : {}),
  };
  const ledger = existsSync(join(folder, "ledger.json")) ? stateOf(read(folder, "ledger.json")) : undefined;
  const plan = await planProject(workspace, choices, ledger);
  const text = planText(plan, { style: { colour: false, width: 100 }, showUnmanaged: true });
  await expect(`${text}\n`).toMatchFileSnapshot(join(folder, "plan.txt"));
  const json = stringify(planJson(plan, { rollcallVersion: "0.0.0" }), 2);
  await expect(`${json}\n`).toMatchFileSnapshot(join(folder, "plan.json"));
});

function read(folder: string, file: string): JsonObject {
  const path = join(folder, file);
  if (!existsSync(path)) return {};
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isObject(value as JsonObject)) throw new Error(`${path} holds no object`);
  return value as JsonObject;
}

/** `ledger.json` holds the entries. */
function stateOf(entries: JsonObject): LedgerState {
  return { lineage: "scenario", serial: 7, entries: entries as unknown as LedgerState["entries"] };
}

function never(): never {
  throw new Error("a plan takes no lock");
}
