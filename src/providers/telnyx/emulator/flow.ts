import { isObject, type Json, type JsonObject } from "../../../model/json.ts";
import { valueError } from "./errors.ts";
import { elements } from "./references.ts";

const AT = ["conversation_flow"];

/** The rules of a conversation flow: unique ids, edges that lead somewhere, and where a default edge may stand. */
export function checkFlow(flow: Json | undefined): void {
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
  const target = isObject(edge["target"]) ? edge["target"] : {};
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
