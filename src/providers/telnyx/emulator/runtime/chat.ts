import type { JsonObject } from "../../../../model/json.ts";
import { assistantOf } from "../assistants.ts";
import { chatMessage } from "../check/runtime.ts";
import { badRequest, Refusal, type Reply, telnyxError } from "../errors.ts";
import { encode } from "../exact-json.ts";
import { bodyOf, type Handler, ok } from "../world.ts";
import { answerTo, type BotAnswer } from "./bot.ts";
import { conversationWith, say } from "./conversations.ts";

export const chat: Handler = (call) => {
  const { world } = call;
  const assistant = assistantOf(call);
  const { content, conversation_id: id, name, stream } = bodyOf(call, chatMessage);
  const conversation = conversationWith(world, String(id));
  if (conversation.metadata["ai_disabled"] === "true")
    throw badRequest(`AI is disabled for conversation '${conversation.id}'`);
  const sender = typeof name === "string" ? { name } : {};
  const answer = answerTo(world, { assistant, content: String(content), ...sender });
  const text = answer.pieces.join("");
  const reply = answer.fail === undefined ? [...answer.calls, { role: "assistant", text }] : [];
  say(world, conversation, [{ role: "user", text: String(content) }, ...reply], {
    assistant_id: assistant.id,
    telnyx_conversation_channel: "web_chat",
    ...conversation.metadata,
  });
  if (stream === true) return streamed(answer, text);
  if (answer.fail !== undefined) throw new Refusal(failure(answer.fail));
  return ok({ content: text });
};

function failure({
  status = 500,
  detail = "The assistant could not answer",
}: NonNullable<BotAnswer["fail"]>): Reply {
  return telnyxError(status, detail);
}

/** Server-sent events. A failure before the first event is an ordinary error response. */
function streamed({ pieces, fail }: BotAnswer, text: string): Reply {
  if (fail !== undefined && fail.after === undefined) return failure(fail);
  const deltas = pieces.slice(0, fail?.after).map((content) => event("delta", { content }));
  const last =
    fail === undefined
      ? event("done", { content: text, whatsapp_template: null })
      : event("error", (failure(fail).body ?? {}) as JsonObject);
  return { status: 200, pieces: [...deltas, last], headers: { "content-type": "text/event-stream" } };
}

function event(name: string, data: JsonObject): string {
  return `event: ${name}\ndata: ${encode(data)}\n\n`;
}
