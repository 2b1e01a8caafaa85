import type { JsonObject } from "../../../../model/json.ts";
import { assistantBody, assistantSpec } from "../../objects/assistant-wire.ts";

export function fromLive(live: JsonObject): JsonObject {
  return assistantSpec(live);
}

/** Without tags, which travel through endpoints of their own. */
export function toWire(spec: JsonObject): JsonObject {
  return assistantBody(spec);
}
