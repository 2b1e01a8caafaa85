import type { Address } from "../model/address.ts";
import { isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Kind, ReferenceRule } from "../model/kind.ts";
import { segments } from "../model/pointer.ts";
import { isReference } from "../model/resource.ts";

/** A place in a spec where the API wants an id: `value` is a `{ ref }` or a literal id. */
export interface Link {
  readonly rule: ReferenceRule;
  readonly path: readonly string[];
  readonly value: Json;
}

/** Every id that a spec holds, by the rules of its kind. Path segments of list elements are indexes. */
export function linksOf(kind: Kind, spec: JsonObject): readonly Link[] {
  return kind.references.flatMap((rule) =>
    find(spec, segments(rule.at), []).map(([path, value]) => ({ rule, path, value })),
  );
}

/** The addresses that a spec refers to. */
export function targetsOf(kind: Kind, spec: JsonObject): readonly Address[] {
  return linksOf(kind, spec).flatMap(({ value }) => (isReference(value) ? [value.ref] : []));
}

/** The spec with every reference whose id is known replaced by that id. */
export function resolve(
  kind: Kind,
  spec: JsonObject,
  idOf: (address: Address) => string | undefined,
): JsonObject {
  return kind.references.reduce<JsonObject>((resolved, rule) => {
    const value = replace(resolved, segments(rule.at), (link) =>
      isReference(link) ? (idOf(link.ref) ?? link) : link,
    );
    return isObject(value) ? value : resolved;
  }, spec);
}

function find(
  value: Json,
  [segment, ...rest]: readonly string[],
  path: readonly string[],
): readonly (readonly [readonly string[], Json])[] {
  if (segment === undefined) return [[path, value]];
  return members(value, segment).flatMap(([key, member]) => find(member, rest, [...path, key]));
}

function replace(value: Json, [segment, ...rest]: readonly string[], change: (link: Json) => Json): Json {
  if (segment === undefined) return change(value);
  const found = new Map(members(value, segment));
  if (found.size === 0) return value;
  if (isList(value)) {
    return value.map((item, index) => (found.has(String(index)) ? replace(item, rest, change) : item));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      found.has(key) ? replace(member, rest, change) : member,
    ]),
  );
}

function members(value: Json, segment: string): readonly (readonly [string, Json])[] {
  const all = isList(value)
    ? value.map((item, index) => [String(index), item] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  return segment === "*" ? all : all.filter(([key]) => key === segment);
}
