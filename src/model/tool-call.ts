import type { JsonObject } from "./json.ts";

/** One call of a tool, to try it. */
export interface ToolCall {
  readonly assistantId: string;
  readonly toolId: string;
  readonly arguments: JsonObject;
  readonly variables: Readonly<Record<string, string>>;
}

export interface ToolAnswer {
  /** The tool answered with a success. */
  readonly isSuccess: boolean;
  readonly status: number;
  readonly contentType: string;
  readonly response: string;
  /** What was sent to the tool, as the API shows it. */
  readonly request: JsonObject;
}

/** The port that calls tools. Throws `ProviderError`. The API takes no idempotency key with it. */
export interface ToolCalls {
  call(call: ToolCall): Promise<ToolAnswer>;
}
