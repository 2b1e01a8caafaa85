import { isList, isObject, mapItems, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import { below, hintFor, rankAt, topOf, type SpecPlace } from "./spec-place.ts";

/**
 * The spec with its fields in the order in which the documentation has them, what it is called first; free content stays
 * as it is.
 */
export function inOrder(spec: JsonObject, kind: Kind): JsonObject {
  const { parent, name } = kind.identity;
  const first = [parent, name].flatMap((one) => (one === undefined ? [] : segments(one).slice(0, 1)));
  const rest = ordered(spec, topOf(kind, spec));
  const named = first.filter((key) => Object.hasOwn(spec, key)).map((key) => [key, null] as const);
  return { ...Object.fromEntries(named), ...(isObject(rest) ? rest : {}) };
}

function ordered(value: Json, place: SpecPlace): Json {
  if (hintFor(place).whole === true) return value;
  if (isList(value)) return mapItems(value, (item, index) => ordered(item, below(place, String(index), item)));
  if (!isObject(value)) return value;
  const rank = rankAt(place);
  const last = rank.size;
  const keys = Object.keys(value).toSorted((a, b) => (rank.get(a) ?? last) - (rank.get(b) ?? last));
  return Object.fromEntries(
    keys.map((key) => [key, ordered(value[key] as Json, below(place, key, value[key] as Json))]),
  );
}
