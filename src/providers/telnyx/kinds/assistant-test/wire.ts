import { omit, type JsonObject } from "../../../../model/json.ts";
import { OF_TESTS } from "../../objects/response-only.ts";

/** What Rollcall knows and Telnyx does not. */
const LOCAL = ["assistant"];

export function fromLive(live: JsonObject): JsonObject {
  return omit(live, OF_TESTS);
}

export function toWire(spec: JsonObject): JsonObject {
  return omit(spec, [...OF_TESTS, ...LOCAL]);
}
