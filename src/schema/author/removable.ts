import { keyOf } from "../../model/field-hints.ts";
import { isList, isObject, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import { below, hintFor, requiredAt, topOf, valueIn, type SpecPlace } from "./spec-place.ts";

/** Whether a manifest may leave out the value at a path so that it keeps its live value. */
export function isRemovable(spec: JsonObject, kind: Kind, path: readonly string[]): boolean {
  const key = path.at(-1) ?? "";
  const around = valueIn(spec, path.slice(0, -1));
  // A declared list is complete.
  if (!isObject(around)) return false;
  let place = topOf(kind, spec);
  let value: Json = spec;
  for (const segment of path.slice(0, -1)) {
    if (!keepsRest(place, value, segment, path)) return false;
    value = valueIn(value, [segment]) ?? null;
    place = below(place, segment, value);
  }
  return hintFor(place).whole !== true && !requiredAt(place).has(key);
}

/** The value can be declared in part: what is absent further down the path is not changed. */
function keepsRest(place: SpecPlace, value: Json, segment: string, path: readonly string[]): boolean {
  const { whole, keyedBy } = hintFor(place);
  if (whole === true) return false;
  if (!isList(value)) return true;
  if (keyedBy === undefined) return false;
  const keys = value.map((item) => keyOf(item, keyedBy));
  const own = keys[Number(segment)];
  const isSingle = own !== undefined && keys.filter((key) => key === own).length === 1;
  return isSingle && !holdsKey(value[Number(segment)] ?? null, keyedBy, path.slice(place.path.length + 1));
}

/** The value at a path in an element is a part of what the element is known by. */
function holdsKey(element: Json, keyedBy: readonly string[], path: readonly string[]): boolean {
  return keyedBy.some((one) => {
    const way = segments(one).map((segment) => {
      const named = /^\{(.+)\}$/.exec(segment)?.[1];
      return named === undefined ? segment : String(valueIn(element, [named]) ?? "");
    });
    return path.every((segment, index) => way[index] === segment);
  });
}
