import type { Json, JsonObject } from "../../../model/json.ts";
import type { Agents } from "./agents.ts";
import { type Making, making, put, TODO } from "./resource.ts";
import { retellTool } from "./retell-tools.ts";
import { elements, takeText, textAt, use, type Source } from "./source.ts";

/** The states of a language model as a flow of prompts; tools of a state become shared tools. */
export function retellStates(
  resource: Making,
  llm: Source,
  { key, agents }: { readonly key: string; readonly agents: Agents },
): readonly Making[] {
  const states = elements(llm, "/states");
  if (states.length === 0) return [];
  const shared: Making[] = [];
  const nodes = states.map((state): JsonObject => {
    const tools = toolsOf(state, key, agents);
    shared.push(...tools);
    const ids = tools.map((tool): Json => ({ ref: `Tool/${tool.key}` }));
    return {
      type: "prompt",
      id: textAt(state, "/name") ?? "",
      instructions: takeText(state, "/state_prompt") ?? "",
      instructions_mode: "append",
      ...(ids.length > 0 && { shared_tool_ids: ids }),
      tools_mode: "append",
    };
  });
  const start = takeText(llm, "/starting_state") ?? textAt(states[0] ?? llm, "/name") ?? "";
  put(resource, "/conversation_flow", { start_node_id: start, nodes, edges: states.flatMap(edgesOf) });
  return shared;
}

function edgesOf(state: Source): readonly JsonObject[] {
  const from = takeText(state, "/name") ?? "";
  return elements(state, "/edges").flatMap((edge) => {
    const [to, prompt] = [takeText(edge, "/destination_state_name"), takeText(edge, "/description")];
    if (to === undefined) return [];
    return [
      {
        id: `${from}-to-${to}`,
        start_node_id: from,
        condition: { type: "llm", prompt: prompt ?? TODO },
        target: { type: "node", node_id: to },
      },
    ];
  });
}

function toolsOf(state: Source, key: string, agents: Agents): readonly Making[] {
  return elements(state, "/tools").flatMap((tool) => {
    const name = textAt(tool, "/name") ?? "";
    const converted = retellTool(tool, agents);
    if (converted === undefined) return [];
    use(tool, "/name");
    const shared = making("Tool", `${key} ${name}`, name);
    put(shared, "/display_name", name);
    for (const [field, value] of Object.entries(converted)) put(shared, `/${field}`, value);
    return [shared];
  });
}
