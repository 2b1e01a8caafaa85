import { isList, isObject, membersOf, property, type Json, type JsonObject } from "../../model/json.ts";
import { canonical, hasKeys, keyed, ORDER } from "./canonical.ts";
import type { Hints } from "./hints.ts";

/** Some paths of a value, as a tree. */
export interface Paths {
  /** The path ends here: it is the whole value that is meant. */
  isEnd: boolean;
  readonly children: Map<string, Paths>;
}

/** The tree of these paths. */
export function pathTree(paths: readonly (readonly string[])[]): Paths {
  const root: Paths = { isEnd: false, children: new Map() };
  for (const path of paths) {
    let at = root;
    for (const segment of path) {
      const next = at.children.get(segment) ?? { isEnd: false, children: new Map() };
      at.children.set(segment, next);
      at = next;
    }
    at.isEnd = true;
  }
  return root;
}

/** `old` with the values of `next` at these canonical paths. What `next` lacks there is removed. */
export function taken(
  old: JsonObject,
  next: JsonObject | undefined,
  paths: readonly (readonly string[])[],
  hints: Hints,
): JsonObject {
  if (paths.length === 0) return old;
  const result = take(old, next, pathTree(paths), hints);
  return membersOf(result);
}

function take(old: Json | undefined, next: Json | undefined, paths: Paths, hints: Hints): Json | undefined {
  if (paths.isEnd) return next;
  if (paths.children.size === 0) return old;
  if (isElements(old, hints) || isElements(next, hints)) return takeElements(old, next, paths, hints);
  const keys = new Set([...Object.keys(membersOf(old)), ...paths.children.keys()]);
  const members = [...keys].flatMap((key) => {
    const inner = paths.children.get(key);
    const value =
      inner === undefined
        ? property(old, key)
        : take(property(old, key), property(next, key), inner, hints.child(key));
    return value === undefined ? [] : [[key, value] as const];
  });
  const block = Object.fromEntries(members);
  // An empty block is left out. So is a block that `next` lacks and that holds only defaults, which no path names.
  const isNone = members.length === 0 || (next === undefined && isEmpty(canonical(block, hints)));
  return isNone ? undefined : block;
}

function isEmpty(form: JsonObject): boolean {
  return Object.keys(form).length === 0;
}

/** A list that the canonical form holds element by element. */
function isElements(value: Json | undefined, hints: Hints): value is readonly Json[] {
  return isList(value) && (hasKeys(hints) || value.some(isObject));
}

function takeElements(
  old: Json | undefined,
  next: Json | undefined,
  paths: Paths,
  hints: Hints,
): readonly Json[] | undefined {
  const before = new Map(isList(old) ? keyed(old, hints) : []);
  const after = new Map(isList(next) ? keyed(next, hints) : []);
  const [first, second] = paths.children.has(ORDER) ? [after, before] : [before, after];
  const items = [...new Set([...first.keys(), ...second.keys()])].flatMap((key) => {
    const inner = paths.children.get(key);
    const value =
      inner === undefined ? before.get(key) : take(before.get(key), after.get(key), inner, hints.child(key));
    return value === undefined ? [] : [value];
  });
  return items.length === 0 && !isList(next) ? undefined : items;
}
