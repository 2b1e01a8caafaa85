import { ProviderError, type ProviderFailure } from "../model/provider.ts";

/** It is not known whether a request that changes something took effect. */
export interface UnknownEffect {
  readonly status: "unknown";
  readonly why: string;
  readonly failure?: ProviderFailure;
}

/** What an error says of a request that is not repeated. Throws the error if nothing was changed, or if it is another one. */
export function unknownEffect(error: unknown): UnknownEffect & { readonly failure: ProviderFailure } {
  if (!(error instanceof ProviderError) || error.failure.effect === "no") throw error;
  return { status: "unknown", why: error.message, failure: error.failure };
}
