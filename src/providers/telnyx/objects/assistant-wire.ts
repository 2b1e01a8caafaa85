import {
  isList,
  isObject,
  omit,
  property,
  stringsIn,
  type Json,
  type JsonObject,
} from "../../../model/json.ts";
import { assistantFields } from "./assistant-fields.ts";
import { withoutNulls } from "./nullable-wire.ts";
import { OF_ASSISTANTS, OF_NODES, OF_TOOL_ENTRIES } from "./response-only.ts";
import { type SharedTool, shownTool } from "./shared-tools.ts";

/** True when only the list of the account's shared tools can tell which entries of `tools` are which shared tool. */
export function needsSharedTools(live: JsonObject): boolean {
  const tools = property(live, "tools");
  if (!isList(tools)) return false;
  const isTold = isList(property(live, "tool_ids"));
  return tools.some((tool) => {
    const shared = property(tool, "shared");
    if (shared === undefined) return toolId(tool) !== undefined;
    return shared === true && toolId(tool) === undefined && !isTold;
  });
}

/** An assistant, or a version of one, in the shape of a manifest: shared tools stand in `tool_ids`. */
export function assistantSpec(live: JsonObject, sharedTools: readonly SharedTool[] = []): JsonObject {
  return cleaned({ ...live, ...splitTools(live, sharedTools) });
}

/** What can be sent of an assistant; tags have endpoints of their own. */
export function assistantBody(spec: JsonObject): JsonObject {
  const { tags: _tags, ...rest } = cleaned({ ...spec, ...strippedTools(spec) });
  return withoutNulls(rest, assistantFields);
}

function cleaned(assistant: JsonObject): JsonObject {
  return mapped(omit(assistant, OF_ASSISTANTS), "conversation_flow", (flow) =>
    isObject(flow) ? mapped(flow, "nodes", stripNodes) : flow,
  );
}

function stripNodes(nodes: Json): Json {
  return isList(nodes) ? nodes.map((node) => (isObject(node) ? omit(node, OF_NODES) : node)) : nodes;
}

function strippedTools(spec: JsonObject): JsonObject {
  const tools = property(spec, "tools");
  return isList(tools) ? { tools: tools.map(stripTool) } : {};
}

function stripTool(tool: Json): Json {
  return isObject(tool) ? omit(tool, OF_TOOL_ENTRIES) : tool;
}

/** Responses merge shared tools into `tools`; requests keep the two apart. */
function splitTools(live: JsonObject, sharedTools: readonly SharedTool[]): JsonObject {
  const tools = property(live, "tools");
  if (!isList(tools)) return {};
  const attached = property(live, "tool_ids");
  const told = stringsIn(attached);
  const known = new Set(sharedTools.map(({ id }) => id));
  const inline = tools.filter((tool) => !isShared(tool, known));
  const shared = tools.filter((tool) => isShared(tool, known));
  return { tools: inline.map(stripTool), tool_ids: [...new Set([...told, ...idsOf(shared, sharedTools)])] };
}

/** Entries of the same type and name are different tools. */
function idsOf(shared: readonly Json[], sharedTools: readonly SharedTool[]): readonly string[] {
  const found = new Set(shared.flatMap((tool) => toolId(tool) ?? []));
  for (const tool of shared) {
    if (toolId(tool) !== undefined) continue;
    const id = shownTool(
      tool,
      sharedTools.filter((one) => !found.has(one.id)),
    );
    if (id !== undefined) found.add(id);
  }
  return [...found];
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

/** The object with the value at `key` replaced, where there is one. */
function mapped(object: JsonObject, key: string, change: (value: Json) => Json): JsonObject {
  const value = property(object, key);
  return value === undefined ? object : { ...object, [key]: change(value) };
}
