import { property } from "../../../model/json.ts";
import type { TextMessages } from "../../../model/text-message.ts";
import { type Api, pathOf } from "../rest.ts";

/** Sends text messages. The API takes an idempotency key: a message whose answer is lost is not sent twice. */
export function textMessages(api: Api): TextMessages {
  return {
    send: async (assistantId, { from, to, text, isNewConversation, metadata }, idempotencyKey) => {
      const answer = await api.act({
        method: "POST",
        path: pathOf("/ai/assistants/{id}/chat/sms", assistantId),
        body: {
          from,
          to,
          ...(text !== undefined && { text }),
          ...(isNewConversation === true && { should_create_conversation: true }),
          ...(metadata !== undefined && { conversation_metadata: metadata }),
        },
        idempotencyKey,
      });
      const id = property(answer, "conversation_id");
      return typeof id === "string" && id !== "" ? id : undefined;
    },
  };
}
