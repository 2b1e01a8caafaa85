import { open, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { stringify, type Json } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import type { Plan, Refusal } from "../model/plan.ts";
import type { PlanChoices } from "../operations/workspace.ts";
import {
  plannedAddresses,
  sealed,
  storable,
  unsealed,
  type PlanTerms,
  type SavedPlan,
} from "../reconcile/planfile.ts";
import { staleness } from "../reconcile/staleness.ts";
import { planJson } from "../report/json/plan.ts";
import { RefusedPlan, UsageError } from "./failure.ts";
import type { Io } from "./io.ts";
import { version } from "./version.ts";
import { KINDS, type OpenWorkspace } from "./workspace.ts";

const LIFETIME_DAYS = 7;
const DAY = 86_400_000;
const LARGEST = 64 * 1024 * 1024;

export interface SealedPlan {
  readonly id: string;
  readonly text: string;
}

/** A plan that `apply` will accept as long as it is true. */
export function sealPlan(io: Io, plan: Plan, choices: PlanChoices, workspace: OpenWorkspace): SealedPlan {
  const now = io.runtime.now().getTime();
  const terms: PlanTerms = {
    created: new Date(now).toISOString(),
    expires: new Date(now + LIFETIME_DAYS * DAY).toISOString(),
    manifests: workspace.loaded.digests,
    ...(workspace.loaded.alone && workspace.part ? { file: basename(workspace.part.path) } : {}),
    choices: {
      prune: choices.prune,
      onConflict: choices.onConflict,
      allowMassChange: choices.allowMassChange,
      destroy: choices.destroy ?? false,
    },
  };
  const file = sealed(asJson(plan), terms);
  const { planId } = file["x_rollcall"] as { readonly planId: Json };
  return { id: String(planId), text: `${stringify(file, 2)}\n` };
}

/** Only its owner can read the file. */
export async function writePlan(io: Io, path: string, { text }: SealedPlan): Promise<void> {
  const handle = await open(resolve(io.cwd, path), "w", 0o600).catch((error: Error) => {
    throw new UsageError(`the plan was not saved: ${error.message}`);
  });
  try {
    await handle.chmod(0o600);
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

/** Reads a saved plan. What is not one is refused before anything is sent. */
export async function readPlan(io: Io, path: string): Promise<SavedPlan> {
  const absolute = resolve(io.cwd, path);
  const saved = unsealed(await parsed(absolute, path));
  if (typeof saved === "string") throw new RefusedPlan(`${path} is refused: ${saved}`);
  // Manifests are read where the command is run, whatever a plan says.
  const { file } = saved.terms;
  if (file !== undefined && basename(join("/", file)) !== file)
    throw new RefusedPlan(`${path} is refused: it is about a file in another folder`);
  return saved;
}

async function parsed(absolute: string, path: string): Promise<Json> {
  const { size } = await stat(absolute).catch((error: Error) => {
    throw new UsageError(`${path} cannot be read: ${error.message}`);
  });
  if (size > LARGEST)
    throw new RefusedPlan(`${path} is refused: it is larger than ${LARGEST / 1024 / 1024} MiB`);
  try {
    return parseJson(await readFile(absolute, "utf8"));
  } catch {
    throw new RefusedPlan(`${path} is refused: it is not JSON, perhaps cut short`);
  }
}

/** The choices that a saved plan was made with, for exactly its resources. */
export function choicesIn(saved: SavedPlan): PlanChoices {
  return { ...saved.terms.choices, only: plannedAddresses(saved) };
}

/** Compares the plan of this moment with a saved one. */
export function checkAgainst(
  io: Io,
  saved: SavedPlan,
  workspace: OpenWorkspace,
  allowEquivalent: boolean,
): (plan: Plan) => readonly Refusal[] {
  return (plan) =>
    staleness(
      saved,
      { now: io.runtime.now(), manifests: workspace.loaded.digests, plan, asJson },
      allowEquivalent,
    );
}

function asJson(plan: Plan) {
  return planJson(storable(plan, KINDS), { rollcallVersion: version, withRequests: true });
}
