import type { Address } from "../../../../model/address.ts";
import { itemsOf, property, type Json, type JsonObject } from "../../../../model/json.ts";
import type { LintCheck, LintSubject } from "../../../../model/kind.ts";
import { nodeAt, type Node } from "../../../../model/node.ts";
import { assistantContents, entriesOf, targetOf, type AssistantContent } from "./content.ts";

/** A tool that a manifest declares itself. */
export interface ToolDefinition {
  readonly subject: LintSubject;
  readonly definition: JsonObject;
  /** Where it stands, below `spec`. */
  readonly path: readonly string[];
}

export type ToolDefinitions = (check: LintCheck) => readonly ToolDefinition[];

/** Those of a kind whose resources are tools. */
export const ownDefinitions: ToolDefinitions = ({ subjects }) =>
  subjects.map((subject) => ({ subject, definition: subject.spec, path: [] }));

/** Those of a kind whose resources have the content of an assistant. */
export const inlineDefinitions: ToolDefinitions = (check) =>
  assistantContents(check).flatMap(({ subject, own, path }) =>
    entriesOf(own["tools"]).map(({ index, item }) => ({
      subject,
      definition: item,
      path: [...path, "tools", String(index)],
    })),
  );

/** A tool of an assistant, inline or shared. */
export interface UsedTool {
  readonly definition: JsonObject;
  /** Where the assistant declares or attaches it, below its content. */
  readonly path: readonly string[];
  /** The shared tool, when it is one of this project. */
  readonly shared?: Address;
}

type Project = LintCheck["project"];

/** Inline tools, shared ones, and those of the steps of its flow. */
export function toolsOf(content: JsonObject, project: Project): readonly UsedTool[] {
  const inline = entriesOf(content["tools"]).map(({ index, item }): UsedTool => ({
    definition: item,
    path: ["tools", String(index)],
  }));
  const attached = sharedTools(content["tool_ids"], ["tool_ids"], project);
  const steps = entriesOf(property(content["conversation_flow"], "nodes")).flatMap(({ index, item }) => {
    const path = ["conversation_flow", "nodes", String(index)];
    const one = sharedTool(item["shared_tool_id"], [...path, "shared_tool_id"], project);
    return one.concat(sharedTools(item["shared_tool_ids"], [...path, "shared_tool_ids"], project));
  });
  return [...inline, ...attached, ...steps];
}

function sharedTools(value: Json | undefined, path: readonly string[], project: Project): readonly UsedTool[] {
  const ids = itemsOf(value);
  return ids.flatMap((id, index) => sharedTool(id, [...path, String(index)], project));
}

function sharedTool(value: Json | undefined, path: readonly string[], project: Project): readonly UsedTool[] {
  const tool = project.get(targetOf(value) ?? "");
  return tool === undefined ? [] : [{ definition: tool.spec, path, shared: tool.address }];
}

/** Where the manifest declares or attaches a tool; `undefined` when it takes the tool over from its assistant. */
export function toolPlace({ node }: AssistantContent, { path }: UsedTool): Node | undefined {
  return nodeAt(node, [...path, "type"]) ?? nodeAt(node, path);
}
