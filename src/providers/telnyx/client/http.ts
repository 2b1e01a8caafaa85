import type { Dispatcher } from "undici";
import type { Json } from "../../../model/json.ts";
import type { Runtime } from "../../../model/runtime.ts";
import { parseProblem } from "../errors.ts";
import { parseJson } from "../json.ts";
import type { Redact } from "../redact.ts";
import { openConnections, type ProxySettings } from "./connection.ts";
import { type Attempt, type Ending, type Failed, failureOf } from "./failure.ts";
import { explainFault } from "./fault.ts";
import { createPace, type Pace } from "./pace.ts";
import { decide, mayHaveRun, type RetryBudget, retryBudget, retryHint } from "./retry.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

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
  const { runtime, onRequest, redact, baseUrl } = line.options;
  const hasIdempotencyKey = request.idempotencyKey !== undefined;
  let mayHaveEffect = false;
  for (let attempts = 1; ; attempts += 1) {
    await line.pace.enter();
    const began = runtime.now().getTime();
    counted();
    const result = await attemptOnce(line, request).finally(() => line.pace.leave());
    const next = result.type === "success" ? undefined : nextStep(line, request, result, attempts);
    const milliseconds = runtime.now().getTime() - began;
    onRequest?.(
      eventOf(redact(request.path), request.method, result, { attempt: attempts, milliseconds }, next),
    );
    if (result.type === "success") {
      line.budget.earn();
      return result.json;
    }
    mayHaveEffect ||= mayHaveRun(result);
    if (typeof next !== "number") {
      const { method, path } = request;
      const giveUp = next ?? "final";
      const ending = {
        method,
        path,
        hasIdempotencyKey,
        attempts,
        mayHaveEffect,
        giveUp,
        baseUrl: baseUrl.href,
      };
      throw failureOf(result, ending, redact);
    }
    await runtime.sleep(next);
  }
}

/** Milliseconds until the next attempt, or why there is none. */
function nextStep(
  line: Line,
  request: HttpRequest,
  failed: Failed,
  attempt: number,
): number | Ending["giveUp"] {
  const hasKey = request.idempotencyKey !== undefined;
  const verdict = decide(attempt, failed, request.method, hasKey, line.options.runtime.random());
  if ("giveUp" in verdict) return verdict.giveUp;
  if (!line.budget.spend()) return "budget";
  if (failed.type === "answer" && failed.status === 429) line.pace.hold(verdict.retryAfter);
  return verdict.retryAfter;
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
  const query = new URLSearchParams(request.query).toString();
  return {
    origin: baseUrl.origin,
    path: `${baseUrl.pathname === "/" ? "" : baseUrl.pathname}${request.path}${query && `?${query}`}`,
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
    return judgeSuccess(status, text, requestId);
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

function judgeSuccess(status: number, text: string, requestId: { readonly requestId?: string }): Attempt {
  try {
    return { type: "success", status, json: text.trim() === "" ? undefined : parseJson(text), ...requestId };
  } catch (cause) {
    const isPage = text.trimStart().startsWith("<");
    const what = isPage ? "a web page and not the API's JSON" : "a body that is not JSON, or not all of it";
    const explanation = `answered ${status} with ${what}`;
    return {
      type: "fault",
      fault: isPage ? "foreign" : "garbled",
      sent: true,
      explanation,
      status,
      cause,
      ...requestId,
    };
  }
}

function eventOf(
  path: string,
  method: Method,
  result: Attempt,
  measured: Pick<RequestEvent, "attempt" | "milliseconds">,
  next: number | string | undefined,
): RequestEvent {
  return {
    method,
    path,
    ...measured,
    ...(result.status !== undefined && { status: result.status }),
    ...(result.requestId !== undefined && { requestId: result.requestId }),
    ...(result.type === "fault" && { fault: result.explanation }),
    ...(typeof next === "number" && { retryAfter: next }),
  };
}
