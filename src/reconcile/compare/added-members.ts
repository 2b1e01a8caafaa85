import { equal, isList, isObject, mapMembers, property, type Json } from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import { canonical, keyed } from "./canonical.ts";
import type { Hints } from "./hints.ts";

/** Whether a live element is as declared, apart from what the API has added to it. */
export function isAsDeclared(live: Json | undefined, desired: Json, hints: Hints): boolean {
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
