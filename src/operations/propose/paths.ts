import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Address } from "../../model/address.ts";
import { withValue } from "../../model/at-path.ts";
import type { Kind } from "../../model/kind.ts";
import { isReference } from "../../model/resource.ts";
import { hasKeys, keyed } from "../../reconcile/compare/canonical.ts";
import type { Hints } from "../../reconcile/compare/hints.ts";
import { linksOf } from "../../reconcile/compare/references.ts";

/** A path with positions in lists as the canonical one, in which elements stand under their key. */
export function canonicalPath(
  value: Json | undefined,
  path: readonly string[],
  hints: Hints,
): readonly string[] {
  return walked(value, path, hints, (items, segment) => ({ key: items[Number(segment)]?.[0], segment }));
}

/** A canonical path with the positions of the elements. */
export function positions(value: Json | undefined, path: readonly string[], hints: Hints): readonly string[] {
  return walked(value, path, hints, (items, segment) => {
    const index = items.findIndex(([key]) => key === segment);
    return { key: index < 0 ? undefined : String(index), segment: index < 0 ? segment : String(index) };
  });
}

type Step = (
  items: readonly (readonly [string, Json])[],
  segment: string,
) => { readonly key: string | undefined; readonly segment: string };

/** One of the paths is the other, or stands around it. */
export function overlap(a: readonly string[], b: readonly string[]): boolean {
  const shorter = Math.min(a.length, b.length);
  return a.slice(0, shorter).every((segment, index) => segment === b[index]);
}

/** As far as there are values; the rest of the path as it is. */
function walked(value: Json | undefined, path: readonly string[], hints: Hints, step: Step): readonly string[] {
  let [here, at] = [value, hints];
  return path.map((segment) => {
    const list = isList(here) ? step(keyed(here, at), segment) : undefined;
    const key = list?.key ?? segment;
    here = isList(here) ? here[Number(list?.segment)] : property(here, segment);
    at = at.child(key);
    return key;
  });
}

/** A live `spec` in which the ids of known resources are references. */
export function withReferences(
  kind: Kind,
  spec: JsonObject,
  names: Readonly<Record<string, Address>>,
): JsonObject {
  return linksOf(kind, spec).reduce<JsonObject>((result, { rule, path, value }) => {
    const ref = typeof value === "string" && Object.hasOwn(names, value) ? names[value] : undefined;
    if (ref === undefined || !ref.startsWith(`${rule.to}/`)) return result;
    return withValue(result, path, { ref });
  }, spec);
}

/**
 * What a manifest itself has to declare so that `merged`, which is it with everything that it inherits, becomes
 * `next`: a block member by member, a list as a whole.
 */
export function ownPart(
  own: Json | undefined,
  merged: Json | undefined,
  next: Json | undefined,
): Json | undefined {
  if (same(merged, next)) return own;
  const isBlock = isObject(merged) && isObject(next) && !isReference(merged) && !isReference(next);
  if (!isBlock || (own !== undefined && !isObject(own))) return next;
  const members = new Map(Object.entries(own ?? {}));
  for (const key of new Set([...Object.keys(merged), ...Object.keys(next)])) {
    const part = ownPart(property(own, key), property(merged, key), property(next, key));
    if (part === undefined) members.delete(key);
    else members.set(key, part);
  }
  return Object.fromEntries(members);
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return firstDifference(a, b) === undefined;
}

/**
 * The way to where two values begin to differ; line ends do not count. With hints, neither does the order of lists in which
 * it means nothing.
 */
export function firstDifference(
  a: Json | undefined,
  b: Json | undefined,
  hints?: Hints,
): readonly string[] | undefined {
  if (typeof a === "string" && typeof b === "string") return unix(a) === unix(b) ? undefined : [];
  if (isList(a) && isList(b)) {
    if (a.length !== b.length) return [];
    const other = inOrderOf(a, b, hints);
    return firstOf(
      a.map((item, index) => [String(index), item, other[index]]),
      hints,
    );
  }
  if (!isObject(a) || !isObject(b)) return a === b ? undefined : [];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return firstOf(
    keys.map((key) => [key, property(a, key), property(b, key)]),
    hints,
  );
}

/** The second list in the order of the first one, where the order of its elements means nothing. */
function inOrderOf(a: readonly Json[], b: readonly Json[], hints: Hints | undefined): readonly Json[] {
  if (hints === undefined || !hasKeys(hints) || hints.hint.ordered === true) return b;
  const items = new Map(keyed(b, hints));
  const sorted = keyed(a, hints).flatMap(([key]) => items.get(key) ?? []);
  return sorted.length === b.length ? sorted : b;
}

function firstOf(
  members: readonly (readonly [string, Json | undefined, Json | undefined])[],
  hints?: Hints,
): readonly string[] | undefined {
  for (const [key, a, b] of members) {
    const path = firstDifference(a, b, hints?.child(key));
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}

function unix(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
