import type { JsonObject } from "../../../model/json.ts";
import { type Making, making, put, TODO } from "./resource.ts";
import { present } from "./shared.ts";
import { elements, takeText, textAt, use, valueAt, type Source } from "./source.ts";

/** A flow of conversation and end nodes; one with any other node or edge is left out as a whole. */
export function retellFlow(resource: Making, flow: Source, key: string): readonly Making[] {
  const nodes = elements(flow, "/nodes");
  if (!nodes.every(isKnown)) return [];
  const hangup = `${key} hang up`;
  const converted = nodes.map((node) => nodeOf(node, hangup));
  const edges = nodes.flatMap(edgesOf);
  const start = takeText(flow, "/start_node_id") ?? textAt(nodes[0] ?? flow, "/id") ?? "";
  put(resource, "/conversation_flow", { start_node_id: start, nodes: converted, edges });
  const ends = nodes.some((node) => textAt(node, "/type") === "end");
  for (const node of nodes) use(node, "/id", "/type");
  if (!ends) return [];
  const tool = making("Tool", hangup, "Hang up");
  put(tool, "/display_name", "Hang up");
  put(tool, "/type", "hangup");
  put(tool, "/hangup", {});
  return [tool];
}

function isStatic(node: Source): boolean {
  return textAt(node, "/instruction/type") === "static_text";
}

function isKnown(node: Source): boolean {
  const [type, edges] = [textAt(node, "/type"), elements(node, "/edges")];
  if (type === "end") return edges.length === 0;
  if (type !== "conversation" || valueAt(node, "/else_edge") !== undefined) return false;
  if (valueAt(node, "/global_node_setting") !== undefined) return false;
  // A node that says one text continues with one other node.
  if (isStatic(node)) return edges.length < 2;
  return edges.every((edge) => textAt(edge, "/transition_condition/type") === "prompt");
}

function nodeOf(node: Source, hangup: string): JsonObject {
  const known = present({ id: textAt(node, "/id") ?? "", name: takeText(node, "/name") });
  if (textAt(node, "/type") === "end")
    return { type: "tool", ...known, shared_tool_id: { ref: `Tool/${hangup}` } };
  const isSpoken = isStatic(node);
  const text = takeText(node, "/instruction/text") ?? "";
  use(node, "/instruction/type");
  if (isSpoken) return { type: "speak", ...known, message: text };
  return { type: "prompt", ...known, instructions: text, instructions_mode: "append", tools_mode: "append" };
}

function edgesOf(node: Source): readonly JsonObject[] {
  const from = textAt(node, "/id") ?? "";
  return elements(node, "/edges").map((edge, index) => {
    use(edge, "/id", "/destination_node_id", "/transition_condition");
    const prompt = textAt(edge, "/transition_condition/prompt") ?? TODO;
    return {
      id: textAt(edge, "/id") ?? `${from}-${index + 1}`,
      start_node_id: from,
      condition: isStatic(node) ? { type: "default" } : { type: "llm", prompt },
      target: { type: "node", node_id: textAt(edge, "/destination_node_id") ?? TODO },
    };
  });
}
