import { property, type JsonObject } from "../../../model/json.ts";
import type { EventFilter, NewEvent, ScheduledEvent, ScheduledEvents } from "../../../model/scheduled-event.ts";
import { EVENT_ID, EVENTS } from "../objects/scheduled-events.ts";
import { type Api, canBeId, deleteAt, idOf, pathOf, required, timeOf } from "../rest.ts";

const EVENT = "/ai/assistants/{parent}/scheduled_events/{id}";

/** Scheduled events. A creation takes an idempotency key: one whose answer is lost is not made twice. */
export function scheduledEvents(api: Api): ScheduledEvents {
  return {
    list: async (assistantId, filter) => {
      const path = pathOf(EVENTS, assistantId);
      const found = await api.list(path, "paged", EVENT_ID, queryOf(filter));
      return found.map((event) => eventOf(event, "GET", path));
    },
    read: async (assistantId, id) => {
      if (!canBeId(id)) return undefined;
      const path = pathOf(EVENT, `${assistantId}/${id}`);
      const event = await api.find(path);
      return event === undefined ? undefined : eventOf(event, "GET", path);
    },
    create: async (assistantId, event, idempotencyKey) => {
      const path = pathOf(EVENTS, assistantId);
      const answer = await api.act({ method: "POST", path, body: bodyOf(event), idempotencyKey });
      return eventOf(required(answer, "POST", path), "POST", path);
    },
    delete: (assistantId, id) => deleteAt(api, pathOf(EVENT, `${assistantId}/${id}`), 1),
  };
}

function queryOf({ channel, from, to }: EventFilter): Readonly<Record<string, string>> {
  return {
    ...(channel !== undefined && { conversation_channel: channel }),
    ...(from !== undefined && { from_date: from }),
    ...(to !== undefined && { to_date: to }),
  };
}

function bodyOf(event: NewEvent): JsonObject {
  const { text, variables, metadata, sipRegion, retries, retryIntervalSeconds } = event;
  return {
    telnyx_conversation_channel: event.channel,
    scheduled_at_fixed_datetime: event.at,
    telnyx_agent_target: event.from,
    telnyx_end_user_target: event.to,
    ...(text !== undefined && { text }),
    ...(variables !== undefined && { dynamic_variables: variables }),
    ...(metadata !== undefined && { conversation_metadata: metadata }),
    ...(sipRegion !== undefined && { call_settings: { sip_region: sipRegion } }),
    ...(retries !== undefined && { max_retries_client_errors: retries }),
    ...(retryIntervalSeconds !== undefined && { retry_interval_secs: retryIntervalSeconds }),
  };
}

const FIELDS = {
  channel: "telnyx_conversation_channel",
  status: "status",
  at: "scheduled_at_fixed_datetime",
  from: "telnyx_agent_target",
  to: "telnyx_end_user_target",
  text: "text",
} as const;

function eventOf(all: JsonObject, method: string, path: string): ScheduledEvent {
  const texts = Object.entries(FIELDS).flatMap(([name, key]) => {
    const value = property(all, key);
    if (typeof value !== "string") return [];
    return [[name, name === "at" ? (timeOf(value) ?? value) : value] as const];
  });
  return { id: idOf(all, EVENT_ID, method, path), all, ...Object.fromEntries(texts) };
}
