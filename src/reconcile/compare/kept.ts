import type { JsonObject } from "../../model/json.ts";
import type { Hints } from "./hints.ts";

/** A cache of results for values, by their hints. Values are immutable. */
export type Kept<T> = WeakMap<Hints, WeakMap<JsonObject, T>>;

/** Computed once for a value, and kept while the value is in use. */
export function keptFor<T>(kept: Kept<T>, hints: Hints, value: JsonObject, find: () => T): T {
  const all = allFor(kept, hints);
  const known = all.get(value);
  if (known !== undefined) return known;
  const found = find();
  all.set(value, found);
  return found;
}

/** The cache for these hints. */
export function allFor<T>(kept: Kept<T>, hints: Hints): WeakMap<JsonObject, T> {
  const known = kept.get(hints);
  if (known !== undefined) return known;
  const all = new WeakMap<JsonObject, T>();
  kept.set(hints, all);
  return all;
}
