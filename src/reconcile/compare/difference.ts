import deepDiff from "deep-diff";
import { equal, isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import { ORDER } from "./canonical.ts";

/** One path, by segments, at which two canonical values differ; an absent side is `undefined`. */
export interface Difference {
  readonly path: readonly string[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The paths at which two canonical values differ, each as high up as one side is absent, sorted. */
export function differences(before: JsonObject, after: JsonObject): readonly Difference[] {
  if (equal(before, after)) return [];
  const paths = new Map<string, readonly string[]>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [one, other] = [property(before, key), property(after, key)];
    if (equal(one, other)) continue;
    for (const record of deepDiff.diff(one, other) ?? []) {
      const path = upToList([key, ...(record.path ?? []).map(String)], before, after);
      paths.set(path.join("\0"), path);
    }
  }
  return [...paths.values()]
    .map((path) => ({ path, before: valueAt(before, path), after: valueAt(after, path) }))
    .filter((difference) => !sameOrder(difference))
    .sort((a, b) => comparePaths(a.path, b.path));
}

/**
 * The same differences leaf by leaf: of a block that one side lacks, each value is a difference of its own. A list
 * that has no keys is one leaf.
 */
export function leafDifferences(before: JsonObject, after: JsonObject): readonly Difference[] {
  return differences(before, after).flatMap(leavesOf);
}

/** The leaves of one difference. */
export function leavesOf(difference: Difference): readonly Difference[] {
  const { path, before, after } = difference;
  const [whole, isBefore] = before === undefined ? [after, false] : [before, true];
  if (!isObject(whole) || (before !== undefined && after !== undefined)) return [difference];
  return leaves(whole, path).map(([leaf, value]) => ({
    path: leaf,
    before: isBefore ? value : undefined,
    after: isBefore ? undefined : value,
  }));
}

export function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(property, value);
}

export function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (segment !== other) return segment < other ? -1 : 1;
  }
  return a.length - b.length;
}

/** A list that has no keys is one value: a difference inside it is a difference of the whole. */
function upToList(path: readonly string[], before: JsonObject, after: JsonObject): readonly string[] {
  const depth = path.findIndex((_, index) => {
    const prefix = path.slice(0, index);
    return isList(valueAt(before, prefix)) || isList(valueAt(after, prefix));
  });
  return depth < 0 ? path : path.slice(0, depth);
}

/** Elements that came or went are differences of their own; the order differs only when those that stayed moved. */
function sameOrder({ path, before, after }: Difference): boolean {
  if (path.at(-1) !== ORDER) return false;
  if (!isList(before) || !isList(after)) return true;
  const common = (list: readonly Json[], other: readonly Json[]) => list.filter((key) => other.includes(key));
  return equal(common(before, after), common(after, before));
}

/** The paths of all leaves; an empty block is a leaf. */
export function leaves(
  value: Json,
  path: readonly string[] = [],
): readonly (readonly [readonly string[], Json])[] {
  const members = isObject(value) ? Object.entries(value) : [];
  if (members.length === 0) return [[path, value]];
  return members.flatMap(([key, member]) => leaves(member, [...path, key]));
}

/** The top-level keys at which two canonical values differ. */
export function differingBlocks(before: JsonObject, after: JsonObject): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !equal(before[key], after[key])).sort();
}
