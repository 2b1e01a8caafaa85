import {
  isList,
  isObject,
  mapItems,
  mapMembers,
  membersOf,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import { namesSecret, secretDigest } from "./digest.ts";
import type { Hints } from "./hints.ts";
import { keptFor, type Kept } from "./kept.ts";

/** The spec with every secret value replaced by its digest: fit to be shown and stored. Without any it is the same value. */
export function redacted(spec: JsonObject, hints: Hints): JsonObject {
  return keptFor(redactions, hints, spec, () => {
    const result = redactedValue(spec, hints);
    return membersOf(result);
  });
}

const redactions: Kept<JsonObject> = new WeakMap();

function redactedValue(value: Json, hints: Hints): Json {
  if (hints.hint.sensitive === true)
    return value === null || namesSecret(value) ? value : secretDigest(value, hints.secretKey);
  if (isList(value)) return mapItems(value, (item) => redactedValue(item, hints.child("0")));
  if (!isObject(value)) return value;
  return mapMembers(value, (inner, key) => redactedValue(inner, hints.child(key)));
}
