import type { Dispatcher } from "undici";
import type { Json } from "../../../model/json.ts";
import { ProviderError, type ProviderFailure } from "../../../model/provider.ts";
import type { Runtime } from "../../../model/runtime.ts";
import { parseProblem, type Problem, providerError, reasonOf } from "../errors.ts";
import { parseJson } from "../json.ts";
import type { Redact } from "../redact.ts";
import { openConnections, type ProxySettings } from "./connection.ts";
import { explainFault, type Fault } from "./fault.ts";
import { createPace, type Pace } from "./pace.ts";
import { decide, mayHaveRun, type Outcome, type RetryBudget, retryBudget, retryHint } from "./retry.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface HttpRequest {
  readonly method: Method;
  /** Below the base URL, its segments encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON text: the same bytes on every attempt. */
  readonly body?: string;
  readonly idempotencyKey?: string;
}

/** One attempt, for verbose logs: no header, no body, no secret. */
export interface RequestEvent {
  readonly method: Method;
  readonly path: string;
  readonly attempt: number;
  readonly milliseconds: number;
  readonly status?: number;
  readonly requestId?: string;
  /** Why there was no answer. */
  readonly fault?: string;
  /** Milliseconds until the next attempt. */
  readonly retryAfter?: number;
}

export interface HttpOptions {
  readonly baseUrl: URL;
  readonly apiKey: string;
  readonly runtime: Runtime;
  readonly redact: Redact;
  readonly parallelism: number;
  /** Milliseconds, from sending to the last byte of the answer. */
  readonly timeout: number;
  readonly userAgent: string;
  readonly proxy?: ProxySettings;
  readonly onRequest?: (event: RequestEvent) => void;
}

export interface HttpClient {
  /** The JSON of a success; `undefined` for an empty body. Throws `ProviderError`. */
  send(request: HttpRequest): Promise<Json | undefined>;
  /** Attempts so far. */
  count(): { readonly reads: number; readonly writes: number };
  close(): Promise<void>;
}

/** What came of one attempt. */
type Attempt =
  | {
      readonly type: "success";
      readonly json: Json | undefined;
      readonly status: number;
      readonly requestId?: string;
    }
  | (Extract<Outcome, { type: "answer" }> & {
      readonly problem: Problem;
      readonly location?: string;
      readonly requestId?: string;
    })
  | (Extract<Outcome, { type: "fault" }> &
      Fault & { readonly status?: number; readonly requestId?: string; readonly cause?: unknown });

type Failed = Exclude<Attempt, { type: "success" }>;

interface Line {
  readonly options: HttpOptions;
  readonly pool: Dispatcher;
  readonly pace: Pace;
  readonly budget: RetryBudget;
}

export function createHttpClient(options: HttpOptions): HttpClient {
  const line: Line = {
    options,
    pool: openConnections(options),
    pace: createPace(options.parallelism, options.runtime),
    budget: retryBudget(),
  };
  let reads = 0;
  let writes = 0;
  return {
    send: (request) =>
      sendWithRetries(line, request, () => {
        if (request.method === "GET") reads += 1;
        else writes += 1;
      }),
    count: () => ({ reads, writes }),
    close: () => line.pool.close(),
  };
}

async function sendWithRetries(
  line: Line,
  request: HttpRequest,
  counted: () => void,
): Promise<Json | undefined> {
  const { runtime, onRequest } = line.options;
  let mayHaveEffect = false;
  for (let attempt = 1; ; attempt += 1) {
    await line.pace.enter();
    const began = runtime.now().getTime();
    counted();
    const result = await attemptOnce(line, request).finally(() => line.pace.leave());
    const wait = result.type === "success" ? undefined : waitFor(line, request, result, attempt);
    onRequest?.(eventOf(line.options, request, result, attempt, runtime.now().getTime() - began, wait));
    if (result.type === "success") {
      line.budget.earn();
      return result.json;
    }
    mayHaveEffect ||= mayHaveRun(result);
    if (wait === undefined) throw failure(line.options, request, result, attempt, mayHaveEffect);
    await runtime.sleep(wait);
  }
}

/** Milliseconds until the next attempt, or `undefined` when there is none. */
function waitFor(line: Line, request: HttpRequest, failed: Failed, attempt: number): number | undefined {
  const hasKey = request.idempotencyKey !== undefined;
  const verdict = decide(attempt, failed, request.method, hasKey, line.options.runtime.random());
  const wait = "retryAfter" in verdict && line.budget.spend() ? verdict.retryAfter : undefined;
  if (failed.type === "answer" && failed.status === 429 && wait !== undefined) line.pace.hold(wait);
  return wait;
}

async function attemptOnce(line: Line, request: HttpRequest): Promise<Attempt> {
  const { timeout } = line.options;
  let sent = false;
  const pool = line.pool.compose(
    (dispatch) => (opts, handler) =>
      dispatch(
        opts,
        whenSent(handler, () => (sent = true)),
      ),
  );
  let status: number | undefined;
  try {
    const response = await pool.request(dispatchOptions(line.options, request));
    status = response.statusCode;
    const text = await response.body.text();
    const header = headerReader(response.headers);
    line.pace.learn(header);
    return judge(line.options, status, text, header);
  } catch (error) {
    const fault = explainFault(error, sent, timeout);
    return { type: "fault", ...fault, ...(status !== undefined && { status }), cause: error };
  }
}

/** Tells when the request is written to a connection: an error before that moment left no trace on the server. */
function whenSent(handler: Dispatcher.DispatchHandler, tell: () => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => {
      tell();
      handler.onRequestStart?.(controller, context);
    },
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}

function dispatchOptions(options: HttpOptions, request: HttpRequest): Dispatcher.RequestOptions {
  const { baseUrl, apiKey, userAgent, timeout } = options;
  const query = request.query === undefined ? "" : `?${new URLSearchParams(request.query)}`;
  return {
    origin: baseUrl.origin,
    path: `${baseUrl.pathname === "/" ? "" : baseUrl.pathname}${request.path}${query}`,
    method: request.method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      accept: "application/json",
      "user-agent": userAgent,
      ...(request.body !== undefined && { "content-type": "application/json" }),
      ...(request.idempotencyKey !== undefined && { "idempotency-key": request.idempotencyKey }),
    },
    ...(request.body !== undefined && { body: request.body }),
    signal: AbortSignal.timeout(timeout),
  };
}

function headerReader(headers: Readonly<Record<string, string | string[] | undefined>>) {
  return (name: string): string | undefined => {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    return Array.isArray(value) ? value[0] : value;
  };
}

function judge(
  options: HttpOptions,
  status: number,
  text: string,
  header: (name: string) => string | undefined,
): Attempt {
  const id = header("x-request-id");
  const requestId = id === undefined ? {} : { requestId: id };
  if (status >= 200 && status < 300) {
    try {
      return { type: "success", status, json: text.trim() === "" ? undefined : parseJson(text), ...requestId };
    } catch (cause) {
      const explanation = `answered ${status} with a body that is not JSON, or not all of it`;
      return { type: "fault", fault: "garbled", sent: true, explanation, status, cause, ...requestId };
    }
  }
  const problem = parseProblem(text);
  const location = header("location");
  return {
    type: "answer",
    status,
    problem,
    ...(problem.code !== undefined && { code: problem.code }),
    hint: retryHint(status, header, options.runtime.now()),
    ...(location !== undefined && { location }),
    ...requestId,
  };
}

function eventOf(
  options: HttpOptions,
  request: HttpRequest,
  result: Attempt,
  attempt: number,
  milliseconds: number,
  retryAfter: number | undefined,
): RequestEvent {
  return {
    method: request.method,
    path: options.redact(request.path),
    attempt,
    milliseconds,
    ...(result.status !== undefined && { status: result.status }),
    ...(result.requestId !== undefined && { requestId: result.requestId }),
    ...(result.type === "fault" && { fault: options.redact(result.explanation) }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

function failure(
  options: HttpOptions,
  request: HttpRequest,
  failed: Failed,
  attempts: number,
  mayHaveEffect: boolean,
): ProviderError {
  const known: Omit<ProviderFailure, "message" | "reason" | "effect"> = {
    method: request.method,
    path: request.path,
    attempts,
    ...(failed.status !== undefined && { status: failed.status }),
    ...(failed.requestId !== undefined && { requestId: failed.requestId }),
  };
  const effect = request.method !== "GET" && mayHaveEffect && !disproves(request, failed) ? "unknown" : "no";
  if (failed.type === "fault") {
    const reason = failed.fault === "garbled" ? "protocol" : "network";
    const what = failed.fault === "garbled" ? failed.explanation : `failed: ${failed.explanation}`;
    return providerError(what, { ...known, reason, effect }, options.redact, failed.cause);
  }
  const { problem, status } = failed;
  const reason = status === 404 && problem.page ? "protocol" : reasonOf(status);
  return providerError(
    describe(failed, options),
    {
      ...known,
      reason,
      effect,
      ...(problem.code !== undefined && { code: problem.code }),
      ...(problem.field !== undefined && { field: problem.field }),
    },
    options.redact,
  );
}

/** With a key, a refusal of the content says that no earlier attempt went through: its success would be replayed. */
function disproves(request: HttpRequest, failed: Failed): boolean {
  return request.idempotencyKey !== undefined && (failed.status === 400 || failed.status === 422);
}

function describe(failed: Extract<Failed, { type: "answer" }>, options: HttpOptions): string {
  const { status, problem, location } = failed;
  if (status >= 300 && status < 400) {
    const to = location === undefined ? "" : ` to ${location.split("?")[0]}`;
    return `answered ${status}, a redirect${to}; redirects are not followed, so that the key goes nowhere else; is the base URL ${options.baseUrl.href} right?`;
  }
  const code = problem.code === undefined || problem.code === String(status) ? "" : ` (code ${problem.code})`;
  const detail = problem.detail ?? PLAIN[status];
  return `answered ${status}${code}${detail === undefined ? "" : `: ${detail}`}`;
}

/** What a status means where the body says nothing. */
const PLAIN: Readonly<Record<number, string>> = {
  401: "the API key was not accepted",
  403: "the API key may not do this",
  404: "there is no such object",
  429: "too many requests",
};
