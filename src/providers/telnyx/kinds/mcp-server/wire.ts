import { omit, type JsonObject } from "../../../../model/json.ts";
import { OF_MCP_SERVERS } from "../../objects/response-only.ts";

export function fromLive(live: JsonObject): JsonObject {
  return omit(live, OF_MCP_SERVERS);
}

export function toWire(spec: JsonObject): JsonObject {
  return omit(spec, OF_MCP_SERVERS);
}
