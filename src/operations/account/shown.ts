import {
  isList,
  isObject,
  mapItems,
  mapMembers,
  membersOf,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { redacted } from "../../reconcile/compare/redact.ts";
import { credentialsUnder, struckOut } from "../../schema/diagnostics/credentials/find.ts";

/** Sensitive fields as digests, and what looks like a credential struck out. */
export function shownSpec(kind: Kind, spec: JsonObject): JsonObject {
  const clean = shownValue("", redacted(spec, hintsOf(kind)));
  return membersOf(clean);
}

/** What looks like a credential struck out; `name` is the field that holds the value. */
export function shownValue(name: string, value: Json): Json {
  if (typeof value === "string") return struckOut(value, credentialsUnder(name, value));
  if (isList(value)) return mapItems(value, (item) => shownValue(name, item));
  return isObject(value) ? mapMembers(value, (inner, key) => shownValue(key, inner)) : value;
}
