import { withValue } from "../../../../model/at-path.ts";
import {
  equal,
  isObject,
  membersOf,
  pick,
  property,
  type Json,
  type JsonObject,
} from "../../../../model/json.ts";
import { parentPart } from "../../../../model/object-ids.ts";
import { segments } from "../../../../model/pointer.ts";
import { type CreateRequest, type LiveObject, type UpdateRequest } from "../../../../model/provider.ts";
import { assistantFields } from "../../objects/assistant-fields.ts";
import { needsSharedTools } from "../../objects/assistant-wire.ts";
import { readableSpec } from "../../objects/assistant-live-wire.ts";
import {
  type Api,
  clearing,
  idOf,
  type Operations,
  pathOf,
  notSent,
  protocolError,
  refuseMasked,
  required,
  timesOf,
} from "../../rest.ts";
import { fromLive, toWire, versionSpec } from "./wire.ts";

const ASSISTANT = "/ai/assistants/{id}";
const COLLECTION = "/ai/assistants/{id}/versions";
const ITEM = "/ai/assistants/{parent}/versions/{id}";

export const operations: Partial<Operations> = { list, read, create, update, promote };

/** All versions but main, which is the assistant itself. Nothing of it when the assistant is gone. */
async function list(api: Api, assistantId: string | undefined): Promise<readonly LiveObject[]> {
  if (assistantId === undefined) throw new Error("versions are listed by their assistant");
  const listing = api.list(pathOf(COLLECTION, assistantId), "whole", "version_id");
  // Both requests in parallel. If the assistant is gone, the list fails, too, and is ignored.
  listing.catch(() => undefined);
  const main = await readMain(api, assistantId);
  if (main === undefined) return [];
  const others = (await listing).filter((version) => property(version, "version_id") !== main.versionId);
  return Promise.all(
    others.map(async (live) => liveObject(api, "GET", live, { assistantId, mainId: main.versionId })),
  );
}

/** Also a version that has become main since; `versionId` tells. */
async function read(api: Api, id: string): Promise<LiveObject | undefined> {
  const assistantId = parentPart(id);
  const [live, main] = await Promise.all([
    api.find(pathOf(ITEM, id), { include_mcp_servers: "true" }),
    readMain(api, assistantId),
  ]);
  return live === undefined || main === undefined
    ? undefined
    : liveObject(api, "GET", live, { assistantId, mainId: main.versionId });
}

/**
 * A version comes into being by an update of the assistant that is not promoted. What the manifest declares of a block
 * is put over main's block, because the API replaces blocks as a whole.
 */
async function create(api: Api, { spec, parentId, ignored = [] }: CreateRequest): Promise<LiveObject> {
  const assistantId = parentId ?? String(property(spec, "assistant") ?? "");
  const path = pathOf(ASSISTANT, assistantId);
  const main = await api.find(path);
  if (main === undefined) throw notSent("POST", path, "not-found", "the assistant does not exist");
  const mainId = mainVersion(main, path);
  const base = await readableSpec(api, main);
  const blocks = Object.entries(changesOf(spec)).map(([key, value]) => [key, over(property(base, key), value)]);
  const whole = { ...spec, changes: Object.fromEntries(blocks) };
  const sent = ignored.reduce<JsonObject>((rest, at) => withValue(rest, segments(at), undefined), whole);
  const body = { ...toWire(sent), promote_to_main: false };
  refuseMasked("POST", path, body, assistantFields);
  const live = required(await api.send("POST", path, body), "POST", path);
  const created = await liveObject(api, "POST", live, { assistantId, mainId });
  if (created.id === `${assistantId}/${mainId}`) {
    throw protocolError("POST", path, "the API returned the main version instead of a new one");
  }
  return created;
}

async function update(api: Api, { id, live, target, onAnswer }: UpdateRequest): Promise<void> {
  const path = pathOf(ITEM, id);
  const main = await api.find(pathOf(ASSISTANT, parentPart(id)));
  if (main !== undefined && id.endsWith(`/${mainVersion(main, path)}`)) {
    throw notSent(
      "POST",
      path,
      "conflict",
      "the version is now main, and main is changed through its assistant",
    );
  }
  const changes = changesOf(target);
  const blocks = differing(changesOf(live), changes);
  const body = {
    ...pick(toWire(target), [...blocks, "version_name"]),
    ...clearing(assistantFields, changes, blocks),
  };
  refuseMasked("POST", path, body, assistantFields);
  const answer = await api.send("POST", path, body);
  // It takes another request to tell which tools are shared.
  if (isObject(answer) && !needsSharedTools(answer)) await onAnswer?.({ id, spec: fromLive(answer) });
}

/** The API ends a canary of the assistant with it. */
async function promote(api: Api, id: string): Promise<void> {
  await api.send("POST", `${pathOf(ITEM, id)}/promote`);
}

function changesOf(spec: JsonObject): JsonObject {
  const changes = property(spec, "changes");
  return membersOf(changes);
}

function differing(before: JsonObject, after: JsonObject): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !equal(before[key], after[key]));
}

async function liveObject(
  api: Api,
  method: string,
  live: JsonObject,
  { assistantId, mainId }: { readonly assistantId: string; readonly mainId: string | undefined },
): Promise<LiveObject> {
  const versionId = idOf(live, "version_id", method, COLLECTION);
  return {
    id: `${assistantId}/${versionId}`,
    spec: { ...versionSpec(live, await readableSpec(api, live)), assistant: assistantId },
    ...(mainId !== undefined && { versionId: mainId }),
    ...timesOf(live),
  };
}

async function readMain(
  api: Api,
  assistantId: string,
): Promise<{ readonly versionId: string | undefined } | undefined> {
  const main = await api.find(pathOf(ASSISTANT, assistantId));
  const versionId = property(main, "version_id");
  return main && { versionId: typeof versionId === "string" && versionId !== "" ? versionId : undefined };
}

/** Without it nothing is written: what goes for a version could hit main. */
function mainVersion(main: JsonObject, path: string): string {
  const versionId = property(main, "version_id");
  if (typeof versionId === "string" && versionId !== "") return versionId;
  throw notSent("POST", path, "protocol", "the API does not say which version of the assistant is main");
}

/** Declared over live, member by member; lists as a whole, and a value of another type than live as well. */
function over(live: Json | undefined, declared: Json): Json {
  if (!isObject(live) || !isObject(declared)) return declared;
  const [before, after] = [property(live, "type"), property(declared, "type")];
  if (before !== undefined && after !== undefined && before !== after) return declared;
  const own = Object.entries(declared).map(([key, value]) => [key, over(property(live, key), value)] as const);
  return { ...live, ...Object.fromEntries(own) };
}
