import type { ProviderError, ProviderFailure } from "../../../model/provider.ts";
import { type Problem, providerError, reasonOf } from "../errors.ts";
import type { Redact } from "../redact.ts";
import type { Failed, Refused } from "./attempt.ts";
import { LONGEST_WAIT } from "./retry.ts";

/** How a request ended that failed and is not repeated. */
export interface Ending {
  readonly method: string;
  readonly path: string;
  readonly hasIdempotencyKey: boolean;
  readonly attempts: number;
  /** True when any of the attempts may have done what was asked for. */
  readonly mayHaveEffect: boolean;
  readonly giveUp: "final" | "unsafe" | "attempts" | "wait" | "budget";
  readonly baseUrl: string;
}

/** The typed error of a request, with a message for people and without secrets. */
export function failureOf(failed: Failed, ending: Ending, redact: Redact): ProviderError {
  const { method, path, attempts, mayHaveEffect, giveUp } = ending;
  const effect = method !== "GET" && mayHaveEffect && !disproves(failed, ending) ? "unknown" : "no";
  const what = failed.type === "answer" ? answer(failed, ending) : failed.explanation;
  const failure: ProviderFailure = {
    reason: reasonFor(failed),
    message: [what, GIVEN_UP[giveUp]].filter((note) => note !== undefined).join("; "),
    method,
    path,
    effect,
    attempts,
    ...(giveUp === "budget" && { exhausted: true as const }),
    ...(failed.status !== undefined && { status: failed.status }),
    ...(failed.requestId !== undefined && { requestId: failed.requestId }),
    ...(failed.type === "answer" && problemOf(failed.problem)),
  };
  return providerError(failure, redact, failed.type === "fault" ? failed.cause : undefined);
}

const GIVEN_UP: Readonly<Partial<Record<Ending["giveUp"], string>>> = {
  wait: `it asks for a longer wait than ${LONGEST_WAIT / 1000} s`,
  budget: "not retried: too many requests of this run failed",
};

/** With a key, a refusal of the content says that no earlier attempt went through: its success would be replayed. */
function disproves(failed: Failed, { hasIdempotencyKey }: Ending): boolean {
  return hasIdempotencyKey && (failed.status === 400 || failed.status === 422);
}

function reasonFor(failed: Failed): ProviderFailure["reason"] {
  if (failed.type === "fault") return isAnswered(failed) ? "protocol" : "network";
  // A web page in place of the API: nothing is known about the object.
  return failed.status === 404 && failed.problem.page ? "protocol" : reasonOf(failed.status);
}

function problemOf({ code, field }: Problem): Pick<ProviderFailure, "code" | "field"> {
  return { ...(code !== undefined && { code }), ...(field !== undefined && { field }) };
}

function isAnswered({ fault }: Extract<Failed, { type: "fault" }>): boolean {
  return fault === "garbled" || fault === "foreign";
}

function answer({ status, problem, location }: Refused, { baseUrl }: Ending): string | undefined {
  if (status >= 300 && status < 400) {
    const to = location === undefined ? "" : ` to ${location.split("?")[0]}`;
    return `a redirect${to}; redirects are not followed, to protect the key; check the base URL ${baseUrl}`;
  }
  return problem.detail ?? PLAIN[status];
}

/** What a status means where the body says nothing. */
const PLAIN: Readonly<Record<number, string>> = {
  401: "the API key was rejected",
  403: "the API key has no permission for this",
  404: "object not found",
  429: "too many requests",
};
