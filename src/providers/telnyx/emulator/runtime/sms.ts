import { isObject } from "../../../../model/json.ts";
import { assistantOf } from "../assistants.ts";
import { smsMessage } from "../check/runtime.ts";
import { badRequest } from "../errors.ts";
import { mainVersion } from "../references.ts";
import type { AssistantRecord } from "../records.ts";
import { bodyOf, type Handler, ok } from "../world.ts";
import { say, startConversation, texts } from "./conversations.ts";
import { deliver, type Ends, greetingOf, metadataOf, openConversation, spoken } from "./outbox.ts";

/**
 * Uses a new conversation if one is requested, otherwise the one between the two numbers. If there is none, the message
 * is sent without a conversation.
 */
export const sendSms: Handler = (call) => {
  const { world } = call;
  const assistant = assistantOf(call);
  const body = bodyOf(call, smsMessage);
  checkMessaging(assistant);
  const ends: Ends = { channel: "sms_chat", from: String(body["from"]), to: String(body["to"]) };
  const conversation =
    body["should_create_conversation"] === true
      ? startConversation(world, { metadata: metadataOf(assistant, ends) })
      : openConversation(world, assistant, ends);
  const isFirst = (conversation?.messages ?? []).length === 0;
  const given = typeof body["text"] === "string" && body["text"] !== "" ? body["text"] : undefined;
  const text = given ?? (isFirst ? greetingOf(assistant) : undefined) ?? spoken(world, assistant);
  const where = conversation === undefined ? {} : { conversation_id: conversation.id };
  deliver(world, { ...ends, assistant_id: assistant.id, text, ...where });
  if (conversation !== undefined)
    say(world, conversation, [{ role: "assistant", text }], texts(body["conversation_metadata"]));
  return ok(where);
};

function checkMessaging(assistant: AssistantRecord): void {
  const messaging = mainVersion(assistant).config["messaging_settings"];
  if (!isObject(messaging) || typeof messaging["default_messaging_profile_id"] !== "string")
    throw badRequest(`Assistant '${assistant.id}' has no messaging profile`);
}
