import type { JsonObject } from "../../../model/json.ts";
import { createAssistant, updateAssistant } from "./check/assistant.ts";
import { badRequest, notFound } from "./errors.ts";
import { complete, completeNew } from "./fill.ts";
import { assistantReferences, liveAssistant, liveAssistants, mainVersion } from "./references.ts";
import { checkConfig, refuseSharedEntries } from "./rules.ts";
import type { AssistantRecord, VersionRecord } from "./records.ts";
import { assistantView, versionView } from "./view.ts";
import { bodyOf, type Call, type Handler, ok, param, timestamp, type World } from "./world.ts";

const NEW_NAME = "New assistant";

export function assistantOf(call: Call): AssistantRecord {
  const id = param(call, "assistant_id");
  const record = liveAssistant(call.world, id);
  if (record === undefined) throw notFound("Assistant", id);
  return record;
}

export const listAssistants: Handler = ({ world }) => {
  const omitted = new Set(world.hazards.listOmits);
  const views = liveAssistants(world).map((record) => assistantView(world, record));
  if (omitted.size === 0) return ok({ data: views });
  const shown = views.map((view) =>
    Object.fromEntries(Object.entries(view).filter(([key]) => !omitted.has(key))),
  );
  return ok({ data: shown });
};

export const getAssistant: Handler = (call) => ok(assistantView(call.world, assistantOf(call)));

export const postAssistant: Handler = (call) => {
  refuseSharedEntries(call.body);
  const record = newAssistant(call.world, bodyOf(call, createAssistant));
  return ok(assistantView(call.world, record));
};

/** Stores a new assistant with this configuration and the server's defaults. */
export function newAssistant(world: World, accepted: JsonObject): AssistantRecord {
  const ids = { texml_app_id: longId(world), messaging_profile_id: world.chance.uuid() };
  const config = completeNew(world, accepted, ids);
  checkConfig(world, config);
  const version = newVersion(world, config, NEW_NAME);
  const record: AssistantRecord = {
    id: `assistant-${world.chance.uuid()}`,
    created_at: version.version_created_at,
    main: version.version_id,
    versions: [version],
    ...ids,
  };
  world.store.assistants.put(record.id, record);
  return record;
}

/** TeXML applications have long decimal ids. */
function longId(world: World): string {
  const digits = BigInt(`0x${world.chance.uuid().replaceAll("-", "").slice(0, 14)}`).toString();
  return digits.padStart(19, "2").slice(0, 19);
}

function newVersion(world: World, config: JsonObject, name: string): VersionRecord {
  const version_id = world.chance.uuid();
  return { version_id, version_created_at: timestamp(world), version_name: name, config };
}

export const updateAssistantHandler: Handler = (call) => {
  refuseSharedEntries(call.body);
  const record = assistantOf(call);
  const { promote_to_main: promote, ...changes } = bodyOf(call, updateAssistant);
  const { shown } = changeAssistant(call.world, record, changes, promote !== false);
  return ok(shown);
};

export interface Changed {
  readonly record: AssistantRecord;
  readonly version: VersionRecord;
  readonly shown: JsonObject;
}

/** Changes an assistant: its main version, or as a version next to the main version. */
export function changeAssistant(
  world: World,
  record: AssistantRecord,
  changes: JsonObject,
  promote: boolean,
): Changed {
  return replacedVersion(world, record, changedVersion(world, record, mainVersion(record), changes), promote);
}

/** Makes `next` the main version, or adds it next to the main version. */
export function replacedVersion(
  world: World,
  record: AssistantRecord,
  next: VersionRecord,
  promote: boolean,
): Changed {
  const base = mainVersion(record);
  const inPlace = promote && !world.hazards.updateMakesVersion;
  const version: VersionRecord = inPlace
    ? next
    : { ...next, version_id: world.chance.uuid(), version_created_at: timestamp(world) };
  const versions = inPlace
    ? record.versions.map((one) => (one === base ? version : one))
    : [...record.versions, version];
  const { canary, ...rest } = record;
  const keepCanary = canary !== undefined && (!promote || world.hazards.canarySurvivesUpdate);
  const changed: AssistantRecord = {
    ...rest,
    versions,
    main: promote ? version.version_id : record.main,
    ...(keepCanary && { canary }),
  };
  world.store.assistants.put(record.id, changed);
  const shown = promote ? assistantView(world, changed) : versionView(world, changed, version);
  return { record: changed, version, shown };
}

/** `base` with each changed key replaced as a whole. */
export function changedVersion(
  world: World,
  record: AssistantRecord,
  base: VersionRecord,
  changes: JsonObject,
): VersionRecord {
  const { version_name: name, ...fields } = changes;
  const config = complete(world, { ...base.config, ...fields }, record);
  checkConfig(world, config, record.id);
  const unnamed = world.hazards.versionNameResets ? NEW_NAME : base.version_name;
  return { ...base, config, version_name: typeof name === "string" ? name : unnamed };
}

/** Changes the main version in place, as the endpoints for tags and attachments do. */
export function rewriteMain(world: World, record: AssistantRecord, config: JsonObject): AssistantRecord {
  const versions = record.versions.map((one) => (one.version_id === record.main ? { ...one, config } : one));
  const changed = { ...record, versions };
  world.store.assistants.put(record.id, changed);
  return changed;
}

export const cloneAssistant: Handler = (call) => {
  const {
    telephony_settings: _telephony,
    messaging_settings: _messaging,
    ...config
  } = mainVersion(assistantOf(call)).config;
  return ok(assistantView(call.world, newAssistant(call.world, config)));
};

export const deleteAssistant: Handler = (call) => {
  const { world } = call;
  const id = param(call, "assistant_id");
  const hard = call.query["hard_delete"] === "true";
  const record = hard ? world.store.assistants.get(id) : liveAssistant(world, id);
  if (record === undefined) throw notFound("Assistant", id);
  const user = liveAssistants(world).find(
    (other) =>
      other.id !== id &&
      assistantReferences(world, mainVersion(other).config).some((reference) => reference.id === id),
  );
  if (user !== undefined)
    throw badRequest(`Assistant '${id}' is referenced by assistant '${user.id}'`, "/assistant_id");
  if (hard) world.store.assistants.drop(id);
  else world.store.assistants.put(id, { ...record, deleted_at: timestamp(world) });
  return ok({ id, object: "assistant", deleted: true });
};

export const texml: Handler = (call) => {
  const record = assistantOf(call);
  const document = `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Connect><AIAssistant id="${record.id}"/></Connect></Response>`;
  return ok(document);
};
