import type { Address } from "../../model/address.ts";
import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import type { LintSubject } from "./lint.ts";
import { nodeAt, type Node } from "../node.ts";

/** An assistant, or a version of one with what it takes over from it. */
export interface AssistantContent {
  readonly subject: LintSubject;
  /** Where its own fields begin in `spec`. */
  readonly path: readonly string[];
  /** What this manifest declares. */
  readonly own: JsonObject;
  /** That, merged over the assistant's fields. */
  readonly whole: JsonObject;
  readonly node: Node;
}

/** All content that has the shape of an assistant. */
export function assistantContents(subjects: readonly LintSubject[]): readonly AssistantContent[] {
  const byAddress = bySubject(subjects);
  return subjects.flatMap((subject): readonly AssistantContent[] => {
    const { kind, spec, node } = subject;
    if (kind.kind === "Assistant") return [{ subject, path: [], own: spec, whole: spec, node }];
    if (kind.kind !== "AssistantVersion") return [];
    const own = property(spec, "changes");
    const changes = nodeAt(node, ["changes"]);
    if (!isObject(own) || changes === undefined) return [];
    const base = byAddress.get(targetOf(spec["assistant"]) ?? "")?.spec ?? {};
    return [{ subject, path: ["changes"], own, whole: overlaid(base, own), node: changes }];
  });
}

/** Blocks member by member, everything else as a whole. */
function overlaid(base: JsonObject, changes: JsonObject): JsonObject {
  const entries = Object.entries(changes).map(([key, value]) => {
    const below = property(base, key);
    return [key, isObject(below) && isObject(value) && !isReference(value) ? overlaid(below, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

/** The address in `{ ref }`; `undefined` for a literal id. */
export function targetOf(value: Json | undefined): Address | undefined {
  return isReference(value) ? value.ref : undefined;
}

/** The entries of a list of mappings, with their positions; entries of another form are left out. */
export function entriesOf(
  value: Json | undefined,
): readonly { readonly index: number; readonly item: JsonObject }[] {
  if (!isList(value)) return [];
  return value.flatMap((item, index) => (isObject(item) ? [{ index, item }] : []));
}

export function stringAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = path.reduce<Json | undefined>(property, value);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: Json | undefined, ...path: readonly string[]): number | undefined {
  const found = path.reduce<Json | undefined>(property, value);
  return typeof found === "number" ? found : undefined;
}

/** A tool of an assistant, inline or shared. */
export interface UsedTool {
  readonly definition: JsonObject;
  /** Where the assistant declares or attaches it, below its content. */
  readonly path: readonly string[];
  /** The shared tool, when it is one of this project. */
  readonly shared?: Address;
}

export function bySubject(subjects: readonly LintSubject[]): ReadonlyMap<string, LintSubject> {
  return new Map(subjects.map((subject) => [subject.address, subject]));
}

/** Inline tools, shared ones, and those of the steps of its flow. */
export function toolsOf(content: JsonObject, subjects: ReadonlyMap<string, LintSubject>): readonly UsedTool[] {
  const inline = entriesOf(content["tools"]).map(({ index, item }): UsedTool => ({
    definition: item,
    path: ["tools", String(index)],
  }));
  const attached = sharedTools(content["tool_ids"], ["tool_ids"], subjects);
  const steps = entriesOf(property(content["conversation_flow"], "nodes")).flatMap(({ index, item }) => {
    const path = ["conversation_flow", "nodes", String(index)];
    const one = sharedTool(item["shared_tool_id"], [...path, "shared_tool_id"], subjects);
    return one.concat(sharedTools(item["shared_tool_ids"], [...path, "shared_tool_ids"], subjects));
  });
  return [...inline, ...attached, ...steps];
}

function sharedTools(
  value: Json | undefined,
  path: readonly string[],
  subjects: ReadonlyMap<string, LintSubject>,
): readonly UsedTool[] {
  const ids = isList(value) ? value : [];
  return ids.flatMap((id, index) => sharedTool(id, [...path, String(index)], subjects));
}

function sharedTool(
  value: Json | undefined,
  path: readonly string[],
  subjects: ReadonlyMap<string, LintSubject>,
): readonly UsedTool[] {
  const tool = subjects.get(targetOf(value) ?? "");
  return tool === undefined ? [] : [{ definition: tool.spec, path, shared: tool.address }];
}

/** Where the manifest declares or attaches a tool; `undefined` when it takes the tool over from its assistant. */
export function toolPlace({ node }: AssistantContent, { path }: UsedTool): Node | undefined {
  return nodeAt(node, [...path, "type"]) ?? nodeAt(node, path);
}
