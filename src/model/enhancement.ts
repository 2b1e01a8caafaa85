/** What the suggestion is made from. */
export interface EnhanceRequest {
  /** The text to be improved; default: the instructions of the live assistant. */
  readonly instructions?: string;
  /** What to change. */
  readonly prompt?: string | undefined;
}

/** The port that asks for better instructions. Nothing changes live. Throws `ProviderError`. */
export interface Enhancer {
  enhance(assistantId: string, request: EnhanceRequest): Promise<string>;
}
