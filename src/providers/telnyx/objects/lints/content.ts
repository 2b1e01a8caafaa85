import type { Address } from "../../../../model/address.ts";
import { valueIn } from "../../../../model/at-path.ts";
import { isList, isObject, property, type Json, type JsonObject } from "../../../../model/json.ts";
import type { LintCheck, LintSubject } from "../../../../model/kind.ts";
import { nodeAt, type Node } from "../../../../model/node.ts";
import { segments } from "../../../../model/pointer.ts";
import { isReference } from "../../../../model/resource.ts";

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
export function assistantContents({
  subjects,
  project,
}: Pick<LintCheck, "subjects" | "project">): readonly AssistantContent[] {
  return subjects.flatMap((subject): readonly AssistantContent[] => {
    const { kind, spec, node } = subject;
    if (kind.inherits === undefined) return [{ subject, path: [], own: spec, whole: spec, node }];
    const path = segments(kind.inherits.into);
    const own = valueIn(spec, path);
    const ownNode = nodeAt(node, path);
    if (!isObject(own) || ownNode === undefined) return [];
    const base = project.get(targetOf(valueIn(spec, segments(kind.inherits.from))) ?? "")?.spec ?? {};
    return [{ subject, path, own, whole: overlaid(base, own), node: ownNode }];
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

export interface Entry {
  readonly index: number;
  readonly item: JsonObject;
}

/** The entries of a list of mappings, with their positions; entries of another form are left out. */
export function entriesOf(value: Json | undefined): readonly Entry[] {
  if (!isList(value)) return [];
  return value.flatMap((item, index) => (isObject(item) ? [{ index, item }] : []));
}

export function stringAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = valueIn(value, path);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: Json | undefined, ...path: readonly string[]): number | undefined {
  const found = valueIn(value, path);
  return typeof found === "number" ? found : undefined;
}
