import { backOff, lastAttempt } from "../attempts.ts";
import { openConnections } from "../../http/connections.ts";
import { ACCEPTED_ENCODINGS, BodyError } from "../../http/decoded-body.ts";
import { type Answer, type Call, exchange, TimeoutError } from "../../http/exchange.ts";
import { retryAfter } from "../../http/retry-after.ts";
import { causesOf } from "../../model/causes.ts";
import { LedgerError } from "../../model/ledger.ts";
import type { ProxySettings } from "../../model/proxy.ts";
import type { Runtime } from "../../model/runtime.ts";
import { redacted } from "../../model/redacted.ts";
import { visible } from "../../model/visible.ts";

export interface HttpClientOptions {
  /** For people. */
  readonly place: string;
  readonly runtime: Runtime;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Milliseconds for a request and its whole answer. */
  readonly timeout: number;
  readonly proxy?: ProxySettings | undefined;
  readonly userAgent: string;
}

export type HttpCall = Pick<Call, "method" | "url" | "body">;

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  readonly location?: string;
  /** Milliseconds that the server asks to wait. */
  readonly wait?: number;
}

/** No answer, or not a whole one; the request may have had its effect. */
export interface HttpFault {
  readonly fault: string;
  /** The same again would fail again, and has had no effect. */
  readonly isLasting?: true;
}

export interface HttpClient {
  readonly place: string;
  readonly runtime: Runtime;
  /** Milliseconds after which an attempt that failed is the last. */
  readonly patience: number;
  send(call: HttpCall): Promise<HttpAnswer | HttpFault>;
  /** `what` is a clause with its subject: `the ledger cannot be read`. */
  error(what: string, answer: HttpAnswer | HttpFault): LedgerError;
  close(): Promise<void>;
}

const MAX_RESPONSE = 256 * 1024 * 1024;
const MAX_WAIT = 30_000;

export function openHttpClient(options: HttpClientOptions): HttpClient {
  const { place, runtime, username, password, timeout, proxy } = options;
  const unusable = (why: string) => new LedgerError("unavailable", `${place} cannot be used: ${why}`);
  const dispatcher = openConnections({ timeout, maxResponseSize: MAX_RESPONSE, proxy, unusable });
  const basic =
    username === undefined && password === undefined
      ? undefined
      : Buffer.from(`${username ?? ""}:${password ?? ""}`).toString("base64");
  const secrets = [basic ?? "", password ?? ""].filter((secret) => secret.length >= 4);
  const send = async ({ method, url, body }: HttpCall): Promise<HttpAnswer | HttpFault> => {
    const headers = headersOf(options.userAgent, basic, body !== undefined);
    const limits = { dispatcher, timeout, maxResponseSize: MAX_RESPONSE };
    try {
      return answerOf(await exchange({ method, url, headers, body }, limits), runtime.now());
    } catch (error) {
      return faultOf(error);
    }
  };
  return {
    place,
    runtime,
    patience: 2 * timeout,
    send,
    error: (what, answer) =>
      new LedgerError("unavailable", `${what}: ${redacted(explanation(answer), secrets)}`),
    close: () => dispatcher.destroy(),
  };
}

function headersOf(userAgent: string, basic: string | undefined, hasBody: boolean): Record<string, string> {
  return {
    "user-agent": userAgent,
    accept: "application/json",
    "accept-encoding": ACCEPTED_ENCODINGS,
    ...(hasBody ? { "content-type": "application/json" } : {}),
    ...(basic === undefined ? {} : { authorization: `Basic ${basic}` }),
  };
}

function answerOf({ status, header, text }: Answer, now: Date): HttpAnswer {
  const location = header("location");
  const wait = retryAfter(header("retry-after"), header("date"), now);
  return {
    status,
    text,
    ...(location === undefined ? {} : { location }),
    ...(wait === undefined ? {} : { wait: Math.min(MAX_WAIT, wait) }),
  };
}

export function isFault(answer: HttpAnswer | HttpFault): answer is HttpFault {
  return "fault" in answer;
}

export function isSuccess(answer: HttpAnswer | HttpFault): boolean {
  return !isFault(answer) && answer.status >= 200 && answer.status < 300;
}

/** Whether the same request may succeed a moment later. */
export function isPassing(answer: HttpAnswer | HttpFault): boolean {
  if (isFault(answer)) return answer.isLasting !== true;
  return answer.status === 408 || answer.status === 429 || answer.status >= 500;
}

/** Repeats what may be repeated without harm, until there is a lasting answer or enough attempts were made. */
export async function insist(client: HttpClient, call: HttpCall): Promise<HttpAnswer | HttpFault> {
  const isLast = lastAttempt(client);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await client.send(call);
    if (!isPassing(answer) || isLast(attempt)) return answer;
    await backOff(client, attempt, waitIn(answer));
  }
}

/** Milliseconds that the server asks for before the next attempt. */
export function waitIn(answer: HttpAnswer | HttpFault): number | undefined {
  return isFault(answer) ? undefined : answer.wait;
}

const TLS = /CERT|SELF_SIGNED|ISSUER|^UNABLE_TO_|^ERR_(?:SSL|TLS)_|^EPROTO$/;

/** The first code along the causes. */
function faultOf(error: unknown): HttpFault {
  if (error instanceof BodyError)
    return { fault: error.message, ...(error.problem === "size" && { isLasting: true }) };
  if (error instanceof TimeoutError) return { fault: `${error.message}; ${LATER}` };
  let message = String(error);
  for (const cause of causesOf(error)) {
    if ("code" in cause && typeof cause.code === "string") return faultOfCode(cause.code);
    message = cause.message;
  }
  return { fault: `the connection failed: ${visible(message)}; ${LATER}` };
}

const LATER = "run again when the server can be reached";

function faultOfCode(code: string): HttpFault {
  if (!TLS.test(code)) return { fault: `the connection failed (${code}); ${LATER}` };
  const advice = "behind a proxy that inspects TLS, set NODE_EXTRA_CA_CERTS to its CA certificate";
  return { fault: `no trusted connection could be made (${code}); ${advice}`, isLasting: true };
}

function explanation(answer: HttpAnswer | HttpFault): string {
  if (isFault(answer)) return answer.fault;
  const { status, text, location } = answer;
  if (status === 401) {
    return "the server rejected the credentials (401): check the variables that username and password name";
  }
  if (status === 403) return "permission denied (403): the credentials need write access to the state";
  if (status >= 300 && status < 400) {
    return `the server redirects (${status}), and redirects are not followed; the new address may be ${visible(location ?? "unknown")}`;
  }
  if (status === 413) return "the server refuses a state of this size (413)";
  const excerpt = visible(text.trim().slice(0, 200));
  return `the server answered ${status}${excerpt === "" ? "" : `: ${excerpt}`}`;
}
