import {
  isObject,
  omit,
  pick,
  property,
  stringsIn,
  type Json,
  type JsonObject,
} from "../../../../model/json.ts";
import type { CreateRequest, LiveObject, UpdateRequest } from "../../../../model/provider.ts";
import { unfinishedEvents } from "../../objects/scheduled-events.ts";
import { assistantFields } from "../../objects/assistant-fields.ts";
import { readableSpec } from "../../objects/assistant-live-wire.ts";
import { assistantSpec, needsSharedTools } from "../../objects/assistant-wire.ts";
import {
  type Api,
  clearing,
  idOf,
  type Operations,
  pathOf,
  refuseMasked,
  required,
  timesOf,
} from "../../rest.ts";
import { afterWrite, settleTags } from "./tags.ts";
import { toWire } from "./wire.ts";

const COLLECTION = "/ai/assistants";
const ITEM = "/ai/assistants/{id}";

export const operations: Partial<Operations> = { list, read, create, update, pending: unfinishedEvents };

async function list(api: Api): Promise<readonly LiveObject[]> {
  const found = await api.list(COLLECTION, "whole", "id");
  const tools = found.some(needsSharedTools) ? await api.sharedTools() : [];
  return found.map((live) => objectOf("GET", live, assistantSpec(live, needsSharedTools(live) ? tools : [])));
}

async function read(api: Api, id: string): Promise<LiveObject | undefined> {
  const live = await api.find(pathOf(ITEM, id));
  return live === undefined ? undefined : liveObject(api, "GET", live);
}

async function liveObject(api: Api, method: string, live: JsonObject): Promise<LiveObject> {
  return objectOf(method, live, await readableSpec(api, live));
}

function objectOf(method: string, live: JsonObject, spec: JsonObject): LiveObject {
  const versionId = property(live, "version_id");
  return {
    id: idOf(live, "id", method, COLLECTION),
    spec,
    ...(typeof versionId === "string" && versionId !== "" && { versionId }),
    ...timesOf(live),
  };
}

/** Without the tools, if it takes another request to tell which of them are shared. */
function answerOf(answer: JsonObject, id: string): LiveObject {
  const spec = assistantSpec(answer);
  return objectOf(
    "POST",
    { ...answer, id },
    needsSharedTools(answer) ? omit(spec, ["tools", "tool_ids"]) : spec,
  );
}

/** Tags follow in separate requests. The name of the version cannot be set by the creation. */
async function create(
  api: Api,
  { spec, idempotencyKey, isKeyOnly, onAnswer }: CreateRequest,
): Promise<LiveObject> {
  const body = withoutNulls(omit(toWire(spec), ["version_name"]));
  const live = required(await api.send("POST", COLLECTION, body, idempotencyKey), "POST", COLLECTION);
  await onAnswer?.(answerOf(live, idOf(live, "id", "POST", COLLECTION)));
  const object = await liveObject(api, "POST", live);
  const tags = tagsOf(spec);
  if (tags.length === 0 || isKeyOnly === true) return object;
  await afterWrite(() => settleTags(api, object.id, { from: [], to: tags, seen: tagsOf(object.spec) }));
  return { ...object, spec: { ...object.spec, tags } };
}

/** A creation has nothing to clear. */
function withoutNulls(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/** Complete blocks, and only those that differ. Promotion and the name of the version are never left to defaults. */
async function update(api: Api, { id, live, target, blocks, onAnswer }: UpdateRequest): Promise<void> {
  const blocksOfBody = blocks.filter((key) => key !== "tags");
  const body = { ...pick(toWire(target), blocksOfBody), ...clearing(assistantFields, target, blocksOfBody) };
  const writes = Object.keys(body).length > 0;
  if (writes) {
    const versionName = property(target, "version_name") ?? property(live, "version_name");
    const name = versionName === undefined ? {} : { version_name: versionName };
    refuseMasked("POST", pathOf(ITEM, id), body, assistantFields);
    const answer = await api.send("POST", pathOf(ITEM, id), { ...body, ...name, promote_to_main: true });
    if (isObject(answer)) await onAnswer?.(answerOf(answer, id));
  }
  if (!blocks.includes("tags")) return;
  const settle = () => settleTags(api, id, { from: tagsOf(live), to: tagsOf(target) });
  await (writes ? afterWrite(settle) : settle());
}

function tagsOf(spec: JsonObject): readonly string[] {
  const tags: Json | undefined = property(spec, "tags");
  return stringsIn(tags);
}
