import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { faultOf } from "../host/files/fault.ts";
import { readText } from "../host/files/read.ts";
import { derivedKey } from "../model/derived-key.ts";
import { stringify, type Json, type JsonObject } from "../model/json.ts";
import { NestingError, parseJson } from "../model/parse-json.ts";
import type { Plan, Refusal } from "../model/plan.ts";
import type { PlanChoices } from "../model/plan-choices.ts";
import type { AdoptingPlan } from "../operations/adopt-conflicts.ts";
import {
  inCurrentFormat,
  isSealedWith,
  plannedAddresses,
  sealed,
  storable,
  unsealed,
  type PlanTerms,
  type SavedPlan,
} from "../reconcile/saved-plan/planfile.ts";
import { isOnConflict } from "../model/conflict.ts";
import { choicesMade, isAccepted } from "../reconcile/saved-plan/saved-choices.ts";
import { staleness } from "../reconcile/saved-plan/staleness.ts";
import { accountOf } from "../providers/telnyx/account.ts";
import { planJson } from "../report/json/plan.ts";
import { Refused, UsageError } from "./failure.ts";
import type { Io } from "./io.ts";
import type { OutputFile } from "./output-guard.ts";
import { version } from "../host/version.ts";
import { KINDS } from "./project.ts";
import type { OpenWorkspace } from "./workspace.ts";

const LIFETIME_DAYS = 7;
const DAY = 86_400_000;
/** Bytes. It holds every object of the project twice, before and after: 1,000 prompts of 10 KiB make 20 MiB. */
const LARGEST = 256 * 1024 * 1024;

export interface SealedPlan {
  readonly id: string;
  readonly text: string;
}

/** A plan that `apply` will accept as long as it is true. Its time is the turn of its sample. */
export function sealPlan(
  io: Io,
  { plan, texts }: AdoptingPlan,
  choices: PlanChoices & { readonly turn: number },
  workspace: OpenWorkspace,
): SealedPlan {
  const now = choices.turn;
  const terms: PlanTerms = {
    created: new Date(now).toISOString(),
    expires: new Date(now + LIFETIME_DAYS * DAY).toISOString(),
    by: io.who,
    manifests: workspace.loaded.digests,
    ...(texts.size > 0 && { written: digestsOf(texts) }),
    ...(workspace.loaded.singleFile && workspace.part ? { file: basename(workspace.part.path) } : {}),
    choices: {
      prune: choices.prune,
      onConflict: choices.onConflict,
      allowMassChange: choices.allowMassChange,
      destroy: choices.destroy ?? false,
      adopt: choices.adopt ?? false,
      ...(choices.allowPendingEvents === true && { allowPendingEvents: true }),
    },
  };
  const file = sealed(asJson(plan), terms, workspace.planKey);
  const { planId } = file["x_rollcall"] as { readonly planId: Json };
  const text = `${stringify(file, 2)}\n`;
  // What cannot be read again is not saved.
  if (Buffer.byteLength(text) > LARGEST)
    throw new UsageError(
      `the plan is larger than ${LARGEST / 1024 / 1024} MiB and cannot be saved`,
      "plan a part of the project: give a path, --target or --selector",
    );
  return { id: String(planId), text };
}

function digestsOf(texts: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  return Object.fromEntries([...texts].sort().map(([file, text]) => [file, digest(text)]));
}

/** Prompts stand in it. */
export function planOutput(file: string): OutputFile {
  return { file, what: "the plan", isPrivate: true, isPlan: true };
}

/** Reads a saved plan. What is not one is refused before anything is sent. Who made it is not looked at. */
export function readPlan(io: Io, path: string): SavedPlan {
  return readPlanFile(io, path).saved;
}

/** The same with the file as data. */
export function readPlanFile(io: Io, path: string): { readonly file: JsonObject; readonly saved: SavedPlan } {
  const file = parsed(resolve(io.cwd, path), path);
  const saved = unsealed(file);
  if (typeof saved === "string") throw new Refused(`${path} is refused: ${saved}`);
  // Manifests are read where the command is run, whatever a plan says.
  const { file: alone } = saved.terms;
  if (alone !== undefined && basename(join("/", alone)) !== alone)
    throw new Refused(`${path} is refused: it is about a file in another folder`);
  return { file: inCurrentFormat(file as JsonObject), saved };
}

/** What is known of the seal of a plan, in words. */
export interface SealState {
  readonly state: "fits" | "wrong" | "unknown";
  readonly because: string;
}

const KEY_VARIABLE = /^TELNYX_(?:\w+_)?API_KEY$/;

/** Checked where the API key that the plan was made with is in the environment. */
export function sealState({ env }: Io, saved: SavedPlan): SealState {
  if (saved.seal === undefined)
    return { state: "unknown", because: "none; it is not known who made this plan" };
  const account = saved.target["account"];
  const name = Object.keys(env).find((one) => KEY_VARIABLE.test(one) && accountOf(env[one] ?? "") === account);
  if (name === undefined) {
    const key = `the API key it was made with, ${String(account)}, is not in the environment`;
    return { state: "unknown", because: `not checked: ${key}` };
  }
  return isSealedWith(saved, derivedKey(env[name] ?? "", "plan seal"))
    ? { state: "fits", because: `made with the API key in ${name}` }
    : { state: "wrong", because: `it was not made with the API key in ${name}` };
}

/** What the user who applies a saved plan expects of it. */
export interface Expected {
  /** The only choices that the plan may have made, as `choicesMade` names them. */
  readonly accept?: readonly string[];
  readonly planId?: string;
}

/** A plan that does more than was allowed, or another plan than was meant, is refused. */
export function checkExpected(path: string, saved: SavedPlan, { accept, planId }: Expected): void {
  if (planId !== undefined && planId !== saved.planId)
    throw new Refused(
      `${path} is refused: it is plan ${saved.planId.slice(0, 12)}, and plan ${planId.slice(0, 12)} is expected`,
    );
  const choice = choicesMade(saved.terms.choices).find(
    (made) => accept !== undefined && !isAccepted(made, accept),
  );
  if (choice === undefined) return;
  throw new Refused(
    `${path} is refused: it was made with ${choice}, which is not accepted here`,
    `make a plan without it, or accept it: --accept ${choice}; in the GitHub Action, with the input of that name`,
  );
}

/** A checksum says that a file is whole; only a seal says that it was made by a holder of the API key. */
export function checkOrigin(path: string, saved: SavedPlan, workspace: OpenWorkspace): void {
  const { environment, planKey, provider } = workspace;
  if (saved.environment !== environment)
    throw new Refused(
      `${path} is for the environment ${saved.environment}, not for ${environment}`,
      "choose the environment with --env",
    );
  if (isSealedWith(saved, planKey)) return;
  const reason =
    saved.seal === undefined
      ? "it has no seal: it was made by hand, or by a version of Rollcall that does not seal plans"
      : saved.target["account"] === provider.target.account
        ? "its seal is not valid: it was not made with this API key"
        : "it was made with another API key";
  throw new Refused(
    `${path} is refused: ${reason}`,
    "make a new plan with this key; when a key is replaced, plans that were made with the old one are no longer valid",
  );
}

function parsed(absolute: string, path: string): Json {
  const text = textIn(absolute, path);
  try {
    return parseJson(text);
  } catch (error) {
    const why = error instanceof NestingError ? error.message : "not valid JSON";
    throw new Refused(`${path} is refused: it is ${why}`);
  }
}

function textIn(absolute: string, path: string): string {
  try {
    return readText(absolute, LARGEST);
  } catch (error) {
    const { code, reason } = faultOf(error);
    if (code === "ELARGE") throw new Refused(`${path} is refused: ${reason}`);
    throw new UsageError(`${path} cannot be read: ${reason}`);
  }
}

/** The choices that a saved plan was made with, for exactly its resources. */
export function choicesIn(saved: SavedPlan): PlanChoices {
  const { choices, created } = saved.terms;
  const { onConflict } = choices;
  if (!isOnConflict(onConflict))
    throw new Refused("the plan is refused: this version of Rollcall does not know its choice for conflicts");
  return { ...choices, turn: Date.parse(created), only: plannedAddresses(saved) };
}

/** Compares the plan of this moment with a saved one. */
export function checkAgainst(
  io: Io,
  saved: SavedPlan,
  workspace: OpenWorkspace,
  allowEquivalent: boolean,
): (plan: Plan, texts: ReadonlyMap<string, string>) => readonly Refusal[] {
  return (plan, texts) => {
    const { digests: manifests } = workspace.loaded;
    const present = { now: io.runtime.now(), manifests, written: digestsOf(texts), plan, asJson };
    return staleness(saved, present, allowEquivalent);
  };
}

function asJson(plan: Plan) {
  return planJson(storable(plan, KINDS), { rollcallVersion: version, withRequests: true });
}
