import type { JsonObject } from "../../../../model/json.ts";
import { assistantOf } from "../assistants.ts";
import { accept, type Problem } from "../check/accept.ts";
import { instantOf } from "../check/instant.ts";
import { eventQuery, scheduledEvent } from "../check/runtime.ts";
import { invalid, notFound, valueError } from "../errors.ts";
import { paged } from "../pages.ts";
import { takeRule } from "../scripted.ts";
import { recordIn } from "../store.ts";
import type { AssistantRecord, EventRecord } from "../records.ts";
import { bodyOf, type Call, created, EMPTY, type Handler, ok, param, timestamp, type World } from "../world.ts";
import { isAssistant } from "./bot.ts";
import { eventView } from "./event-view.ts";

function eventOf(call: Call): EventRecord {
  const assistant = assistantOf(call);
  const id = param(call, "event_id");
  const event = recordIn(call.world.store.scheduledEvents, "Scheduled event", id);
  if (event.assistant_id !== assistant.id) throw notFound("Scheduled event", id);
  return event;
}

export const getEvent: Handler = (call) => ok(eventView(eventOf(call), call.world.now()));

/** Cancels a pending event, and removes the record of any other. */
export const deleteEvent: Handler = (call) => {
  call.world.store.scheduledEvents.drop(eventOf(call).id);
  return EMPTY;
};

export const listEvents: Handler = (call) => {
  const assistant = assistantOf(call);
  const { conversation_channel: channel, from, to } = queryOf(call);
  const found = call.world.store.scheduledEvents
    .all()
    .filter(
      ({ assistant_id: id, body, due }) =>
        id === assistant.id &&
        (channel === undefined || body["telnyx_conversation_channel"] === channel) &&
        (from === undefined || due >= from) &&
        (to === undefined || due <= to),
    );
  return paged(call, found, (event) => eventView(event, call.world.now()));
};

function queryOf({ query }: Call) {
  const problems: Problem[] = [];
  accept(eventQuery, query, ["query"], problems);
  if (problems.length > 0) throw invalid(...problems);
  const { conversation_channel, from_date: from, to_date: to } = query;
  return { conversation_channel, from: timeOf(from), to: timeOf(to) };
}

const timeOf = (text: string | undefined) => (text === undefined ? undefined : instantOf(text));

export const postEvent: Handler = (call) => {
  const { world } = call;
  const assistant = assistantOf(call);
  const body = bodyOf(call, scheduledEvent);
  const due = instantOf(String(body["scheduled_at_fixed_datetime"])) ?? world.now();
  if (body["telnyx_conversation_channel"] === "sms_chat" && (body["text"] ?? "") === "")
    throw valueError(["text"], "text is required for sms scheduled events");
  const event: EventRecord = {
    id: world.chance.uuid(),
    assistant_id: assistant.id,
    body: { ...body, scheduled_at_fixed_datetime: new Date(due).toISOString() },
    created_at: timestamp(world),
    due,
    dispatched: 0,
    ...courseOf(world, assistant, body),
  };
  world.store.scheduledEvents.put(event.id, event);
  return created(eventView(event, Math.min(world.now(), due - 1)));
};

/** How the event will end, by the last rule that matches. */
function courseOf(world: World, assistant: AssistantRecord, body: JsonObject) {
  const channel = body["telnyx_conversation_channel"];
  const rule = takeRule(
    world.rules.events,
    (one) =>
      isAssistant(assistant, one.assistant) &&
      (one.channel === undefined || one.channel === channel) &&
      (one.to === undefined || one.to === body["telnyx_end_user_target"]),
  );
  return {
    outcomes: rule?.outcomes ?? ["completed"],
    seconds: rule?.seconds ?? (channel === "phone_call" ? 30 : 1),
  };
}
