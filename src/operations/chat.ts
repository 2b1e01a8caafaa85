import type { Chats, Turn } from "../model/chat.ts";
import { ProviderError } from "../model/provider.ts";
import type { Runtime } from "../model/runtime.ts";
import type { SpokenMessage } from "../model/test-run.ts";
import { SelectionError } from "./account/account.ts";
import { maskedPieces } from "./masked-answer.ts";
import { calledBy, type FoundObject } from "./account/find.ts";

export interface ChatSetting {
  readonly chats: Chats;
  readonly runtime: Runtime;
  readonly assistantId: string;
  /** An earlier conversation, to be continued. */
  readonly conversationId?: string | undefined;
}

/**
 * What was said before in a conversation that is to be continued. Throws `SelectionError` where there is no such
 * conversation, or where it is with another assistant.
 */
export async function earlierIn(
  chats: Chats,
  assistant: FoundObject,
  conversationId: string,
): Promise<readonly SpokenMessage[]> {
  const earlier = await chats.earlier(conversationId);
  const hint = "to start a conversation, leave out --conversation";
  if (earlier === undefined) throw new SelectionError(`there is no conversation ${conversationId}`, hint);
  const { assistantId = assistant.id, messages } = earlier;
  if (assistantId === assistant.id) return messages;
  const other = `conversation ${conversationId} is with the assistant ${assistantId}`;
  throw new SelectionError(`${other}, and not with ${calledBy(assistant)}`, hint);
}

export interface Listening {
  readonly onPiece?: ((piece: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Conversation {
  /** `undefined` before the first message. */
  id(): string | undefined;
  /** Sends one message and returns how it ended. Throws no error of the API. */
  say(message: string, listening?: Listening): Promise<Turn>;
}

/** A conversation with an assistant. It is started with the first message, and once. */
export function conversationWith({ chats, runtime, assistantId, conversationId }: ChatSetting): Conversation {
  const key = runtime.uuid();
  let id = conversationId;
  const say: Conversation["say"] = async (message, { onPiece, signal } = {}) => {
    const began = runtime.now().getTime();
    const heard: string[] = [];
    const pieces = onPiece && maskedPieces(onPiece);
    const hear = pieces && ((piece: string) => (heard.push(piece), pieces.add(piece)));
    let isSent = false;
    const end = async (): Promise<End> => {
      try {
        signal?.throwIfAborted();
        id ??= await chats.start(key);
        isSent = true;
        const sent = { conversationId: id, text: message, onPiece: hear, signal };
        return { status: "answered", answer: await chats.say(assistantId, sent) };
      } catch (error) {
        return { ...brokenBy(error, isSent, signal), ...(heard.length > 0 && { answer: heard.join("") }) };
      }
    };
    const ended = await end();
    pieces?.end();
    return { message, ...ended, milliseconds: runtime.now().getTime() - began };
  };
  return { id: () => id, say };
}

type End = Omit<Turn, "message" | "milliseconds">;

function brokenBy(error: unknown, isSent: boolean, signal: AbortSignal | undefined): End {
  if (signal?.aborted === true) return { status: "stopped", problem: "the answer was stopped" };
  if (!(error instanceof ProviderError)) throw error;
  // That a conversation may have been started is nothing that the assistant received.
  const isUnknown = isSent && error.failure.effect === "unknown";
  return { status: isUnknown ? "unknown" : "failed", problem: error.message, failure: error.failure };
}
