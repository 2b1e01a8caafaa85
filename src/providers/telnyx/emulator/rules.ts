import { isObject, membersOf, type Json, type JsonObject } from "../../../model/json.ts";
import { badRequest, missingAssociation, valueError } from "./errors.ts";
import { assistantReferences, elements, liveAssistant, mcpReferences, toolReferences } from "./references.ts";
import type { World } from "./world.ts";

/** Types of which one assistant may have several tools. */
const REPEATABLE = new Set(["function", "webhook", "client_side_tool"]);
/** Types whose tools have a name by which the model calls them. */
const NAMED = new Set(["function", "webhook", "client_side_tool", "update_dynamic_variables"]);

/** What the API checks across the fields of an assistant. `id` is the assistant's id, if it has one already. */
export function checkConfig(world: World, config: JsonObject, id?: string): void {
  checkFlow(config["conversation_flow"]);
  if (world.hazards.referencesChecked) checkReferences(world, config, id);
  const tools = allTools(world, config);
  checkRepeats(tools);
  checkPay(world, config, tools);
}

/** Tools that were copied from a response: shared tools are sent as `tool_ids`. */
export function refuseSharedEntries(body: Json | undefined): void {
  const tools = isObject(body) ? elements(body["tools"]) : [];
  const index = tools.findIndex((tool) => tool["shared"] === true);
  if (index >= 0)
    throw badRequest("Shared tools cannot be sent as inline tools; use tool_ids", `/tools/${index}/shared`);
}

function checkReferences(world: World, config: JsonObject, own: string | undefined): void {
  for (const { id, pointer } of toolReferences(config))
    if (world.store.tools.get(id) === undefined)
      throw missingAssociation(`Tool '${id}' does not exist`, pointer);
  for (const { id, pointer } of mcpReferences(config))
    if (world.store.mcpServers.get(id) === undefined)
      throw missingAssociation(`MCP server '${id}' does not exist`, pointer);
  for (const { id, pointer } of assistantReferences(world, config))
    if (id !== own && liveAssistant(world, id) === undefined)
      throw missingAssociation(`Assistant '${id}' does not exist`, pointer);
}

interface AnyTool {
  readonly type: string;
  readonly block: JsonObject;
}

/** Inline and attached tools of an assistant, in one form. */
function allTools(world: World, config: JsonObject): readonly AnyTool[] {
  const inline = elements(config["tools"]).map((tool) => toolOf(tool["type"], tool[String(tool["type"])]));
  const ids = Array.isArray(config["tool_ids"]) ? config["tool_ids"] : [];
  const shared = ids.flatMap((id) => {
    const tool = world.store.tools.get(String(id));
    return tool === undefined ? [] : [toolOf(tool["type"], tool["tool_definition"])];
  });
  return [...inline, ...shared];
}

function toolOf(type: Json | undefined, block: Json | undefined): AnyTool {
  return { type: String(type), block: membersOf(block) };
}

function checkRepeats(tools: readonly AnyTool[]): void {
  const seen = new Set<string>();
  const once = (key: string, detail: string) => {
    if (seen.has(key)) throw badRequest(detail, "/tools");
    seen.add(key);
  };
  for (const { type, block } of tools) {
    if (!REPEATABLE.has(type)) once(`type ${type}`, `Only one tool of type '${type}' is allowed`);
    const name = block["name"];
    if (NAMED.has(type) && typeof name === "string") once(`name ${name}`, `Duplicate tool name '${name}'`);
  }
}

function checkPay(world: World, config: JsonObject, tools: readonly AnyTool[]): void {
  const used = toolReferences(config).map(({ id }) => world.store.tools.get(id)?.["type"]);
  if (!used.includes("pay") && !tools.some(({ type }) => type === "pay")) return;
  const telephony = config["telephony_settings"];
  if (!isObject(telephony) || telephony["disable_dtmf"] !== true)
    throw badRequest("A pay tool requires telephony_settings.disable_dtmf to be true", "/telephony_settings");
}

const AT = ["conversation_flow"];

/** The rules of a conversation flow: unique ids, edges that lead somewhere, and where a default edge may stand. */
function checkFlow(flow: Json | undefined): void {
  if (!isObject(flow)) return;
  const nodes = elements(flow["nodes"]);
  const edges = elements(flow["edges"]);
  checkUnique(nodes, "node");
  checkUnique(edges, "edge");
  const types = new Map(nodes.map((node) => [node["id"], node["type"]]));
  if (!types.has(flow["start_node_id"]))
    throw valueError(AT, `start_node_id '${String(flow["start_node_id"])}' does not reference a node`);
  for (const edge of edges) checkEnds(edge, types);
  for (const [id, type] of types) checkDefaults(id, type, edges);
  for (const node of nodes)
    if (node["model"] !== undefined && node["external_llm"] !== undefined)
      throw valueError(AT, `node '${String(node["id"])}': model and external_llm are mutually exclusive`);
}

function checkUnique(items: readonly JsonObject[], what: string): void {
  const seen = new Set<Json | undefined>();
  for (const { id } of items as readonly (JsonObject & { readonly id?: Json })[]) {
    if (seen.has(id)) throw valueError(AT, `duplicate ${what} id '${String(id)}'`);
    seen.add(id);
  }
}

function checkEnds(edge: JsonObject, types: ReadonlyMap<Json | undefined, Json | undefined>): void {
  const target = membersOf(edge["target"]);
  const ends = [edge["start_node_id"], ...(target["type"] === "node" ? [target["node_id"]] : [])];
  for (const end of ends)
    if (!types.has(end))
      throw valueError(AT, `edge '${String(edge["id"])}' references unknown node '${String(end)}'`);
}

function checkDefaults(id: Json | undefined, type: Json | undefined, edges: readonly JsonObject[]): void {
  const leaving = edges.filter((edge) => edge["start_node_id"] === id);
  const defaults = leaving.filter(({ condition }) => isObject(condition) && condition["type"] === "default");
  if (type === "tool" || type === "speak") {
    if (leaving.length > 0 && defaults.length !== 1)
      throw valueError(AT, `node '${String(id)}' must have exactly one default edge`);
  } else if (defaults.length > 0) {
    throw valueError(AT, `node '${String(id)}': default edges may only leave tool or speak nodes`);
  }
}
