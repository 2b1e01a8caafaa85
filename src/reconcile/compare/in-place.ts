import { equal, isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import { hasKeys, keyed } from "./canonical.ts";
import type { Hints } from "./hints.ts";

/**
 * True when every declared value is live and written exactly the same, so that laying `desired` over `live` changes
 * nothing, provided that nothing else was applied before. False does not mean that they differ: values may be written
 * differently and still be equal. Needs no canonical forms, which keeps a plan without changes fast.
 */
export function isInPlace(live: JsonObject, desired: JsonObject, hints: Hints): boolean {
  return isMemberInPlace(live, desired, hints);
}

function isMemberInPlace(live: Json | undefined, desired: Json, hints: Hints): boolean {
  if (hints.hint.whole === true || isReference(desired)) return equal(live, desired);
  if (isObject(desired)) return isObject(live) && isBlockInPlace(live, desired, hints);
  if (isList(desired) && hasKeys(hints)) return isList(live) && isListInPlace(live, desired, hints);
  return equal(live, desired);
}

function isBlockInPlace(live: JsonObject, desired: JsonObject, hints: Hints): boolean {
  const { variantKey } = hints;
  // An absent variant is left to the full comparison.
  if (variantKey !== undefined && !Object.hasOwn(desired, variantKey)) return equal(live, desired);
  for (const key of Object.keys(desired)) {
    if (!isMemberInPlace(property(live, key), desired[key] as Json, hints.child(key))) return false;
  }
  return true;
}

function isListInPlace(live: readonly Json[], desired: readonly Json[], hints: Hints): boolean {
  if (equal(live, desired)) return true;
  if (hints.hint.set !== undefined || live.length !== desired.length) return false;
  const found = keyed(live, hints);
  return keyed(desired, hints).every(
    ([key, item], index) =>
      found[index]?.[0] === key && isMemberInPlace(found[index]?.[1], item, hints.child(key)),
  );
}
