import type { ProviderFailure } from "./provider.ts";
import type { SpokenMessage } from "./test-run.ts";

/** One message to an assistant, in a conversation. */
export interface ChatMessage {
  readonly conversationId: string;
  readonly text: string;
  /** Called with each part of the answer as it arrives. Without it, the answer is not streamed. */
  readonly onPiece?: ((piece: string) => void) | undefined;
  /** Stops waiting for the answer: `say` throws its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A conversation that was held before. */
export interface EarlierConversation {
  /** Absent where the API does not say it. */
  readonly assistantId?: string;
  readonly messages: readonly SpokenMessage[];
}

/** The port through which people and scripts chat with an assistant. Every method may throw a `ProviderError`. */
export interface Chats {
  /** Starts a conversation and answers its id. */
  start(idempotencyKey: string): Promise<string>;
  /** `undefined` when there is no such conversation. */
  earlier(conversationId: string): Promise<EarlierConversation | undefined>;
  /** Sends the message, never twice, and answers what the assistant says. */
  say(assistantId: string, message: ChatMessage): Promise<string>;
}

/** A message and what came of it. */
export interface Turn {
  readonly message: string;
  /** As much of it as arrived. */
  readonly answer?: string;
  /** `unknown`: the assistant may have received the message, and the answer is not complete. */
  readonly status: "answered" | "stopped" | "failed" | "unknown";
  /** Why there is no complete answer. */
  readonly problem?: string;
  /** The request that failed. */
  readonly failure?: ProviderFailure;
  readonly milliseconds: number;
  /** Of a script: what was expected of the answer. */
  readonly checks?: readonly AnswerCheck[];
}

/** An expectation, and whether the answer meets it. */
export interface AnswerCheck {
  /** `contains "opening hours"`, `does not match /refund/` */
  readonly expectation: string;
  readonly isMet: boolean;
}

/** A conversation from its first message of this run to its last. */
export interface Transcript {
  readonly assistant: { readonly address?: string; readonly id: string; readonly name: string };
  /** Absent where none was started. */
  readonly conversationId?: string;
  /** What was said in the conversation before; absent for a new one. */
  readonly earlier?: readonly SpokenMessage[];
  readonly turns: readonly Turn[];
  /** The script that it followed. */
  readonly script?: { readonly file: string; readonly messages: readonly string[] };
}
