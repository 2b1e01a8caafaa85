import type { JsonObject } from "../../../model/json.ts";
import type { World } from "./world.ts";

/** One MCP server or shared tool: bare in the documents, wrapped when seen live. */
export function enveloped(world: World, object: JsonObject): JsonObject {
  return world.envelope === "live" ? { data: object } : object;
}
