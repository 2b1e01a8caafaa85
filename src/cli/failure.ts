import type { Advice } from "../model/next-step.ts";
import type { ProviderFailure } from "../model/provider.ts";

/** A mistake in how a command was called or set up: said in one line, with what to do. Exit code 1. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly hint: Advice | undefined;
  /** The request that failed, where one did. */
  readonly failure: ProviderFailure | undefined;

  constructor(message: string, hint?: Advice, failure?: ProviderFailure) {
    super(message);
    this.hint = hint;
    this.failure = failure;
  }
}

/** A full disk, a folder without write permission, or a port in use is not a bug. */
export function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

/** What was asked for is refused, such as a plan file that is not to be trusted. Exit code 4. */
export class Refused extends UsageError {}

/** It is not known whether what was asked for was done. Exit code 3. */
export class UnknownOutcome extends UsageError {}

/** Standard output, or what was asked for, was printed already; only the exit code remains. */
export class ExitError extends Error {
  override readonly name = "Ended";
  readonly code: 1 | 2 | 3 | 4;

  constructor(code: 1 | 2 | 3 | 4) {
    super(`exit ${code}`);
    this.code = code;
  }
}
