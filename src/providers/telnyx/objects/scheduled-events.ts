import { property, type JsonObject } from "../../../model/json.ts";
import { ProviderError } from "../../../model/provider.ts";
import { type Api, pathOf } from "../rest.ts";

export const EVENTS = "/ai/assistants/{id}/scheduled_events";
export const EVENT_ID = "scheduled_event_id";

/** How many events of an assistant are not over: pending, or in progress and perhaps to be repeated. */
export async function unfinishedEvents(api: Api, assistantId: string): Promise<number> {
  return (await eventsOf(api, assistantId)).filter((event) => !isOver(event)).length;
}

function isOver(event: JsonObject): boolean {
  const status = property(event, "status");
  return status === "completed" || status === "failed";
}

/** An assistant that is gone has no events. */
async function eventsOf(api: Api, assistantId: string): Promise<readonly JsonObject[]> {
  try {
    return await api.list(pathOf(EVENTS, assistantId), "paged", EVENT_ID);
  } catch (error) {
    if (error instanceof ProviderError && error.failure.reason === "not-found") return [];
    throw error;
  }
}
