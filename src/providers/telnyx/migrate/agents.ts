import { itemsOf, property, type JsonObject } from "../../../model/json.ts";
import type { Pointer } from "../../../model/pointer.ts";
import { TODO } from "./resource.ts";
import { use, type Source } from "./source.ts";

/** What an agent is known by in the migration, by its id or its name at the provider. */
export type Agents = ReadonlyMap<string, string>;

export type ToolConversion = (tool: Source, agents: Agents) => JsonObject;
export type ToolTable = Readonly<Record<string, ToolConversion>>;

/** The tool as Telnyx has it, and the places that say its type as used; `undefined` where it has none of its type. */
export function toolBy(
  table: ToolTable,
  type: string | undefined,
  tool: Source,
  { agents, places }: { readonly agents: Agents; readonly places: readonly Pointer[] },
): JsonObject | undefined {
  const convert = type !== undefined && Object.hasOwn(table, type) ? table[type] : undefined;
  if (convert === undefined) return undefined;
  use(tool, ...places);
  return convert(tool, agents);
}

/** A tool that hands over to these agents; those that no file has are left to a person. */
export function handoffTo(
  targets: readonly { readonly agent: string | undefined; readonly when: string | undefined }[],
  agents: Agents,
): JsonObject {
  const assistants = targets.map(({ agent, when }) => {
    const key = agent === undefined ? undefined : agents.get(agent);
    return { name: when ?? agent ?? TODO, id: key === undefined ? TODO : { ref: `Assistant/${key}` } };
  });
  return { type: "handoff", handoff: { ai_assistants: assistants } };
}

/** An assistant has at most one tool that hands over: the targets of several become those of one. */
export function oneHandoff(tools: readonly JsonObject[]): readonly JsonObject[] {
  const isHandoff = (tool: JsonObject) => tool["type"] === "handoff";
  const first = tools.find(isHandoff);
  const targets = tools.filter(isHandoff).flatMap((tool) => {
    const list = property(property(tool, "handoff"), "ai_assistants");
    return itemsOf(list);
  });
  return tools
    .filter((tool) => tool === first || !isHandoff(tool))
    .map((tool) => (tool === first ? { type: "handoff", handoff: { ai_assistants: targets } } : tool));
}
