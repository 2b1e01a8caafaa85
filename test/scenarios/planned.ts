import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Address } from "../../src/model/address.ts";
import { isList, isObject, type JsonObject } from "../../src/model/json.ts";
import type { LedgerState } from "../../src/model/ledger.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Resource } from "../../src/model/resource.ts";
import { planProject } from "../../src/operations/plan.ts";
import { planJson } from "../../src/report/json/plan.ts";
import { loadProject } from "../../src/schema/load.ts";
import { quietRuntime } from "../memory/memory-project.ts";
import { liveFile } from "./live-file.ts";

export const PLANS = join(import.meta.dirname, "plans");

export interface Situation {
  readonly resources: readonly Resource[];
  readonly includedFile?: (address: Address, path: string) => string | undefined;
  /** What is live, by path of the API. */
  readonly live: JsonObject;
  /** The entries of the ledger; without them no ledger exists. */
  readonly entries?: JsonObject;
  /** Choices of the plan, by their names. */
  readonly options?: JsonObject;
}

/** The plan for a situation, made by the real engine and kinds. */
export async function planned(situation: Situation): Promise<Plan> {
  const { resources, includedFile, live, entries, options = {} } = situation;
  const workspace = {
    project: "scenario",
    environment: "default",
    protectAll: false,
    resources,
    includedFile: includedFile ?? (() => undefined),
    provider: liveFile(live),
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
  const ledger =
    entries === undefined
      ? undefined
      : { lineage: "scenario", serial: 7, entries: entries as unknown as LedgerState["entries"] };
  return planProject(workspace, choices, ledger);
}

/** The plan of a folder in `plans`: manifests, live objects, and perhaps a ledger and options. */
export async function plannedScenario(name: string): Promise<Plan> {
  const folder = join(PLANS, name);
  const live = read(folder, "live.json") ?? {};
  const { kinds } = liveFile(live);
  const loaded = await loadProject({ path: join(folder, "desired.yaml"), env: {}, kinds });
  // The library can plan a project without manifests.
  const errors = loaded.diagnostics.filter(({ severity, code }) => severity === "error" && code !== "RC4010");
  if (errors.length > 0) throw new Error(`${name}: ${errors.map(({ message }) => message).join("; ")}`);
  const entries = read(folder, "ledger.json");
  const options = read(folder, "options.json");
  return planned({
    resources: loaded.resources,
    includedFile: loaded.includedFile,
    live,
    ...(entries === undefined ? {} : { entries }),
    ...(options === undefined ? {} : { options }),
  });
}

export const publishedPlan = (plan: Plan): JsonObject => planJson(plan, { rollcallVersion: "0.0.0" });

function read(folder: string, file: string): JsonObject | undefined {
  const path = join(folder, file);
  if (!existsSync(path)) return undefined;
  const value = JSON.parse(readFileSync(path, "utf8")) as JsonObject;
  if (!isObject(value)) throw new Error(`${path} holds no object`);
  return value;
}

function never(): never {
  throw new Error("a plan takes no lock");
}
