import { isList, isObject, type Json, type JsonObject } from "../../../../model/json.ts";
import { addMessage, createConversation, updateConversation } from "../check/runtime.ts";
import { recordIn } from "../store.ts";
import { paged } from "../pages.ts";
import type { ConversationRecord, Message } from "../records.ts";
import { bodyOf, type Call, checked, EMPTY, type Handler, ok, param, timestamp, type World } from "../world.ts";
import { matching } from "./filters.ts";

export function conversationWith({ store }: World, id: string): ConversationRecord {
  return recordIn(store.conversations, "Conversation", id);
}

const conversationOf = (call: Call) => conversationWith(call.world, param(call, "conversation_id"));

function conversationView({ messages: _messages, ...shown }: ConversationRecord): JsonObject {
  return shown;
}

interface NewConversation {
  readonly id?: string;
  readonly name?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export function startConversation(world: World, given: NewConversation): ConversationRecord {
  const now = timestamp(world);
  const conversation: ConversationRecord = {
    id: given.id ?? world.chance.uuid(),
    ...(given.name !== undefined && { name: given.name }),
    metadata: given.metadata,
    created_at: now,
    last_message_at: now,
    messages: [],
  };
  world.store.conversations.put(conversation.id, conversation);
  return conversation;
}

/** A message before it is stored. */
export type Said = Omit<Message, "created_at">;

/** Adds messages to a conversation, and merges metadata into its own. */
export function say(
  world: World,
  conversation: ConversationRecord,
  messages: readonly Said[],
  metadata: Readonly<Record<string, string>> = {},
): ConversationRecord {
  const now = timestamp(world);
  const added = messages.map((message) => ({ created_at: now, sent_at: now, ...message }));
  const changed: ConversationRecord = {
    ...conversation,
    ...(added.length > 0 && { last_message_at: now }),
    metadata: { ...conversation.metadata, ...metadata },
    messages: [...conversation.messages, ...added],
  };
  world.store.conversations.put(changed.id, changed);
  return changed;
}

/** Metadata values as strings, as conversations store them. */
export function texts(value: Json | undefined): Readonly<Record<string, string>> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([key, one]) => [key, String(one)]));
}

export const listConversations: Handler = (call) => {
  const found = matching(call.query, call.world.store.conversations.all().map(conversationView));
  return ok({ data: found });
};

export const postConversation: Handler = (call) => {
  const { name, metadata } = checked(createConversation, call.body ?? {});
  const given = { metadata: texts(metadata), ...(typeof name === "string" && { name }) };
  return ok(conversationView(startConversation(call.world, given)));
};

export const getConversation: Handler = (call) => ok({ data: conversationView(conversationOf(call)) });

export const putConversation: Handler = (call) => {
  const conversation = conversationOf(call);
  const { metadata } = bodyOf(call, updateConversation);
  const changed = metadata === undefined ? conversation : { ...conversation, metadata: texts(metadata) };
  call.world.store.conversations.put(changed.id, changed);
  return ok({ data: conversationView(changed) });
};

export const deleteConversation: Handler = (call) => {
  call.world.store.conversations.drop(conversationOf(call).id);
  return EMPTY;
};

export const listMessages: Handler = (call) => {
  const { messages } = conversationOf(call);
  return paged(call, messages as unknown as readonly JsonObject[], (message) => message);
};

export const postMessage: Handler = (call) => {
  const conversation = conversationOf(call);
  const { role, content, sent_at: sent, tool_calls: calls, metadata } = bodyOf(call, addMessage);
  const message: Said = {
    role: String(role),
    text: typeof content === "string" ? content : null,
    ...(typeof sent === "string" && { sent_at: sent }),
    ...(isList(calls) && { tool_calls: calls }),
    ...(isObject(metadata) && { metadata }),
  };
  say(call.world, conversation, [message]);
  return EMPTY;
};
