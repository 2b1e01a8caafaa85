import { isList, isObject, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { pointer, type Pointer } from "../../model/pointer.ts";
import { hintsOf, type Hints } from "../../reconcile/compare/hints.ts";

/** What is said of ids of objects that no manifest can declare, by their places. */
export function outsideIds(spec: JsonObject, kind: Kind): ReadonlyMap<Pointer, string> {
  return new Map(remarksIn(spec, hintsOf(kind), []));
}

function remarksIn(
  value: Json,
  hints: Hints,
  path: readonly string[],
): readonly (readonly [Pointer, string])[] {
  const { outside } = hints.hint;
  if (outside !== undefined && typeof value === "string")
    return [[pointer(path), `The id of an ${outside} of this account, which Rollcall does not manage.`]];
  if (!isList(value) && !isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    remarksIn(member as Json, hints.child(key), [...path, key]),
  );
}
