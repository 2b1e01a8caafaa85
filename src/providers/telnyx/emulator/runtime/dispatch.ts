import { liveAssistant } from "../references.ts";
import type { AssistantRecord, EventRecord } from "../records.ts";
import type { World } from "../world.ts";
import { filledIn } from "./bot.ts";
import { type Said, say, startConversation, texts } from "./conversations.ts";
import { attemptsOf, isCall } from "./event-view.ts";
import { deliver, type Ends, greetingOf, metadataOf, openConversation } from "./outbox.ts";

/** Starts all calls and sends all messages that are due. True if there were any. */
export function dispatchDue(world: World): boolean {
  if (world.store.scheduledEvents.size === 0) return false;
  const now = world.now();
  const due = world.store.scheduledEvents
    .all()
    .flatMap((event) =>
      attemptsOf(event, now)
        .slice(event.dispatched)
        .map(({ start }) => ({ id: event.id, start })),
    )
    .toSorted((a, b) => a.start - b.start);
  for (const { id, start } of due) dispatch({ ...world, now: () => start }, id);
  return due.length > 0;
}

function dispatch(world: World, id: string): void {
  const { scheduledEvents: events } = world.store;
  const event = events.get(id);
  if (event === undefined || event.lost !== undefined) return;
  const assistant = liveAssistant(world, event.assistant_id);
  if (assistant === undefined) {
    events.put(id, { ...event, lost: `Assistant with id '${event.assistant_id}' not found` });
    return;
  }
  const conversationId = event.conversation_id ?? begin(world, event, assistant);
  const text = isCall(event) ? {} : { text: textOf(event) };
  deliver(world, {
    ...endsOf(event),
    assistant_id: assistant.id,
    ...text,
    conversation_id: conversationId,
    scheduled_event_id: id,
  });
  events.put(id, { ...event, dispatched: event.dispatched + 1, conversation_id: conversationId });
}

/** A call has a conversation of its own. A message continues the conversation between the two numbers. */
function begin(world: World, event: EventRecord, assistant: AssistantRecord): string {
  const ends = endsOf(event);
  const metadata = { ...metadataOf(assistant, ends), ...texts(event.body["conversation_metadata"]) };
  const open = isCall(event) ? undefined : openConversation(world, assistant, ends);
  const conversation = open ?? startConversation(world, { metadata });
  const text = isCall(event) ? greetingOf(assistant) : textOf(event);
  const said: readonly Said[] =
    text === undefined ? [] : [{ role: "assistant", text: withValues(event, text) }];
  return say(world, conversation, said, metadata).id;
}

const textOf = (event: EventRecord): string => withValues(event, String(event.body["text"]));

function withValues({ body }: EventRecord, text: string): string {
  return filledIn(text, texts(body["dynamic_variables"]));
}

function endsOf({ body }: EventRecord): Ends {
  return {
    channel: body["telnyx_conversation_channel"] === "phone_call" ? "phone_call" : "sms_chat",
    from: String(body["telnyx_agent_target"]),
    to: String(body["telnyx_end_user_target"]),
  };
}
