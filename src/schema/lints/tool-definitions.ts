import { isObject, property, type JsonObject } from "../../model/json.ts";
import type { LintSubject } from "./lint.ts";
import { entriesOf } from "./assistant-content.ts";

export interface ToolDefinition {
  readonly definition: JsonObject;
  /** Where it stands, below `spec`. */
  readonly path: readonly string[];
}

/** The tools that a manifest declares itself. */
export function toolDefinitions({ kind, spec }: LintSubject): readonly ToolDefinition[] {
  if (kind.kind === "Tool") return [{ definition: spec, path: [] }];
  if (kind.kind !== "Assistant" && kind.kind !== "AssistantVersion") return [];
  const base = kind.kind === "Assistant" ? [] : ["changes"];
  const content = kind.kind === "Assistant" ? spec : property(spec, "changes");
  const tools = isObject(content) ? content["tools"] : undefined;
  return entriesOf(tools).map(({ index, item }) => ({
    definition: item,
    path: [...base, "tools", String(index)],
  }));
}
