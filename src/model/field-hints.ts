import { property, stringify, type Json } from "./json.ts";
import type { FieldHint } from "./kind.ts";
import { segments, type Pointer } from "./pointer.ts";
import { isReference } from "./resource.ts";

export type Fields = Readonly<Record<string, FieldHint>>;

/** The patterns of `fields` as a tree. Several may fit one path: then the more exact one wins, member by member. */
interface PatternNode {
  readonly hint: FieldHint;
  readonly children: ReadonlyMap<string, PatternNode>;
}

/** The patterns that match a path so far. */
export type Patterns = readonly PatternNode[];

const NO_HINT: FieldHint = {};
const trees = new WeakMap<Fields, Patterns>();

/** Where the way through the patterns of a kind begins. */
export function patternsOf(fields: Fields): Patterns {
  const known = trees.get(fields) ?? [patternTree(fields)];
  trees.set(fields, known);
  return known;
}

function patternTree(fields: Fields): PatternNode {
  type Mutable = { hint: FieldHint; readonly children: Map<string, Mutable> };
  const root: Mutable = { hint: NO_HINT, children: new Map() };
  for (const [pattern, hint] of Object.entries(fields)) {
    let node = root;
    for (const segment of segments(pattern)) {
      const next = node.children.get(segment) ?? { hint: NO_HINT, children: new Map() };
      node.children.set(segment, next);
      node = next;
    }
    node.hint = { ...node.hint, ...hint };
  }
  return root;
}

/** Those for a member, or for an element whatever its key or index. */
export function patternsBelow(patterns: Patterns, segment: string): Patterns {
  return patterns.flatMap(({ children }) =>
    [children.get("*"), segment === "*" ? undefined : children.get(segment)].filter(
      (next) => next !== undefined,
    ),
  );
}

export function hintOf(patterns: Patterns): FieldHint {
  const [first, ...others] = patterns;
  if (others.length === 0) return first?.hint ?? NO_HINT;
  return Object.assign({}, ...patterns.map(({ hint }) => hint)) as FieldHint;
}

/** The hint for the value at a path; empty if there is none. */
export function hintAt(fields: Fields, path: readonly string[]): FieldHint {
  return hintOf(path.reduce<Patterns>(patternsBelow, patternsOf(fields)));
}

/** What an element of a keyed list is known by, or `undefined` when it has none of the values. */
export function keyOf(element: Json, keyedBy: readonly Pointer[]): string | undefined {
  const parts = keyedBy.flatMap((pointer) => {
    const part = partAt(element, pointer);
    return part === undefined || part === null ? [] : [elementText(part)];
  });
  return parts.length === 0 ? undefined : parts.join(":");
}

/** The value at a pointer whose segments may name another field of the same element: `/{type}/name`. */
function partAt(element: Json, pointer: Pointer): Json | undefined {
  return segments(pointer).reduce<Json | undefined>((value, segment) => {
    const named = /^\{(.+)\}$/.exec(segment)?.[1];
    const key = named === undefined ? segment : property(element, named);
    return typeof key === "string" ? property(value, key) : undefined;
  }, element);
}

/** An element of a set, or a part of a key, as text. */
export function elementText(item: Json): string {
  if (isReference(item)) return item.ref;
  return typeof item === "string" ? item : stringify(item);
}
