import type { Header } from "../../../http/exchange.ts";
import { retryAfter } from "../../../http/retry-after.ts";

/** How one attempt ended without a usable answer. */
export type Outcome =
  | {
      readonly type: "answer";
      readonly status: number;
      /** The API's own code. */
      readonly code?: string;
      readonly hint?: RetryHint;
    }
  | {
      readonly type: "fault";
      /** A success whose body is not whole is `garbled`; one that is a web page or nested too deep is `foreign`. */
      readonly fault: "connection" | "certificate" | "garbled" | "foreign";
      /** False when the request surely never reached the server. */
      readonly sent: boolean;
      readonly timedOut?: true;
    };

/** What the server says about trying again. */
export interface RetryHint {
  /** Milliseconds. */
  readonly after?: number;
  readonly should?: boolean;
}

export type Verdict =
  | { readonly retryAfter: number }
  | { readonly giveUp: "final" | "unsafe" | "attempts" | "wait" };

/** A write that is repeated with a key or a read: this often, at most half a minute of waiting. */
const MAX_ATTEMPTS = 8;
/** A server that cannot be reached at all is said so soon. */
const MAX_CONNECTS = 5;
const BASE = 500;
const CAP = 8_000;
/** A server that asks for more patience than this is not waited for. */
export const LONGEST_WAIT = 120_000;
/** Clients that got the same time to wait must not all repeat at the same moment. */
const SPREAD = 250;

const KEY_IN_PROGRESS = "10036";

/** What of a request decides whether it can be repeated. */
interface Repeatable {
  readonly method: string;
  readonly hasIdempotencyKey: boolean;
}

/**
 * Whether and when to try again; the one retry policy. `attempt` counts from 1, `random` is in [0, 1). A request is
 * repeatable when it reads, or when it carries an idempotency key and the server did not fail while it ran it; any other
 * is repeated only if it surely was not executed.
 */
export function decide(
  attempt: number,
  outcome: Outcome,
  { method, hasIdempotencyKey }: Repeatable,
  random: number,
): Verdict {
  const repeatable = method === "GET" || (hasIdempotencyKey && !isForgotten(outcome));
  if (!isTransient(outcome, hasIdempotencyKey)) return { giveUp: "final" };
  if (!repeatable && mayHaveRun(outcome)) return { giveUp: "unsafe" };
  if (attempt >= (isUnreachable(outcome) ? MAX_CONNECTS : MAX_ATTEMPTS)) return { giveUp: "attempts" };
  const after = outcome.type === "answer" ? outcome.hint?.after : undefined;
  if (after === undefined) return { retryAfter: Math.round(random * Math.min(CAP, BASE * 2 ** (attempt - 1))) };
  return after > LONGEST_WAIT ? { giveUp: "wait" } : { retryAfter: Math.round(after + random * SPREAD) };
}

function isTransient(outcome: Outcome, hasIdempotencyKey: boolean): boolean {
  if (outcome.type === "fault") return outcome.fault === "connection" || outcome.fault === "garbled";
  if (outcome.hint?.should !== undefined) return outcome.hint.should;
  const { status, code } = outcome;
  if (status === 409) return hasIdempotencyKey && code === KEY_IN_PROGRESS;
  return status === 408 || status === 429 || status >= 500;
}

/** Whether the server may have done what the request asks for. */
export function mayHaveRun(outcome: Outcome): boolean {
  if (outcome.type === "fault") return outcome.sent;
  const { status, code } = outcome;
  if (status === 408 || status >= 500 || isAfterwards(status)) return true;
  return status === 409 && code === KEY_IN_PROGRESS;
}

/** A redirect to where the result is, and not to where the request belongs. */
function isAfterwards(status: number): boolean {
  return status === 302 || status === 303;
}

/** Only successes are remembered under a key: what failed after its effect would be done a second time. */
function isForgotten(outcome: Outcome): boolean {
  return outcome.type === "answer" && (outcome.status === 408 || outcome.status >= 500);
}

function isUnreachable(outcome: Outcome): boolean {
  return outcome.type === "fault" && !outcome.sent;
}

/**
 * Failures that are tried again cost tokens, successes earn a part of one: a short outage is ridden out, a long one
 * ends the run.
 */
export interface RetryBudget {
  /** False when there are not as many left. */
  spend(tokens: number): boolean;
  earn(): void;
}

/** A time-out costs as much patience as many a quick failure: two of them in a row are borne. */
export function costOf(outcome: Outcome): number {
  return outcome.type === "fault" && outcome.timedOut === true ? 40 : 1;
}

/** Tokens for a success. */
const EARNED = 0.5;

export function retryBudget(size = 100): RetryBudget {
  let tokens = size;
  return {
    spend: (cost) => {
      if (tokens < cost) return false;
      tokens -= cost;
      return true;
    },
    earn: () => {
      tokens = Math.min(size, tokens + EARNED);
    },
  };
}

/** Reads `retry-after-ms`, `retry-after` (seconds or a date), `x-should-retry` and, on a 429, `x-ratelimit-reset`. */
export function retryHint(status: number, header: Header, now: Date): RetryHint {
  const should = header("x-should-retry");
  const after =
    milliseconds(header("retry-after-ms"), 1) ??
    retryAfter(header("retry-after"), header("date"), now) ??
    (status === 429 ? milliseconds(header("x-ratelimit-reset"), 1000) : undefined);
  return {
    ...(after !== undefined && { after }),
    ...((should === "true" || should === "false") && { should: should === "true" }),
  };
}

function milliseconds(text: string | undefined, unit: number): number | undefined {
  return text !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Math.ceil(Number(text) * unit) : undefined;
}
