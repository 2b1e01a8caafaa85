import {
  equal,
  isList,
  isObject,
  mapItems,
  mapMembers,
  membersOf,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import { typesOf } from "../../model/json-schema.ts";
import type { Kind } from "../../model/kind.ts";
import { pointer, type Pointer } from "../../model/pointer.ts";
import {
  below,
  defaultFor,
  hintFor,
  isResponseOnly,
  isUnknown,
  requiredAt,
  topOf,
  type SpecPlace,
} from "./spec-place.ts";

/** `set`: what differs from the documented defaults. `all`: everything that can be declared. */
export type Fields = "set" | "all";

/**
 * Of a live spec, what a new manifest declares: nothing that the server makes, and no field that the kind does not
 * know. What is compared is the same with and without the rest.
 */
export function declaredFields(spec: JsonObject, kind: Kind, fields: Fields): JsonObject {
  const declared = declaredIn(spec, topOf(kind, spec), fields);
  return membersOf(declared);
}

/** The paths of live fields that the kind does not know, such as new ones of the API. No new manifest declares them. */
export function unknownFields(spec: JsonObject, kind: Kind): readonly Pointer[] {
  return unknownIn(spec, topOf(kind, spec)).map(pointer);
}

function unknownIn(value: Json, place: SpecPlace): readonly (readonly string[])[] {
  const { generated, whole } = hintFor(place);
  if (generated === true || whole === true) return [];
  if (isList(value)) return value.flatMap((item, index) => unknownIn(item, below(place, String(index), item)));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (isResponseOnly(place, key) || member === null) return [];
    return isUnknown(place, key) ? [[...place.path, key]] : unknownIn(member, below(place, key, member));
  });
}

function declaredIn(value: Json, place: SpecPlace, fields: Fields): Json | undefined {
  const hint = hintFor(place);
  if (hint.generated === true) return undefined;
  if (hint.whole === true) return value;
  if (value === null) return fields === "all" && typesOf(place.schemas).includes("null") ? null : undefined;
  if (isList(value))
    return mapItems(value, (item, index) => declaredItem(item, below(place, String(index), item), fields));
  return isObject(value) ? declaredMembers(value, place, fields) : value;
}

function declaredItem(item: Json, place: SpecPlace, fields: Fields): Json {
  return isObject(item) || isList(item) ? (declaredIn(item, place, fields) ?? {}) : item;
}

function declaredMembers(value: JsonObject, place: SpecPlace, fields: Fields): JsonObject {
  const required = requiredAt(place);
  return mapMembers(value, (member, key) => {
    if (isResponseOnly(place, key) || isUnknown(place, key)) return undefined;
    const at = below(place, key, member);
    const declared = declaredIn(member, at, fields);
    if (required.has(key)) return declared ?? member;
    return declared !== undefined && fields === "set" && saysNothing(declared, at) ? undefined : declared;
  });
}

/** As if it were not there: the documented default, a block without content, or a list that is empty when it is cleared. */
function saysNothing(value: Json, place: SpecPlace): boolean {
  const { whole, unset } = hintFor(place);
  if (whole === true || place.isUnfilled) return false;
  if (equal(value, defaultFor(place))) return true;
  if (isList(value)) return value.length === 0 && equal(unset, []);
  return isObject(value) && Object.keys(value).length === 0;
}
