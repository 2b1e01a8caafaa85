import { isObject, omit, property, type JsonObject } from "../../../../model/json.ts";
import { withoutNulls } from "../../objects/nullable-wire.ts";
import { toolFields } from "../../objects/tool-fields.ts";
import { OF_SHARED_TOOLS } from "../../objects/response-only.ts";

/** The settings stand under the key that `type` names, as they are sent; answers hold them in `tool_definition`. */
export function fromLive(live: JsonObject): JsonObject {
  const rest = omit(live, OF_SHARED_TOOLS);
  const definition = property(live, "tool_definition");
  const type = property(live, "type");
  if (typeof type !== "string" || !isObject(definition)) return rest;
  return { ...rest, [type]: settings(definition, type) };
}

/** Live they are the bare content of the block; the nested form of requests is understood as well. */
function settings(definition: JsonObject, type: string): JsonObject {
  const nested = property(definition, type);
  if (isObject(nested)) return nested;
  return property(definition, "type") === type ? omit(definition, ["type"]) : definition;
}

export function toWire(spec: JsonObject): JsonObject {
  return withoutNulls(omit(spec, OF_SHARED_TOOLS), toolFields);
}
