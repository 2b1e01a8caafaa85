import type { Json } from "../../../model/json.ts";
import type { RequestCount } from "../../../model/provider.ts";
import type { Redact } from "../redact.ts";
import { type Attempt, attemptOnce, type Failed } from "./attempt.ts";
import { openPool } from "./connection.ts";
import { type Ending, failureOf } from "./failure.ts";
import { createPace, type Pace } from "./pace.ts";
import type { Reply } from "./window.ts";
import type { Connections, HttpOptions, HttpRequest, RequestEvent } from "./request.ts";
import { costOf, decide, mayHaveRun, type RetryBudget, retryBudget } from "./retry.ts";

export interface HttpClient {
  /** The JSON of a success; `undefined` for an empty body. Throws `ProviderError`. */
  send(request: HttpRequest): Promise<Json | undefined>;
  /** So far. */
  count(): RequestCount;
  close(): Promise<void>;
}

interface Line {
  readonly options: HttpOptions;
  readonly pool: Connections;
  readonly pace: Pace;
  readonly budget: RetryBudget;
}

export function createHttpClient(options: HttpOptions): HttpClient {
  const line: Line = {
    options,
    pool: options.connections ?? openPool(options),
    pace: createPace(options.parallelism, options.runtime),
    budget: retryBudget(),
  };
  let reads = 0;
  let writes = 0;
  let repeated = 0;
  return {
    send: (request) =>
      sendWithRetries(line, request, (attempt) => {
        if (request.method === "GET") reads += 1;
        else writes += 1;
        if (attempt > 1) repeated += 1;
      }),
    count: () => ({ reads, writes, repeated }),
    close: () => line.pool.close(),
  };
}

async function sendWithRetries(
  line: Line,
  request: HttpRequest,
  counted: (attempt: number) => void,
): Promise<Json | undefined> {
  const { options, pace, pool, budget } = line;
  const { runtime, redact } = options;
  let mayHaveEffect = false;
  for (let attempts = 1; ; attempts += 1) {
    request.signal?.throwIfAborted();
    const number = await pace.enter();
    const began = runtime.now().getTime();
    counted(attempts);
    const result = await attemptOnce(pool, options, request, pace.learn);
    pace.leave(number, replyOf(result));
    const next = result.type === "success" ? undefined : nextStep(line, request, result, attempts);
    const measured = { attempt: attempts, milliseconds: runtime.now().getTime() - began };
    if (result.requestId !== undefined) request.onRequestId?.(result.requestId);
    options.onRequest?.(eventOf(redact, request, result, { ...measured, next }));
    if (result.type === "success") {
      budget.earn();
      return result.json;
    }
    request.signal?.throwIfAborted();
    mayHaveEffect ||= mayHaveRun(result);
    if (typeof next === "number") await runtime.sleep(next, request.signal);
    else
      throw failureOf(
        result,
        endingOf(line, request, { attempts, mayHaveEffect, giveUp: next ?? "final" }),
        redact,
      );
  }
}

function replyOf(result: Attempt): Reply {
  if (result.type === "success") return "success";
  return result.type === "answer" && result.status === 429 ? "limited" : "other";
}

type Counted = Pick<Ending, "attempts" | "mayHaveEffect" | "giveUp">;

function endingOf({ options }: Line, { method, path, idempotencyKey }: HttpRequest, counted: Counted): Ending {
  const hasIdempotencyKey = idempotencyKey !== undefined;
  return { method, path, hasIdempotencyKey, baseUrl: options.baseUrl.href, ...counted };
}

/** Milliseconds until the next attempt, or why there is none. */
function nextStep(
  line: Line,
  request: HttpRequest,
  failed: Failed,
  attempt: number,
): number | Ending["giveUp"] {
  const repeatable = { method: request.method, hasIdempotencyKey: request.idempotencyKey !== undefined };
  const verdict = decide(attempt, failed, repeatable, line.options.runtime.random());
  // What is not safe to repeat here is looked up by the engine, and then repeated there.
  if ("giveUp" in verdict && verdict.giveUp !== "unsafe") return verdict.giveUp;
  if (!line.budget.spend(costOf(failed))) return "budget";
  if ("giveUp" in verdict) return verdict.giveUp;
  if (failed.type === "answer" && failed.status === 429) line.pace.hold(verdict.retryAfter);
  return verdict.retryAfter;
}

/** `next`: milliseconds until the next attempt, or why there is none. */
type Measured = Pick<RequestEvent, "attempt" | "milliseconds"> & {
  readonly next: number | string | undefined;
};

function eventOf(
  redact: Redact,
  { method, path }: HttpRequest,
  result: Attempt,
  { next, ...measured }: Measured,
): RequestEvent {
  return {
    method,
    path: redact(path),
    ...measured,
    ...(result.status !== undefined && { status: result.status }),
    ...(result.requestId !== undefined && { requestId: result.requestId }),
    ...(result.type === "fault" && { fault: redact(result.explanation) }),
    ...(typeof next === "number" && { retryAfter: next }),
  };
}
