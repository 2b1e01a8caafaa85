import { equal, isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { isReference } from "../../model/resource.ts";
import type { Hints } from "../../reconcile/compare/hints.ts";
import { schemasAt, typesOf } from "../../model/json-schema.ts";

/**
 * A live value as one would declare it: without nulls, documented defaults, empty blocks and what the server fills in,
 * where the schema does not ask for them.
 */
export function declarable(value: Json, hints: Hints, kind: Kind, path: readonly string[]): Json | undefined {
  if (hints.hint.whole === true || isReference(value)) return value;
  if (isList(value)) {
    return value.map((item, index) => {
      const inner = String(index);
      return declarable(item, hints.child(inner), kind, [...path, inner]) ?? item;
    });
  }
  if (!isObject(value)) return typeof value === "string" ? value.replaceAll("\r\n", "\n") : value;
  const required = requiredAt(kind, value, path);
  const members = Object.entries(value).flatMap(([key, member]) => {
    const child = hints.child(key);
    const isNoise =
      member === null ||
      equal(member, child.default) ||
      child.hint.serverSet === true ||
      (isList(member) && member.length === 0) ||
      (isObject(member) && Object.keys(member).length === 0);
    if (isNoise && !required.has(key)) return [];
    const inner = declarable(member, child, kind, [...path, key]);
    const isEmpty = isObject(inner) && Object.keys(inner).length === 0 && child.hint.whole !== true;
    return inner === undefined || (isEmpty && !required.has(key)) ? [] : [[key, inner] as const];
  });
  return Object.fromEntries(members);
}

export function isNullable(kind: Kind, path: readonly string[]): boolean {
  return typesOf(schemasAt(kind.schema, undefined, path)).includes("null");
}

/** Keys that the schema asks for in an object like this one. */
function requiredAt(kind: Kind, value: JsonObject, path: readonly string[]): ReadonlySet<string> {
  const around = path.reduceRight<Json>(
    (inner, segment) => (/^\d+$/.test(segment) ? listWith(inner, Number(segment)) : { [segment]: inner }),
    value,
  );
  const schemas = schemasAt(kind.schema, around, path);
  return new Set(
    schemas.flatMap((schema) => {
      const list = property(schema, "required");
      return isList(list) ? list.filter((key) => typeof key === "string") : [];
    }),
  );
}

function listWith(item: Json, index: number): Json {
  return [...Array.from({ length: index }, () => null), item];
}
