import type { Address } from "../../model/address.ts";
import {
  isList,
  isObject,
  mapItems,
  mapMembers,
  property,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import type { Kind, ReferenceRule } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";
import { valueAt } from "./difference.ts";

/** A place in a spec where the API wants an id: `value` is a `{ ref }` or a literal id. */
export interface Link {
  readonly rule: ReferenceRule;
  readonly path: readonly string[];
  readonly value: Json;
}

const paths = new WeakMap<ReferenceRule, readonly string[]>();

/** The segments of a rule's pattern, split once. */
function pathOf(rule: ReferenceRule): readonly string[] {
  const path = paths.get(rule) ?? segments(rule.at);
  paths.set(rule, path);
  return path;
}

/** Every id that a spec holds, by the rules of its kind. Path segments of list elements are indexes. */
export function linksOf(kind: Kind, spec: JsonObject): readonly Link[] {
  const links: Link[] = [];
  for (const rule of kind.references) collectLinks(spec, rule, [], links);
  return links;
}

function collectLinks(value: Json, rule: ReferenceRule, path: readonly string[], links: Link[]): void {
  const segment = pathOf(rule)[path.length];
  if (segment === undefined) links.push({ rule, path, value });
  else for (const [key, member] of members(value, segment)) collectLinks(member, rule, [...path, key], links);
}

/** The addresses that a spec refers to. */
export function targetsOf(kind: Kind, spec: JsonObject): readonly Address[] {
  return linksOf(kind, spec).flatMap(({ value }) => (isReference(value) ? [value.ref] : []));
}

/** The spec with every reference replaced by the value (the id) for its address; where there is none, it stays. */
export function resolve(
  kind: Kind,
  spec: JsonObject,
  valueOf: (address: Address) => Json | undefined,
): JsonObject {
  return kind.references.reduce<JsonObject>((resolved, rule) => {
    const value = replace(resolved, pathOf(rule), (link) =>
      isReference(link) ? (valueOf(link.ref) ?? link) : link,
    );
    return isObject(value) ? value : resolved;
  }, spec);
}

/** The id of the object that an object with this spec lives under. */
export function parentIn(kind: Kind, spec: JsonObject): string | undefined {
  const value = kind.identity.parent === undefined ? undefined : valueAt(spec, segments(kind.identity.parent));
  return typeof value === "string" ? value : undefined;
}

function replace(value: Json, [segment, ...rest]: readonly string[], change: (link: Json) => Json): Json {
  if (segment === undefined) return change(value);
  const isMeant = (key: string) => segment === "*" || segment === key;
  if (isList(value)) {
    return mapItems(value, (item, index) => (isMeant(String(index)) ? replace(item, rest, change) : item));
  }
  if (!isObject(value) || (segment !== "*" && !Object.hasOwn(value, segment))) return value;
  return mapMembers(value, (member, key) => (isMeant(key) ? replace(member, rest, change) : member));
}

function members(value: Json, segment: string): readonly (readonly [string, Json])[] {
  if (isList(value)) {
    const all = value.map((item, index) => [String(index), item] as const);
    return segment === "*" ? all : all.filter(([key]) => key === segment);
  }
  if (!isObject(value)) return [];
  if (segment === "*") return Object.entries(value);
  const member = property(value, segment);
  return member === undefined ? [] : [[segment, member]];
}

/**
 * The spec without the elements that hold one of these ids: of each, the outermost list element around it is left
 * out, because what remains of a smaller cut may not be valid.
 */
export function withoutIds(kind: Kind, spec: JsonObject, ids: ReadonlySet<Json>): JsonObject {
  const held = linksOf(kind, spec).filter(({ value }) => ids.has(value));
  const elements = new Set(held.map(({ path }) => outermostElement(spec, path).join("\0")));
  const result = without(spec, [], elements);
  return isObject(result) ? result : spec;
}

function outermostElement(spec: Json, path: readonly string[]): readonly string[] {
  const depth = path.findIndex((_, index) => isList(valueAt(spec, path.slice(0, index))));
  return depth < 0 ? path : path.slice(0, depth + 1);
}

function without(value: Json, path: readonly string[], gone: ReadonlySet<string>): Json {
  const isKept = (key: string) => !gone.has([...path, key].join("\0"));
  if (isList(value)) {
    const items = value.map((item, index) => ({ item, key: String(index) }));
    return items.filter(({ key }) => isKept(key)).map(({ item, key }) => without(item, [...path, key], gone));
  }
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => isKept(key));
  return Object.fromEntries(kept.map(([key, member]) => [key, without(member, [...path, key], gone)]));
}
