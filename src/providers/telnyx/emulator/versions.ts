import type { JsonObject } from "../../../model/json.ts";
import { assistantOf, changedVersion } from "./assistants.ts";
import { updateVersion } from "./check/assistant.ts";
import { badRequest, notFound } from "./errors.ts";
import { refuseSharedEntries } from "./rules.ts";
import type { AssistantRecord, CanaryRecord, VersionRecord } from "./records.ts";
import { assistantView, versionView } from "./view.ts";
import { bodyOf, type Call, type Handler, NO_CONTENT, ok, param, type World } from "./world.ts";

function versionOf(call: Call, record: AssistantRecord): VersionRecord {
  const id = param(call, "version_id");
  const version = record.versions.find(({ version_id }) => version_id === id);
  if (version === undefined) throw notFound("Assistant version", id);
  return version;
}

export const listVersions: Handler = (call) => {
  const record = assistantOf(call);
  return ok({ data: record.versions.toReversed().map((one) => versionView(call.world, record, one)) });
};

export const getVersion: Handler = (call) => {
  const record = assistantOf(call);
  const view = versionView(call.world, record, versionOf(call, record));
  if (call.query["include_mcp_servers"] === "true") return ok(view);
  const { mcp_servers: _servers, ...shown } = view;
  return ok(shown);
};

export const postVersion: Handler = (call) => {
  refuseSharedEntries(call.body);
  const record = assistantOf(call);
  const version = versionOf(call, record);
  if (version.version_id === record.main) throw badRequest("The main version cannot be updated");
  const { record: changed, version: next } = editVersion(
    call.world,
    record,
    version,
    bodyOf(call, updateVersion),
  );
  return ok(versionView(call.world, changed, next));
};

/** Edits a version in place. */
export function editVersion(
  world: World,
  record: AssistantRecord,
  version: VersionRecord,
  changes: JsonObject,
): { readonly record: AssistantRecord; readonly version: VersionRecord } {
  const next = changedVersion(world, record, version, changes);
  const changed = { ...record, versions: record.versions.map((one) => (one === version ? next : one)) };
  world.store.assistants.put(record.id, changed);
  return { record: changed, version: next };
}

export const deleteVersion: Handler = (call) => {
  const record = assistantOf(call);
  const version = versionOf(call, record);
  if (version.version_id === record.main) throw badRequest("The main version cannot be deleted");
  if (record.canary !== undefined && servedVersions(record.canary).includes(version.version_id))
    throw badRequest("The version is part of a canary deploy");
  const versions = record.versions.filter((one) => one !== version);
  call.world.store.assistants.put(record.id, { ...record, versions });
  return NO_CONTENT;
};

export const promoteVersion: Handler = (call) => {
  const record = assistantOf(call);
  const version = versionOf(call, record);
  return ok(assistantView(call.world, promote(call.world, record, version.version_id)));
};

/** Makes a version the main one, which ends a canary. */
export function promote(world: World, record: AssistantRecord, versionId: string): AssistantRecord {
  const { canary: _canary, ...rest } = record;
  const changed = { ...rest, main: versionId };
  world.store.assistants.put(record.id, changed);
  return changed;
}

/** Every version that a canary may send callers to. */
export function servedVersions(canary: CanaryRecord): readonly string[] {
  const rules = canary.rules as readonly {
    serve?: { version_id?: string; rollout?: readonly { version_id: string }[] };
  }[];
  return rules.flatMap(({ serve }) => {
    const slots = (serve?.rollout ?? []).map(({ version_id }) => version_id);
    return serve?.version_id === undefined ? slots : [serve.version_id];
  });
}
