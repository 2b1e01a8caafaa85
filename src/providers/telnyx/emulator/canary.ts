import { isObject, membersOf, type Json, type JsonObject } from "../../../model/json.ts";
import { assistantOf } from "./assistants.ts";
import { canaryDeploy } from "./check/others.ts";
import { badRequest, notFound, valueError } from "./errors.ts";
import { elements } from "./references.ts";
import type { AssistantRecord, CanaryRecord } from "./records.ts";
import { servedVersions } from "./versions.ts";
import { bodyOf, checked, type Handler, NO_CONTENT, ok, timestamp, type World } from "./world.ts";

export const getCanary: Handler = (call) => {
  const record = assistantOf(call);
  if (record.canary === undefined) throw notFound("Canary deploy for assistant", record.id);
  return ok(canaryView(call.world, record, record.canary));
};

export const postCanary: Handler = (call) => {
  const record = assistantOf(call);
  const body = bodyOf(call, canaryDeploy);
  if (record.canary !== undefined) throw badRequest("A canary deploy already exists for this assistant");
  return ok(setCanary(call.world, record, body));
};

export const putCanary: Handler = (call) => {
  const record = assistantOf(call);
  const body = bodyOf(call, canaryDeploy);
  if (record.canary === undefined) throw notFound("Canary deploy for assistant", record.id);
  return ok(setCanary(call.world, record, body));
};

export const deleteCanary: Handler = (call) => {
  const record = assistantOf(call);
  if (record.canary === undefined) throw notFound("Canary deploy for assistant", record.id);
  dropCanary(call.world, record);
  return NO_CONTENT;
};

export function dropCanary(world: World, record: AssistantRecord): void {
  const { canary: _canary, ...rest } = record;
  world.store.assistants.put(record.id, rest);
}

/** Sets the current rules. `body` was validated before, or comes from the portal. */
export function setCanary(world: World, record: AssistantRecord, body: JsonObject): JsonObject {
  const rules = elements(checked(canaryDeploy, body)["rules"]);
  rules.forEach(checkServe);
  const now = timestamp(world);
  const canary = { rules, created_at: record.canary?.created_at ?? now, updated_at: now };
  const known = new Set(record.versions.map(({ version_id }) => version_id));
  const unknown = servedVersions(canary).find((id) => !known.has(id));
  if (unknown !== undefined) throw badRequest(`Version '${unknown}' does not belong to this assistant`);
  world.store.assistants.put(record.id, { ...record, canary });
  return canaryView(world, record, canary);
}

function checkServe(rule: JsonObject, index: number): void {
  const at = ["rules", index, "serve"];
  const serve = membersOf(rule["serve"]);
  const version = serve["version_id"] !== undefined;
  const rollout = serve["rollout"] !== undefined;
  if (version === rollout) throw valueError(at, "exactly one of version_id or rollout must be set");
  const total = elements(serve["rollout"]).reduce((sum, slot) => sum + Number(slot["weight"]), 0);
  if (total >= 100) throw valueError(at, "rollout weights must sum to less than 100");
}

function canaryView(world: World, record: AssistantRecord, canary: CanaryRecord): JsonObject {
  const { created_at, updated_at } = canary;
  const legacy = world.hazards.legacyCanary ? legacyVersions(canary.rules) : undefined;
  const shape: JsonObject = legacy === undefined ? { rules: canary.rules } : { versions: legacy };
  return { assistant_id: record.id, ...shape, created_at, updated_at };
}

/** The older form of a canary: one rollout for all conversations. */
function legacyVersions(rules: readonly Json[]): readonly JsonObject[] | undefined {
  const [rule] = elements(rules);
  if (rules.length !== 1 || rule === undefined || elements(rule["match"]).length > 0) return undefined;
  const slots = elements(isObject(rule["serve"]) ? rule["serve"]["rollout"] : undefined);
  if (slots.length === 0) return undefined;
  return slots.map((slot) => ({
    version_id: slot["version_id"] ?? null,
    percentage: slot["weight"] ?? null,
  }));
}
