import { mainVersion } from "../references.ts";
import type { AssistantRecord, ConversationRecord, Sent } from "../records.ts";
import { timestamp, type World } from "../world.ts";
import { answerTo } from "./bot.ts";

/** The two ends of a call or of a message. */
export interface Ends {
  readonly channel: "phone_call" | "sms_chat";
  readonly from: string;
  readonly to: string;
}

/** The metadata that Telnyx itself adds to a conversation. */
export function metadataOf(
  assistant: AssistantRecord,
  { channel, from, to }: Ends,
): Readonly<Record<string, string>> {
  return {
    assistant_id: assistant.id,
    telnyx_conversation_channel: channel,
    telnyx_agent_target: from,
    telnyx_end_user_target: to,
  };
}

/** The newest conversation between the two ends on this channel. */
export function openConversation(
  world: World,
  assistant: AssistantRecord,
  ends: Ends,
): ConversationRecord | undefined {
  const wanted = Object.entries(metadataOf(assistant, ends));
  return world.store.conversations
    .all()
    .findLast(({ metadata }) => wanted.every(([key, value]) => metadata[key] === value));
}

/** Records a call or message to a person. */
export function deliver(world: World, sent: Omit<Sent, "id" | "at">): void {
  const id = world.chance.uuid();
  world.store.sent.put(id, { id, ...sent, at: timestamp(world) });
}

/** The greeting, if the assistant has a fixed one. */
export function greetingOf(assistant: AssistantRecord): string | undefined {
  const greeting = mainVersion(assistant).config["greeting"];
  const isSaid = typeof greeting === "string" && greeting !== "" && greeting !== MODEL_GENERATED;
  return isSaid ? greeting : undefined;
}

const MODEL_GENERATED = "<assistant-speaks-first-with-model-generated-message>";

/** The text that an assistant sends if none is given. */
export function spoken(world: World, assistant: AssistantRecord): string {
  const text = answerTo(world, { assistant, content: "" }).pieces.join("");
  return text === "" ? `This is ${String(mainVersion(assistant).config["name"])}.` : text;
}
