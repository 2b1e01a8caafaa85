import { isList, isObject, membersOf, property, type Json, type JsonObject } from "./json.ts";

/** The value at a path; elements of lists go by their positions. */
export function valueIn(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (here, segment) => (isList(here) ? here[Number(segment)] : property(here, segment)),
    value,
  );
}

/** The object with another value at a path, or without one; blocks around it are made. */
export function withValue(object: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const result = replaceIn(object, path, value);
  return isObject(result) ? result : object;
}

/** The same for any value; the empty path is the whole value. */
export function replaceIn(
  whole: Json | undefined,
  [segment, ...rest]: readonly string[],
  value: Json | undefined,
): Json | undefined {
  if (segment === undefined) return value;
  if (isList(whole))
    return whole.map((item, at) => (String(at) === segment ? (replaceIn(item, rest, value) ?? item) : item));
  if (value === undefined && !isObject(whole)) return whole;
  const members = membersOf(whole);
  const inner = replaceIn(property(members, segment), rest, value);
  if (inner !== undefined) return { ...members, [segment]: inner };
  const { [segment]: _, ...others } = members;
  return others;
}
