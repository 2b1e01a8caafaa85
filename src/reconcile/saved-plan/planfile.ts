import { createHmac, timingSafeEqual } from "node:crypto";
import type { Address } from "../../model/address.ts";
import {
  isList,
  isObject,
  membersOf,
  objectsIn,
  property,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import { withCurrentAction, withCurrentRisks } from "../../model/former-names.ts";
import type { Kind } from "../../model/kind.ts";
import type { Plan, Step } from "../../model/plan.ts";
import { redacted } from "../compare/redact.ts";
import { digestOf } from "../compare/digest.ts";
import { hintsOf } from "../compare/hints.ts";
import type { SavedChoices } from "./saved-choices.ts";

/** The format of saved plans. Format 1 had other names for some actions and risks. */
const PLAN_FORMAT = 2;
const READ_FORMATS: ReadonlySet<unknown> = new Set([1, PLAN_FORMAT]);

/** What a saved plan says besides the plan. */
export interface PlanTerms {
  /** ISO 8601. */
  readonly created: string;
  readonly expires: string;
  /** The user who made it; absent in older plans. */
  readonly by?: string;
  /** SHA-256 of every file that the manifests were read from, by path. */
  readonly manifests: Readonly<Record<string, string>>;
  /** SHA-256 of every manifest file as apply will write it, by path; only with `adoptions`. */
  readonly written?: Readonly<Record<string, string>>;
  /** The one file that was asked for, in a folder that is no project: there other files may have mistakes. */
  readonly file?: string;
  /** The choices that the plan was made with. */
  readonly choices: SavedChoices;
}

/** What a saved plan promises: enough to tell whether the plan of this moment is the same. */
export interface SavedPlan {
  readonly planId: string;
  readonly checksum: string;
  /** Absent in what was made without an API key. */
  readonly seal?: string;
  readonly terms: PlanTerms;
  readonly environment: string;
  readonly target: JsonObject;
  readonly ledger: JsonObject;
  readonly steps: readonly JsonObject[];
  readonly changes: readonly JsonObject[];
  readonly drift: readonly JsonObject[];
  /** Live values that apply writes into the manifests. */
  readonly adoptions: readonly JsonObject[];
}

/** The plan as it may be stored: what its steps send, with every secret as a digest. */
export function storable(plan: Plan, kinds: ReadonlyMap<string, Kind>): Plan {
  return { ...plan, steps: plan.steps.map((step) => storableStep(step, kinds)) };
}

function storableStep(step: Step, kinds: ReadonlyMap<string, Kind>): Step {
  const kind = kinds.get(step.kind);
  if (step.desired === undefined || kind === undefined) return step;
  return { ...step, desired: redacted(step.desired, hintsOf(kind)) };
}

/** The id leaves out author and time: the same plan, saved twice, has the same id. */
function planIdOf(file: JsonObject): string {
  const { created: _, expires: __, by: ______, ...terms } = membersOf(property(extensionOf(file), "terms"));
  const { planId: ___, checksum: ____, seal: _____, ...extension } = extensionOf(file);
  return digestOf({ ...file, x_rollcall: { ...extension, terms } });
}

function checksumOf(file: JsonObject): string {
  const { checksum: _, seal: __, ...extension } = extensionOf(file);
  return digestOf({ ...file, x_rollcall: extension });
}

/** HMAC-SHA-256 of the checksum, which is the SHA-256 of everything else in canonical form. */
function sealOf(checksum: string, key: Buffer): Buffer {
  return createHmac("sha256", key).update(checksum).digest();
}

/** Adds terms, id, checksum and seal to the plan's JSON. */
export function sealed(file: JsonObject, terms: PlanTerms, key: Buffer): JsonObject {
  const body = {
    ...file,
    x_rollcall: { ...extensionOf(file), format: PLAN_FORMAT, terms: terms as unknown as Json },
  };
  const named = { ...body, x_rollcall: { ...body.x_rollcall, planId: planIdOf(body) } };
  const checksum = checksumOf(named);
  const seal = sealOf(checksum, key).toString("hex");
  return { ...named, x_rollcall: { ...named.x_rollcall, checksum, seal } };
}

/** Whether the plan was sealed with this key. Only the holder of the API key can do that. */
export function isSealedWith({ checksum, seal }: SavedPlan, key: Buffer): boolean {
  const [expected, found] = [sealOf(checksum, key), Buffer.from(seal ?? "", "hex")];
  return found.length === expected.length && timingSafeEqual(found, expected);
}

/** Reads what `sealed` made; for anything else, a text that says what is wrong. The seal is not checked. */
export function unsealed(file: Json): SavedPlan | string {
  const extension = isObject(file) ? property(file, "x_rollcall") : undefined;
  if (!isObject(file) || !isObject(extension)) return "it is not a Rollcall plan";
  const format = extension["format"];
  if (format === undefined) return "it was printed, not saved; save one with plan --out";
  if (!READ_FORMATS.has(format))
    return `it has plan format ${String(format)}, and this version of Rollcall knows up to ${PLAN_FORMAT}`;
  if (extension["checksum"] !== checksumOf(file))
    return "its checksum does not match its content: it was edited or truncated";
  if (extension["planId"] !== planIdOf(file)) return "its id does not match its content";
  const { planId, checksum, seal, terms, environment, target, ledger, steps, changes } = extensionOf(
    inCurrentFormat(file),
  );
  if (typeof planId !== "string" || typeof environment !== "string") return "its id or environment is missing";
  if (!isObject(terms) || !isObject(terms["choices"]) || !isObject(target) || !isObject(ledger))
    return "its terms, target or ledger is missing";
  if (!isList(steps) || !isList(changes)) return "its steps or changes are missing";
  return {
    planId,
    checksum: String(checksum),
    ...(typeof seal === "string" ? { seal } : {}),
    terms: terms as unknown as PlanTerms,
    environment,
    target,
    ledger,
    steps: steps.filter(isObject),
    changes: changes.filter(isObject),
    drift: objectsIn(extensionOf(file)["drift"]),
    adoptions: objectsIn(extensionOf(file)["adoptions"]),
  };
}

/** The file with the names of the current format. Checksum and seal belong to the file as it was saved. */
export function inCurrentFormat(file: JsonObject): JsonObject {
  const extension = extensionOf(file);
  if (extension["format"] === PLAN_FORMAT) return file;
  const steps = objectsIn(extension["steps"]).map(withCurrentAction);
  const changes = objectsIn(extension["changes"]).map(withCurrentRisks);
  return { ...file, x_rollcall: { ...extension, format: PLAN_FORMAT, steps, changes } };
}

/** The plan in a file whose form has been checked; its steps lack what they were compared with. */
export function planFrom(file: JsonObject): Plan {
  const {
    empty: _,
    format: __,
    planId: ___,
    checksum: ____,
    seal: _____,
    terms: ______,
    ...plan
  } = extensionOf(file);
  const specs = new Map(
    objectsIn(file["resource_changes"]).map(({ address, change }) => [address, membersOf(change)]),
  );
  const changes = objectsIn(plan["changes"]).map((change) =>
    withSpecs(change, specs.get(change["address"]) ?? {}),
  );
  return { ...plan, changes } as unknown as Plan;
}

function withSpecs(change: JsonObject, { before, after }: JsonObject): JsonObject {
  return { ...change, ...(isObject(before) ? { before } : {}), ...(isObject(after) ? { after } : {}) };
}

/** The addresses that a saved plan does something to, live or in the manifests. */
export function plannedAddresses({ steps, adoptions }: SavedPlan): ReadonlySet<Address> {
  return new Set([...steps, ...adoptions].map(({ address }) => address as Address));
}

export function extensionOf(file: JsonObject): JsonObject {
  return membersOf(property(file, "x_rollcall"));
}
