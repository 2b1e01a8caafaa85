import type { Dispatcher } from "undici";
import { type Header, headerReader } from "../../../http/exchange.ts";
import type { Json } from "../../../model/json.ts";
import { ACCEPTED_ENCODINGS, BodyError, decodedBody, decodedPieces } from "../../../http/decoded-body.ts";
import { parseProblem, type Problem } from "../errors.ts";
import { DEEPEST_ANSWER, NestingError, parseJson } from "../../../model/parse-json.ts";
import { MAX_RESPONSE, type Sending } from "./connection.ts";
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

/** Sends once and reads the whole answer. Never throws: whatever goes wrong is what came of it. */
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
    if (request.onEvent !== undefined && isStream(status, header)) {
      learn(header);
      await readEvents(response.body, request.onEvent, limit.restart);
      return { type: "success", status, json: undefined, ...requestIdOf(header) };
    }
    const reading = { textLimit: request.textLimit, onChunk: limit.restart };
    const text = await textOf(status, response.body, header, reading);
    learn(header);
    return judge(status, text, header, { now: options.runtime.now(), text: textFormOf(request) });
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

function isStream(status: number, header: Header): boolean {
  return status >= 200 && status < 300 && /^text\/event-stream\b/i.test(header("content-type") ?? "");
}

interface Reading {
  readonly textLimit?: number | undefined;
  readonly onChunk: () => void;
}

/** Of a text that ends where the connection ends it is not known whether it is whole. */
async function streamedText(
  body: AsyncIterable<Uint8Array>,
  header: Header,
  { textLimit, onChunk }: Reading & { readonly textLimit: number },
): Promise<string> {
  const encoding = header("content-encoding") ?? "identity";
  if (encoding !== "identity")
    throw new BodyError("encoding", `the answer is in an encoding that was not asked for: ${encoding}`);
  const type = header("content-type") ?? "";
  if (!/^text\/plain\b/i.test(type)) throw new BodyError("encoding", `the answer is not a plain text: ${type}`);
  if (header("transfer-encoding") === undefined && header("content-length") === undefined)
    throw new BodyError("cut", "the answer does not say where it ends");
  return decodedPieces(heard(body, onChunk), textLimit);
}

async function* heard(body: AsyncIterable<Uint8Array>, onChunk: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    onChunk();
    yield chunk;
  }
}

/** A refusal is one whatever its body holds. */
async function textOf(
  status: number,
  body: Dispatcher.ResponseData["body"],
  header: Header,
  { textLimit, onChunk }: Reading,
): Promise<string> {
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && textLimit !== undefined) return streamedText(body, header, { textLimit, onChunk });
  const encoding = header("content-encoding");
  if (isSuccess && encoding === undefined && Number(header("content-length")) > LARGE)
    return decodedPieces(body, MAX_RESPONSE);
  const bytes = new Uint8Array(await body.arrayBuffer());
  const text = decodedBody(bytes, encoding, MAX_RESPONSE);
  return isSuccess ? text : text.catch(() => "");
}

/** Bytes of a body that is not held as a whole beside its text. */
const LARGE = 1024 * 1024;

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

/** A streamed text is always as it is. */
type TextForm = "plain" | "plain or JSON";

function textFormOf({ isText, textLimit }: HttpRequest): TextForm | undefined {
  if (textLimit !== undefined) return "plain";
  return isText === true ? "plain or JSON" : undefined;
}

interface Judging {
  readonly now: Date;
  readonly text: TextForm | undefined;
}

function judge(status: number, text: string, header: Header, { now, text: form }: Judging): Attempt {
  const requestId = requestIdOf(header);
  if (status >= 200 && status < 300) {
    const isPlain = form === "plain" || (form !== undefined && !/^\s*"/.test(text));
    return isPlain
      ? { type: "success", status, json: text, ...requestId }
      : judgeSuccess(status, text, requestId);
  }
  const problem = parseProblem(text);
  const location = header("location");
  return {
    type: "answer",
    status,
    problem,
    ...(problem.code !== undefined && { code: problem.code }),
    hint: retryHint(status, header, now),
    ...(location !== undefined && { location }),
    ...requestId,
  };
}

function judgeSuccess(status: number, text: string, requestId: { readonly requestId?: string }): Attempt {
  try {
    const json = text.trim() === "" ? undefined : parseJson(text, DEEPEST_ANSWER);
    return { type: "success", status, json, ...requestId };
  } catch (cause) {
    const { fault, what } = misreading(text, cause);
    return {
      type: "fault",
      fault,
      sent: true,
      explanation: what,
      status,
      cause,
      ...requestId,
    };
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
