import { isList, isObject, type Json, type JsonObject, property } from "../../../model/json.ts";
import { assistantFields } from "./assistant-fields.ts";
import { withoutNulls } from "./nullable-wire.ts";
import { OF_ASSISTANTS, OF_NODES, OF_TOOL_ENTRIES } from "./response-only.ts";

const RESPONSE_ONLY = new Set<string>(OF_ASSISTANTS);
const TOOL_BOOKKEEPING = new Set<string>(OF_TOOL_ENTRIES);
const RESOLVED_IN_NODE = new Set<string>(OF_NODES);

/** True when only the ids of the account's shared tools can tell which entries of `tools` are shared. */
export function needsSharedToolIds(live: JsonObject): boolean {
  const tools = property(live, "tools");
  return (
    isList(tools) && tools.some((tool) => property(tool, "shared") === undefined && toolId(tool) !== undefined)
  );
}

/** An assistant, or a version of one, in the shape of a manifest: shared tools stand in `tool_ids`. */
export function assistantSpec(live: JsonObject, sharedToolIds: ReadonlySet<string> = new Set()): JsonObject {
  return cleaned({ ...live, ...splitTools(live, sharedToolIds) });
}

/** What can be sent of an assistant; tags have endpoints of their own. */
export function assistantBody(spec: JsonObject): JsonObject {
  const { tags: _tags, ...rest } = cleaned({ ...spec, ...strippedTools(spec) });
  return withoutNulls(rest, assistantFields);
}

function cleaned(assistant: JsonObject): JsonObject {
  return mapped(without(assistant, RESPONSE_ONLY), "conversation_flow", (flow) =>
    isObject(flow) ? mapped(flow, "nodes", stripNodes) : flow,
  );
}

function stripNodes(nodes: Json): Json {
  return isList(nodes) ? nodes.map((node) => (isObject(node) ? without(node, RESOLVED_IN_NODE) : node)) : nodes;
}

function strippedTools(spec: JsonObject): JsonObject {
  const tools = property(spec, "tools");
  return isList(tools) ? { tools: tools.map(stripTool) } : {};
}

function stripTool(tool: Json): Json {
  return isObject(tool) ? without(tool, TOOL_BOOKKEEPING) : tool;
}

/** Responses merge shared tools into `tools`; requests keep the two apart. */
function splitTools(live: JsonObject, sharedToolIds: ReadonlySet<string>): JsonObject {
  const tools = property(live, "tools");
  if (!isList(tools)) return {};
  const attached = property(live, "tool_ids");
  const ids = isList(attached) ? attached.filter((id) => typeof id === "string") : [];
  const shared = tools.filter((tool) => isShared(tool, sharedToolIds));
  const inline = tools.filter((tool) => !isShared(tool, sharedToolIds));
  const sharedIds = shared.map(toolId).filter((id) => id !== undefined);
  return { tools: inline.map(stripTool), tool_ids: [...new Set([...ids, ...sharedIds])] };
}

function isShared(tool: Json, sharedToolIds: ReadonlySet<string>): boolean {
  const shared = property(tool, "shared");
  if (typeof shared === "boolean") return shared;
  const id = toolId(tool);
  return id !== undefined && sharedToolIds.has(id);
}

function toolId(tool: Json): string | undefined {
  const id = property(tool, "tool_id") ?? property(tool, "id");
  return typeof id === "string" ? id : undefined;
}

function without(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.has(key)));
}

/** The object with the value at `key` replaced, where there is one. */
function mapped(object: JsonObject, key: string, change: (value: Json) => Json): JsonObject {
  const value = property(object, key);
  return value === undefined ? object : { ...object, [key]: change(value) };
}
