import type { JsonObject } from "../../model/json.ts";
import type { Hints } from "./hints.ts";

/** What was found out about values, by the hints that it was found out with. Values never change. */
export type Kept<T> = WeakMap<Hints, WeakMap<JsonObject, T>>;

/** Found out once for a value, and kept for as long as that is in use. */
export function keptFor<T>(kept: Kept<T>, hints: Hints, value: JsonObject, find: () => T): T {
  const all = allFor(kept, hints);
  const known = all.get(value);
  if (known !== undefined) return known;
  const found = find();
  all.set(value, found);
  return found;
}

/** What is kept for these hints. */
export function allFor<T>(kept: Kept<T>, hints: Hints): WeakMap<JsonObject, T> {
  const known = kept.get(hints);
  if (known !== undefined) return known;
  const all = new WeakMap<JsonObject, T>();
  kept.set(hints, all);
  return all;
}
