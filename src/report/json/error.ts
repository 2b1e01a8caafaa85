import type { Diagnostic } from "../../model/diagnostic.ts";
import { stringify } from "../../model/json.ts";
import type { ProviderFailure } from "../../model/provider.ts";
import { plain } from "./plain.ts";
import { requestJson } from "./request.ts";

/** Why a command failed, besides its message. */
export interface ErrorDetails {
  /** What to do. */
  readonly help?: string | undefined;
  /** The request that failed. */
  readonly failure?: ProviderFailure | undefined;
  /** What is wrong with files. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** An error for programs, in one line. */
export function errorJson(message: string, { help, failure, diagnostics }: ErrorDetails): string {
  const error = { message, help, failure: failure && requestJson(failure), diagnostics };
  return stringify({ error: plain(error) });
}
