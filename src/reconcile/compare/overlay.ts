import { equal, isList, isObject, type Json, type JsonObject, mapMembers, property } from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import { canonical, hasKeys, keyed } from "./canonical.ts";
import type { Hints } from "./hints.ts";

/**
 * The live value with every managed value in place: what is to be live after apply. Undeclared keys keep their live
 * values. A declared list is complete, except for an open set. What was `applied` and is no longer declared is cleared if
 * the API has a value for that, and kept otherwise.
 */
export function overlay(
  live: JsonObject,
  desired: JsonObject,
  applied: JsonObject | undefined,
  hints: Hints,
): JsonObject {
  return overlayObject(live, desired, applied, hints);
}

function overlayValue(
  live: Json | undefined,
  desired: Json | undefined,
  applied: Json | undefined,
  hints: Hints,
): Json | undefined {
  if (desired === undefined) return applied === undefined ? live : cleared(live, applied, hints);
  if (hints.hint.whole === true || isReference(desired)) return desired;
  if (isObject(desired)) return overlayObject(live, desired, applied, hints);
  if (isList(desired) && hasKeys(hints)) return overlayList(live, desired, applied, hints);
  if (equal(live, desired)) return live;
  return isList(live) && isList(desired) ? overlayUnit(live, desired, hints) : desired;
}

/** A list without keys is one unit. An element that is as declared keeps what the API has added to it. */
function overlayUnit(live: readonly Json[], desired: readonly Json[], hints: Hints): Json {
  const items = desired.map((item, index) => {
    const before = live[index];
    return before !== undefined && isAsDeclared(before, item, hints.child(String(index))) ? before : item;
  });
  return items.length === live.length && items.every((item, index) => item === live[index]) ? live : items;
}

function overlayObject(
  live: Json | undefined,
  desired: JsonObject,
  applied: Json | undefined,
  hints: Hints,
): JsonObject {
  const base = isObject(live) && sameVariant(live, desired, hints) ? live : {};
  const keys = new Set([...Object.keys(base), ...Object.keys(desired)]);
  const members = [...keys].flatMap((key) => {
    const before = property(applied, key);
    const value = overlayValue(property(base, key), property(desired, key), before, hints.child(key));
    return value === undefined ? [] : [[key, value] as const];
  });
  // Returns the same value where nothing changes, so that cached results apply.
  const isSame = base === live && members.every(([key, value]) => value === base[key]);
  return isSame && members.length === Object.keys(base).length ? base : Object.fromEntries(members);
}

/** Members of another variant are dropped. */
export function sameVariant(live: JsonObject, desired: JsonObject, hints: Hints): boolean {
  const { variantKey } = hints;
  if (variantKey === undefined) return true;
  const unsaid = hints.child(variantKey).default;
  const [before, after] = [property(live, variantKey) ?? unsaid, property(desired, variantKey) ?? unsaid];
  return before === undefined || after === undefined || equal(before, after);
}

function overlayList(
  live: Json | undefined,
  desired: readonly Json[],
  applied: Json | undefined,
  hints: Hints,
): readonly Json[] {
  const liveByKey = byKey(live, hints);
  const appliedByKey = byKey(applied, hints);
  const wanted = keyed(desired, hints);
  const names = new Set(wanted.map(([key]) => key));
  const kept =
    hints.hint.set === "open"
      ? [...liveByKey].filter(([key]) => !names.has(key) && !appliedByKey.has(key)).map(([, item]) => item)
      : [];
  const items = wanted.map(
    ([key, item]) => overlayValue(liveByKey.get(key), item, appliedByKey.get(key), hints.child(key)) ?? item,
  );
  const all = [...items, ...kept];
  const isSame = isList(live) && live.length === all.length && all.every((item, index) => item === live[index]);
  return isSame ? live : all;
}

/** What remains of a live value when its declaration is gone. */
function cleared(live: Json | undefined, applied: Json, hints: Hints): Json | undefined {
  if (live === undefined || hints.hint.removable === true) return undefined;
  const { unset } = hints.hint;
  if (isList(live) && hasKeys(hints) && equal(unset, [])) {
    const ours = byKey(applied, hints);
    return keyed(live, hints)
      .filter(([key]) => !ours.has(key))
      .map(([, item]) => item);
  }
  if (unset !== undefined) return unset;
  if (!isObject(live) || !isObject(applied) || hints.hint.whole === true) return live;
  return Object.fromEntries(
    Object.entries(live).flatMap(([key, member]) => {
      const before = property(applied, key);
      const value = before === undefined ? member : cleared(member, before, hints.child(key));
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

function byKey(list: Json | undefined, hints: Hints): ReadonlyMap<string, Json> {
  return new Map(isList(list) ? keyed(list, hints) : []);
}

/** Whether a live element is as declared, apart from what the API has added to it. */
function isAsDeclared(live: Json | undefined, desired: Json, hints: Hints): boolean {
  if (!isObject(live) || !isObject(desired)) return live !== undefined && equal(live, desired);
  const bare = withoutAdded(live, desired, hints);
  return equal(canonical(bare, hints), canonical(desired, hints));
}

/**
 * A live value without the fields that the manifest does not declare and the schema does not have: what the API keeps
 * in it for itself, such as an id or a counter.
 */
function withoutAdded(live: Json, desired: Json, hints: Hints): Json {
  if (hints.hint.whole === true || isReference(desired)) return live;
  if (isList(live) && isList(desired)) {
    const wanted = new Map(keyed(desired, hints));
    return keyed(live, hints).map(([key, item]) => {
      const other = wanted.get(key);
      return other === undefined ? item : withoutAdded(item, other, hints.child(key));
    });
  }
  if (!isObject(live) || !isObject(desired)) return live;
  return mapMembers(live, (member, key) => {
    const other = property(desired, key);
    if (other !== undefined) return withoutAdded(member, other, hints.child(key));
    return hints.lacks(key) ? undefined : member;
  });
}
