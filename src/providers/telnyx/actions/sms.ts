import { property } from "../../../model/json.ts";
import type { TextMessages } from "../../../model/text-message.ts";
import { type Api, pathOf, protocolError } from "../rest.ts";

/** Sends text messages. The API takes an idempotency key: a message whose answer is lost is not sent twice. */
export function textMessages(api: Api): TextMessages {
  return {
    send: async (assistantId, { from, to, text, isNewConversation, metadata }, idempotencyKey) => {
      const path = pathOf("/ai/assistants/{id}/chat/sms", assistantId);
      const answer = await api.act({
        method: "POST",
        path,
        body: {
          from,
          to,
          ...(text !== undefined && { text }),
          ...(isNewConversation === true && { should_create_conversation: true }),
          ...(metadata !== undefined && { conversation_metadata: metadata }),
        },
        idempotencyKey,
      });
      // All of its members are optional, but it is not: something else has answered.
      if (answer === undefined) throw protocolError("POST", path, "the answer holds no object");
      const id = property(answer, "conversation_id");
      return typeof id === "string" && id !== "" ? id : undefined;
    },
  };
}
