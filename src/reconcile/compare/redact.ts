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

/**
 * The spec with every secret value replaced by its digest: fit to be shown and stored. Secret is what stands in a
 * sensitive field, and any other text that looks like a secret. Without any it is the same value.
 */
export function redacted(spec: JsonObject, hints: Hints): JsonObject {
  return keptFor(redactions, hints, spec, () => {
    const result = redactedValue(spec, hints, "");
    return membersOf(result);
  });
}

const redactions: Kept<JsonObject> = new WeakMap();

/** `name` is the member that holds the value, or the list in which it stands. */
function redactedValue(value: Json, hints: Hints, name: string): Json {
  if (hints.hint.sensitive === true)
    return value === null || namesSecret(value) ? value : secretDigest(value, hints.secretKey);
  if (typeof value === "string")
    return hints.looksSecret(value, name) ? secretDigest(plain(value), hints.secretKey) : value;
  if (isList(value)) return mapItems(value, (item) => redactedValue(item, hints.child("0"), name));
  if (!isObject(value)) return value;
  return mapMembers(value, (inner, key) => redactedValue(inner, hints.child(key), key));
}

/** Line endings, and white space at the end, are no difference. */
function plain(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
