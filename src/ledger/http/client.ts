import { Agent, EnvHttpProxyAgent, request, type Dispatcher } from "undici";
import { causesOf } from "../../model/causes.ts";
import { ACCEPTED_ENCODINGS, BodyError, decodedBody } from "../../model/decoded-body.ts";
import { LedgerError } from "../../model/ledger.ts";
import { retryAfter } from "../../model/retry-after.ts";
import type { Runtime } from "../../model/runtime.ts";
import { redacted, visible } from "../../model/visible.ts";

/** From the environment, read by whoever starts the program. */
export interface Proxy {
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}

export interface HttpClientOptions {
  /** For people. */
  readonly place: string;
  readonly runtime: Runtime;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Milliseconds for a request and its whole answer. */
  readonly timeout: number;
  readonly proxy?: Proxy | undefined;
  readonly userAgent: string;
}

export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly body?: string;
}

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
const ATTEMPTS = 4;
const BACKOFF = 500;

/** Follows no redirect: what leads elsewhere would take the credentials along. */
export function openHttpClient(options: HttpClientOptions): HttpClient {
  const { place, runtime, username, password, timeout } = options;
  const dispatcher = connections(options);
  const basic =
    username === undefined && password === undefined
      ? undefined
      : Buffer.from(`${username ?? ""}:${password ?? ""}`).toString("base64");
  const secrets = [basic ?? "", password ?? ""].filter((secret) => secret.length >= 4);
  const send = async ({ method, url, body }: HttpCall): Promise<HttpAnswer | HttpFault> => {
    const [limit, ended] = [new AbortController(), new AbortController()];
    const late = `no complete answer within ${timeout / 1000} s; ${LATER}`;
    runtime.sleep(timeout, ended.signal).then(
      () => limit.abort(new Error(late)),
      () => undefined,
    );
    try {
      const headers = headersOf(options.userAgent, basic, body !== undefined);
      const call = { method, headers, body: body ?? null, dispatcher };
      return await answerOf(await request(url, { ...call, signal: limit.signal }), runtime);
    } catch (error) {
      return limit.signal.aborted ? { fault: late } : faultOf(error);
    } finally {
      ended.abort();
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

async function answerOf(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  runtime: Runtime,
): Promise<HttpAnswer> {
  const bytes = new Uint8Array(await body.arrayBuffer());
  const text = await decodedBody(bytes, one(headers["content-encoding"]), MAX_RESPONSE);
  const location = one(headers["location"]);
  const wait = retryAfter(one(headers["retry-after"]), one(headers["date"]), runtime.now());
  return {
    status: statusCode,
    text,
    ...(location === undefined ? {} : { location }),
    ...(wait === undefined ? {} : { wait: Math.min(MAX_WAIT, wait) }),
  };
}

function connections({ place, timeout, proxy }: HttpClientOptions): Dispatcher {
  // Said aloud, so that no variable of the environment can switch the checking of certificates off.
  const tls = { timeout: Math.min(timeout, 10_000), rejectUnauthorized: true };
  const common = {
    connect: tls,
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxResponseSize: MAX_RESPONSE,
  };
  const { httpsProxy = "", noProxy = "" } = proxy ?? {};
  if (httpsProxy === "") return new Agent(common);
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(httpsProxy) ? httpsProxy : `http://${httpsProxy}`;
  if (!URL.canParse(url))
    throw new LedgerError("unavailable", `${place} cannot be used: HTTPS_PROXY is not a URL`);
  // An empty text and not an absent one: undici would look into the environment for that.
  return new EnvHttpProxyAgent({
    ...common,
    proxyTls: tls,
    requestTls: tls,
    httpProxy: "",
    httpsProxy: url,
    noProxy,
  });
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
  const isLast = limit(client);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await client.send(call);
    if (!isPassing(answer) || isLast(attempt)) return answer;
    await backOff(client, answer, attempt);
  }
}

/** Few attempts, and fewer when each of them takes long. */
export function limit({ runtime, patience }: HttpClient): (attempt: number) => boolean {
  const began = runtime.now().getTime();
  return (attempt) => attempt >= ATTEMPTS || runtime.now().getTime() - began > patience;
}

export async function backOff(
  { runtime }: HttpClient,
  answer: HttpAnswer | HttpFault,
  attempt: number,
): Promise<void> {
  const asked = isFault(answer) ? undefined : answer.wait;
  await runtime.sleep(asked ?? BACKOFF * 2 ** attempt * runtime.random());
}

function one(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}

const TLS = /CERT|SELF_SIGNED|ISSUER|^UNABLE_TO_|^ERR_(?:SSL|TLS)_|^EPROTO$/;

/** The first code along the causes. */
function faultOf(error: unknown): HttpFault {
  if (error instanceof BodyError)
    return { fault: error.message, ...(error.problem === "size" && { isLasting: true }) };
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
