import { version } from "../host/version.ts";
import { stringify, type JsonObject } from "../model/json.ts";
import { envelope } from "../report/json/envelope.ts";

/** A result for programs. */
export function resultJson(content: JsonObject): string {
  return stringify({ ...envelope({ rollcallVersion: version }), ...content }, 2);
}
