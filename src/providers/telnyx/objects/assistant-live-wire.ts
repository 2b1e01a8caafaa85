import type { JsonObject } from "../../../model/json.ts";
import type { Api } from "../rest.ts";
import { assistantSpec, needsSharedTools } from "./assistant-wire.ts";

/** An assistant or a version as a manifest would declare it; the list of shared tools is read where it is needed. */
export async function readableSpec(api: Api, live: JsonObject): Promise<JsonObject> {
  return assistantSpec(live, needsSharedTools(live) ? await api.sharedTools() : []);
}
