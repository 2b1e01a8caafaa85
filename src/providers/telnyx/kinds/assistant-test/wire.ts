import type { JsonObject } from "../../../../model/json.ts";
import { omit } from "../../rest.ts";

const RESPONSE_ONLY = ["test_id", "created_at", "updated_at"];
/** What Rollcall knows and Telnyx does not. */
const LOCAL = ["assistant"];

export function fromLive(live: JsonObject): JsonObject {
  return omit(live, RESPONSE_ONLY);
}

export function toWire(spec: JsonObject): JsonObject {
  return omit(spec, [...RESPONSE_ONLY, ...LOCAL]);
}
