import type { Dispatcher } from "undici";
import { type Header, headerReader } from "../../../http/exchange.ts";
import type { Json } from "../../../model/json.ts";
import { ACCEPTED_ENCODINGS, BodyError } from "../../../http/decoded-body.ts";
import { jsonReader, type JsonReader } from "../../../model/json-reader.ts";
import { parseProblem, type Problem } from "../errors.ts";
import { DEEPEST_ANSWER, NestingError } from "../../../model/parse-json.ts";
import { readBody, refusalText, streamedText, textOf, type Received } from "./body.ts";
import type { Sending } from "./connection.ts";
import { readEvents } from "./events.ts";
import { explainFault } from "./fault.ts";
import type { Connections, HttpOptions, HttpRequest } from "./request.ts";
import { type Outcome, retryHint } from "./retry.ts";

/** What came of one attempt. */
export type Attempt =
  | {
      readonly type: "success";
      readonly json: Json | undefined;
      readonly status: number;
      readonly requestId?: string;
    }
  | Refused
  | (Extract<Outcome, { type: "fault" }> & {
      readonly explanation: string;
      readonly status?: number;
      readonly requestId?: string;
      readonly cause?: unknown;
    });

export type Failed = Exclude<Attempt, { type: "success" }>;

export type Refused = Extract<Outcome, { type: "answer" }> & {
  readonly problem: Problem;
  readonly location?: string;
  readonly requestId?: string;
};

/** Sends once and reads the whole answer. Never throws: an error is an outcome. */
export async function attemptOnce(
  connections: Connections,
  options: HttpOptions,
  request: HttpRequest,
  learn: (header: Header) => void,
): Promise<Attempt> {
  let sent = false;
  let status: number | undefined;
  const limit = timeLimit(options.timeout, request.signal);
  try {
    const opaque: Sending = { tell: () => (sent = true) };
    const response = await connections.request({
      ...dispatchOptions(options, request),
      signal: limit.signal,
      opaque,
    });
    status = response.statusCode;
    const header = headerReader(response.headers);
    const received = { status, header, body: response.body };
    if (!isSuccess(status)) return await refusal(received, learn, options.runtime.now());
    if (request.onEvent === undefined || !isStream(header))
      return await success(received, request, { learn, onChunk: limit.restart });
    learn(header);
    await readEvents(response.body, request.onEvent, limit.restart);
    return { type: "success", status, json: undefined, ...requestIdOf(header) };
  } catch (error) {
    const host = options.baseUrl.host;
    const fault =
      error instanceof BodyError
        ? unreadable(error)
        : explainFault(error, sent, { host, timeout: options.timeout });
    return { type: "fault", ...fault, ...(status !== undefined && { status }), cause: error };
  } finally {
    limit.clear();
  }
}

/** So many times as long as another answer may a stream take. */
const STREAM_TIMES = 10;

/** Aborts what takes too long, and what the caller stops. A stream has the time for each of its parts. */
function timeLimit(milliseconds: number, stop: AbortSignal | undefined) {
  const end = Date.now() + STREAM_TIMES * milliseconds;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new DOMException("took too long", "TimeoutError")), milliseconds);
  return {
    signal: stop === undefined ? limit.signal : AbortSignal.any([limit.signal, stop]),
    restart: () => {
      if (Date.now() < end) timer.refresh();
    },
    clear: () => clearTimeout(timer),
  };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isStream(header: Header): boolean {
  return /^text\/event-stream\b/i.test(header("content-type") ?? "");
}

function unreadable({
  problem,
  message,
}: BodyError): Extract<Outcome, { type: "fault" }> & { readonly explanation: string } {
  return { type: "fault", fault: problem === "size" ? "foreign" : "garbled", sent: true, explanation: message };
}

function dispatchOptions(options: HttpOptions, request: HttpRequest): Dispatcher.RequestOptions {
  const { baseUrl, apiKey, userAgent } = options;
  const query = new URLSearchParams(request.query).toString();
  return {
    origin: baseUrl.origin,
    path: `${baseUrl.pathname === "/" ? "" : baseUrl.pathname}${request.path}${query && `?${query}`}`,
    method: request.method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...acceptedBy(request),
      "user-agent": userAgent,
      ...(request.body !== undefined && { "content-type": "application/json" }),
      ...(request.idempotencyKey !== undefined && { "idempotency-key": request.idempotencyKey }),
    },
    ...(request.body !== undefined && { body: request.body }),
  };
}

function acceptedBy({ onEvent, textLimit }: HttpRequest): Readonly<Record<string, string>> {
  const json = "application/json";
  if (onEvent !== undefined) return { accept: `text/event-stream, ${json}`, "accept-encoding": "identity" };
  if (textLimit !== undefined) return { accept: `text/plain, ${json}`, "accept-encoding": "identity" };
  return { accept: json, "accept-encoding": ACCEPTED_ENCODINGS };
}

function requestIdOf(header: Header): { readonly requestId?: string } {
  const id = header("x-request-id");
  return id === undefined ? {} : { requestId: id };
}

interface Reading {
  readonly learn: (header: Header) => void;
  /** A part of a text that is streamed has arrived. */
  readonly onChunk: () => void;
}

async function success(
  received: Received,
  { isText, textLimit }: HttpRequest,
  { learn, onChunk }: Reading,
): Promise<Attempt> {
  const { status, header } = received;
  const reader = jsonReader(DEEPEST_ANSWER);
  if (isText === true || textLimit !== undefined) {
    const text = await (textLimit === undefined
      ? textOf(received)
      : streamedText(received, textLimit, onChunk));
    learn(header);
    // A streamed text is always as it is.
    if (textLimit !== undefined || !/^\s*"/.test(text))
      return { type: "success", status, json: text, ...requestIdOf(header) };
    reader.add(text);
  } else {
    await readBody(received, reader);
    learn(header);
  }
  return judgeSuccess(status, reader, requestIdOf(header));
}

function judgeSuccess(status: number, reader: JsonReader, requestId: { readonly requestId?: string }): Attempt {
  try {
    return { type: "success", status, json: reader.end(), ...requestId };
  } catch (cause) {
    const { fault, what } = misreading(reader.frame(), cause);
    return { type: "fault", fault, sent: true, explanation: what, status, cause, ...requestId };
  }
}

/** What is not from the API, or would come again as it is, is not asked for again. */
function misreading(
  text: string,
  cause: unknown,
): { readonly fault: "foreign" | "garbled"; readonly what: string } {
  if (cause instanceof NestingError) return { fault: "foreign", what: cause.message };
  return text.trimStart().startsWith("<")
    ? { fault: "foreign", what: "a web page and not the API's JSON" }
    : { fault: "garbled", what: "a body that is not JSON, or not all of it" };
}

async function refusal(received: Received, learn: (header: Header) => void, now: Date): Promise<Refused> {
  const { status, header } = received;
  const problem = parseProblem(await refusalText(received));
  learn(header);
  const location = header("location");
  return {
    type: "answer",
    status,
    problem,
    ...(problem.code !== undefined && { code: problem.code }),
    hint: retryHint(status, header, now),
    ...(location !== undefined && { location }),
    ...requestIdOf(header),
  };
}
