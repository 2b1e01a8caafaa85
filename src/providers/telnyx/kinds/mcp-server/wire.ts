import type { JsonObject } from "../../../../model/json.ts";
import { omit, pick } from "../../rest.ts";

const RESPONSE_ONLY = ["id", "created_at", "updated_at"];
const SENT = ["name", "type", "url", "api_key_ref", "allowed_tools"];

export function fromLive(live: JsonObject): JsonObject {
  return omit(live, RESPONSE_ONLY);
}

/** The documented fields alone: the body replaces the whole object, and nothing else is known to be accepted. */
export function toWire(spec: JsonObject): JsonObject {
  return pick(spec, SENT);
}
