import type { Chats } from "../../../model/chat.ts";
import { type Json, property } from "../../../model/json.ts";
import { DEEPEST_ANSWER, parseJson } from "../../../model/parse-json.ts";
import { ProviderError } from "../../../model/provider.ts";
import type { ServerEvent } from "../client/request.ts";
import { parseProblem } from "../errors.ts";
import { type Api, canBeId, idOf, pathOf, protocolError, required } from "../rest.ts";
import { messagesIn } from "./test-history.ts";

const CONVERSATIONS = "/ai/conversations";
const CONVERSATION = "/ai/conversations/{id}";

/** Chats with assistants. The API takes no idempotency key with a message: one whose answer is lost is not repeated. */
export function chats(api: Api): Chats {
  return {
    start: async (idempotencyKey) => {
      const answer = await api.act({ method: "POST", path: CONVERSATIONS, body: {}, idempotencyKey });
      return idOf(required(answer, "POST", CONVERSATIONS), "id", "POST", CONVERSATIONS);
    },
    earlier: async (id) => {
      if (!canBeId(id)) return undefined;
      const conversation = await api.find(pathOf(CONVERSATION, id));
      if (conversation === undefined) return undefined;
      const assistantId = property(property(conversation, "metadata"), "assistant_id");
      return {
        ...(typeof assistantId === "string" && { assistantId }),
        messages: (await messagesIn(api, id)) ?? [],
      };
    },
    say: async (assistantId, { conversationId, text, onPiece, signal }) => {
      const path = pathOf("/ai/assistants/{id}/chat", assistantId);
      const stream = onPiece === undefined ? undefined : streamed(path, onPiece);
      const answer = await api.act({
        method: "POST",
        path,
        body: {
          content: text,
          conversation_id: conversationId,
          ...(stream !== undefined && { stream: true }),
        },
        onEvent: stream?.onEvent,
        signal,
      });
      return answer === undefined && stream !== undefined ? stream.answer() : contentOf(answer, path);
    },
  };
}

function contentOf(answer: Json | undefined, path: string): string {
  const content = property(answer, "content");
  if (typeof content === "string") return content;
  throw protocolError("POST", path, "the answer holds no content");
}

/** Collects the events `delta`, `done` and `error`, and ignores others. */
function streamed(path: string, onPiece: (piece: string) => void) {
  let heard = "";
  let whole: string | undefined;
  let error: ProviderError | undefined;
  const hear = (piece: string) => {
    heard += piece;
    if (piece !== "") onPiece(piece);
  };
  const take = ({ name, data }: ServerEvent): "more" | "last" => {
    if (name === "error") throw streamError(path, data);
    if (name !== "delta" && name !== "done") return "more";
    const content = contentOf(parsed(path, data), path);
    if (name === "delta") hear(content);
    else whole = content;
    return name === "done" ? "last" : "more";
  };
  return {
    onEvent: (event: ServerEvent): "more" | "last" => {
      try {
        return take(event);
      } catch (failure) {
        if (!(failure instanceof ProviderError)) throw failure;
        error = failure;
        return "last";
      }
    },
    answer: (): string => {
      if (error !== undefined) throw error;
      // Nothing was streamed: the answer is empty.
      if (whole === undefined) throw protocolError("POST", path, "the answer holds no content");
      if (whole.trim() === "") return heard;
      if (whole.startsWith(heard)) hear(whole.slice(heard.length));
      // What was heard is not what was said in the end.
      else if (whole.trim() !== heard.trim()) hear(`\n${whole}`);
      return whole;
    },
  };
}

function parsed(path: string, data: string): Json {
  try {
    return parseJson(data, DEEPEST_ANSWER);
  } catch {
    throw protocolError("POST", path, "an event of the answer is not JSON");
  }
}

/** The assistant failed after it had begun to answer. */
function streamError(path: string, data: string): ProviderError {
  const { code, detail = "the assistant could not answer" } = parseProblem(data);
  return new ProviderError({
    reason: "server",
    method: "POST",
    path,
    effect: "unknown",
    message: detail,
    ...(code !== undefined && { code }),
  });
}
