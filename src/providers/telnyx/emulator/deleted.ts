import type { JsonObject } from "../../../model/json.ts";
import { notFound } from "./errors.ts";
import { paged } from "./pages.ts";
import { mainVersion } from "./references.ts";
import type { AssistantRecord } from "./records.ts";
import { assistantView, versionView } from "./view.ts";
import { type Call, type Handler, ok, param, type World } from "./world.ts";

const RESTORABLE_MS = 30 * 24 * 3600 * 1000;

export const listDeleted: Handler = (call) => {
  const deleted = call.world.store.assistants.all().filter(({ deleted_at }) => deleted_at !== undefined);
  return paged(call, deleted, (record) => deletedView(call.world, record));
};

export const getDeleted: Handler = (call) => ok(deletedView(call.world, deletedOf(call)));

export const restoreAssistant: Handler = (call) => {
  const { deleted_at: _deleted, ...record } = deletedOf(call);
  call.world.store.assistants.put(record.id, record);
  return ok(assistantView(call.world, record));
};

function deletedOf(call: Call): AssistantRecord {
  const id = param(call, "assistant_id");
  const record = call.world.store.assistants.get(id);
  if (record?.deleted_at === undefined) throw notFound("Deleted assistant", id);
  return record;
}

function deletedView(world: World, record: AssistantRecord): JsonObject {
  const at = record.deleted_at ?? "";
  return {
    ...versionView(world, record, mainVersion(record)),
    deleted_at: at,
    permanently_deleted_at: new Date(Date.parse(at) + RESTORABLE_MS).toISOString(),
  };
}
