import type { Address } from "../../model/address.ts";
import {
  equal,
  isList,
  isObject,
  property,
  sorted,
  stringify,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import type { FieldHint, Kind } from "../../model/kind.ts";
import { isReference } from "../../model/resource.ts";
import { hintAt, keyOf } from "../../model/field-hints.ts";
import type { Arranged, Change } from "./edits.ts";

/** A `spec` as a manifest declares it, and as it is to declare it. */
export interface Rewrite {
  readonly address: Address;
  readonly kind: Kind;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** One change to a `spec`; positions in lists are those of before. */
export type SpecEdit = { readonly path: readonly string[] } & Change;

type Fields = Readonly<Record<string, FieldHint>>;

/** The smallest changes that turn one value into another. */
export function specEdits(
  before: Json,
  after: Json,
  fields: Fields,
  path: readonly string[] = [],
): readonly SpecEdit[] {
  if (equal(before, after)) return [];
  if (isObject(before) && isObject(after) && isReference(before) === isReference(after)) {
    return memberEdits(before, after, fields, path);
  }
  if (isList(before) && isList(after)) return listEdits(before, after, fields, path);
  return [{ path, do: "replace", value: after }];
}

function memberEdits(
  before: JsonObject,
  after: JsonObject,
  fields: Fields,
  path: readonly string[],
): readonly SpecEdit[] {
  const changed = Object.entries(before).flatMap(([key, value]): readonly SpecEdit[] => {
    const next = property(after, key);
    const inner = [...path, key];
    return next === undefined ? [{ path: inner, do: "remove" }] : specEdits(value, next, fields, inner);
  });
  const added = Object.entries(after)
    .filter(([key]) => property(before, key) === undefined)
    .map(([key, value]): SpecEdit => ({ path, do: "add", key, value }));
  return [...changed, ...added];
}

function listEdits(
  before: readonly Json[],
  after: readonly Json[],
  fields: Fields,
  path: readonly string[],
): readonly SpecEdit[] {
  const from = pairs(before, after, hintAt(fields, path).keyedBy);
  const inside = after.flatMap((item, index) => {
    const old = from[index];
    const previous = old === undefined ? undefined : before[old];
    return previous === undefined ? [] : specEdits(previous, item, fields, [...path, String(old)]);
  });
  const stays = before.length === after.length && from.every((old, index) => old === index);
  if (stays) return inside;
  const items = after.map((value, index): Arranged => {
    const old = from[index];
    return old === undefined ? { value } : { from: old };
  });
  return [...inside, { path, do: "arrange", items }];
}

/** For each element of `after`, the element of `before` that it was. */
function pairs(
  before: readonly Json[],
  after: readonly Json[],
  keyedBy: readonly string[] | undefined,
): readonly (number | undefined)[] {
  const places = new Map(identities(before, keyedBy).map((identity, index) => [identity, index]));
  const from = identities(after, keyedBy).map((identity) => places.get(identity));
  const used = new Set(from);
  return from.map((old, index) => {
    if (old !== undefined) return old;
    const value = after[index];
    const [low, high] = gapAround(from, index, before.length);
    for (let candidate = low; candidate < high; candidate++) {
      const other = before[candidate];
      if (used.has(candidate) || other === undefined || value === undefined || !isAlike(other, value)) continue;
      used.add(candidate);
      return candidate;
    }
    return undefined;
  });
}

function identities(list: readonly Json[], keyedBy: readonly string[] | undefined): readonly string[] {
  const seen = new Map<string, number>();
  return list.map((item) => {
    const key = keyedBy === undefined ? undefined : keyOf(item, keyedBy);
    const identity = key === undefined ? `=${stringify(sorted(item))}` : `:${key}`;
    const count = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, count);
    return `${count}${identity}`;
  });
}

/** Positions in `before` between those of the known neighbours. */
function gapAround(
  from: readonly (number | undefined)[],
  index: number,
  length: number,
): readonly [number, number] {
  const before = from.slice(0, index).findLast((old) => old !== undefined) ?? -1;
  const after = from.slice(index + 1).find((old) => old !== undefined) ?? length;
  return [before + 1, after];
}

/** One was changed into the other: at least half of its content is the same. */
function isAlike(a: Json, b: Json): boolean {
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    const same = keys.filter((key) => equal(a[key], property(b, key)));
    const onlyOne =
      keys.length === 1 && Object.keys(b).length === 1 && property(b, keys[0] ?? "") !== undefined;
    return isReference(a) === isReference(b) && (onlyOne || 2 * same.length >= keys.length);
  }
  if (isList(a) && isList(b)) return a.some((item) => b.some((other) => equal(item, other)));
  return typeof a === typeof b && !isList(a) && !isObject(a) && !isList(b) && !isObject(b);
}
