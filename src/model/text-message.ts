/** A text message (SMS) from an assistant to a person. */
export interface TextMessage {
  /** Phone numbers in E.164. */
  readonly from: string;
  readonly to: string;
  /** Without it, the API sends the greeting or lets the assistant write. */
  readonly text?: string;
  /** Start a conversation, also where the two numbers have one. */
  readonly isNewConversation?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The port that sends text messages. Throws `ProviderError`. */
export interface TextMessages {
  /** The id of the conversation, where the API says it. */
  send(assistantId: string, message: TextMessage, idempotencyKey: string): Promise<string | undefined>;
}
