import type { JsonObject } from "../../../model/json.ts";
import type { World } from "./world.ts";

/** One MCP server or shared tool: without an envelope in the documentation, with one in the live API. */
export function enveloped(world: World, object: JsonObject): JsonObject {
  return world.envelope === "live" ? { data: object } : object;
}
