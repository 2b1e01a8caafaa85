import type { Dispatcher } from "undici";
import { openConnections } from "../http/connections.ts";
import { ACCEPTED_ENCODINGS } from "../http/decoded-body.ts";
import { type Call, exchange, type Header } from "../http/exchange.ts";
import { causesOf } from "../model/causes.ts";
import { membersOf, objectsIn, property, stringify, type Json, type JsonObject } from "../model/json.ts";
import { isLoopback } from "../model/loopback.ts";
import { DEEPEST_ANSWER, NestingError, parseJson } from "../model/parse-json.ts";
import { proxyIn } from "../model/proxy.ts";
import type { Runtime } from "../model/runtime.ts";
import { ForgeError } from "./forge.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ApiOptions {
  /** For people. */
  readonly name: string;
  /** Without a slash at the end. */
  readonly base: string;
  /** With the credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly env: Environment;
  readonly runtime: Runtime;
}

interface Line extends ApiOptions {
  readonly dispatcher: Dispatcher;
}

export interface Api {
  /** Only members of an object are read from it, so that anything else is as good as nothing. */
  get(path: string): Promise<JsonObject>;
  /** Every element of a list, page by page; `inside` names the member that holds it. */
  list(path: string, inside?: string): AsyncIterable<JsonObject>;
  /** Repeated only where the forge refused it for its rate of requests: done twice, it would be two comments. */
  send(method: "POST" | "PATCH" | "PUT", path: string, body: JsonObject): Promise<JsonObject>;
}

interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly next: string | undefined;
  readonly header: Header;
}

/** A list with more pages than this is an error. */
const MAX_PAGES = 1_000;
const ATTEMPTS = 4;
const BACKOFF = 500;
const LIMITS = { timeout: 30_000, maxResponseSize: 64 * 1024 * 1024 };
/** Whether a forge says it with 403 or with 429: it is no missing permission. */
const RATE_LIMITED = 429;
/** More patience than this, a job does not have. */
const LONGEST_WAIT = 120_000;

export function createApi(options: ApiOptions): Api {
  const { base, name, env } = options;
  checkBase(name, base);
  const unusable = (why: string) => new ForgeError(`${name} cannot be reached: ${why}`);
  const line = { ...options, dispatcher: openConnections({ ...LIMITS, proxy: proxyIn(env), unusable }) };
  const absolute = (path: string) =>
    path.startsWith("https://") || path.startsWith("http://") ? path : base + path;
  return {
    get: async (path) => membersOf((await patiently(line, "GET", absolute(path))).body),
    async *list(path, inside) {
      const seen = new Set<string>();
      for (let url: string | undefined = absolute(path); url !== undefined;) {
        if (seen.has(url) || seen.size === MAX_PAGES) throw new ForgeError(endless(name, path));
        seen.add(url);
        const { body, next }: Answer = await patiently(line, "GET", url);
        const items = inside === undefined ? body : property(body, inside);
        yield* objectsIn(items);
        // The credentials go to no other place.
        url = next !== undefined && isAt(next, base) ? next : undefined;
      }
    },
    send: async (method, path, body) => membersOf((await patiently(line, method, absolute(path), body)).body),
  };
}

function endless(name: string, path: string): string {
  return `${name} returns pages of ${path.replace(/\?.*/s, "")} without end`;
}

function isAt(url: string, base: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(base).origin;
}

function checkBase(name: string, base: string): void {
  if (!URL.canParse(base)) throw new ForgeError(`the address of ${name}'s API is not a URL: ${base}`);
  const { protocol, hostname } = new URL(base);
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname)))
    throw new ForgeError(`the address of ${name}'s API is not https, and a token is sent there: ${base}`);
}

async function patiently(
  line: Line,
  method: Dispatcher.HttpMethod,
  url: string,
  body?: JsonObject,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(line, method, url, body);
    } catch (error) {
      const wait = error instanceof ForgeError ? waitAfter(error, method, attempt) : undefined;
      if (wait === undefined || wait > LONGEST_WAIT || attempt === ATTEMPTS) throw error;
      await line.runtime.sleep(wait);
    }
  }
}

function waitAfter(
  { status, wait }: ForgeError,
  method: Dispatcher.HttpMethod,
  attempt: number,
): number | undefined {
  const backoff = BACKOFF * 2 ** attempt;
  // Such a request was not looked at, whatever it wanted.
  if (wait !== undefined) return Math.max(wait, backoff);
  return method === "GET" && (status === undefined || status >= 500) ? backoff : undefined;
}

async function once(
  { name, headers, dispatcher }: Line,
  method: Dispatcher.HttpMethod,
  url: string,
  body?: JsonObject,
): Promise<Answer> {
  const what = `${method} ${new URL(url).pathname}`;
  const call = {
    method,
    url,
    headers: {
      "accept-encoding": ACCEPTED_ENCODINGS,
      ...headers,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body && stringify(body),
  };
  const answer = await attempt(name, what, call, dispatcher);
  const { status } = answer;
  if (status >= 200 && status < 300) return answer;
  const message = property(answer.body, "message") ?? property(answer.body, "error");
  const said = message === undefined ? "" : `: ${typeof message === "string" ? message : stringify(message)}`;
  const wait = rateLimitWait(status, answer.header, said);
  const text = `${name} answered ${status} to ${what}${said}`;
  if (wait === undefined) throw new ForgeError(text, status);
  const when = wait === 0 ? "" : ` (retry in ${Math.ceil(wait / 1000)} seconds)`;
  throw new ForgeError(`${name} rate limit reached: ${text}${when}`, RATE_LIMITED, wait);
}

async function attempt(
  name: string,
  what: string,
  call: Call & { readonly url: string },
  dispatcher: Dispatcher,
): Promise<Answer> {
  try {
    const { status, header, headers, text } = await exchange(call, { ...LIMITS, dispatcher });
    return {
      status,
      body: jsonIn(text, status, `${name} answered ${status} to ${what}`),
      next: nextIn([headers["link"] ?? []].flat().join(", ")),
      header,
    };
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    throw new ForgeError(`${name} did not answer ${what} at ${new URL(call.url).host}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  for (const { message } of causesOf(error)) if (message !== "") return message;
  return "the connection failed";
}

/** An unreadable success is not an empty one: existing objects would be created again. */
function jsonIn(text: string, status: number, answered: string): Json {
  try {
    return text.trim() === "" ? null : parseJson(text, DEEPEST_ANSWER);
  } catch (error) {
    if (status < 200 || status >= 300) return null;
    // The same would come again.
    if (error instanceof NestingError) throw new ForgeError(`${answered} with ${error.message}`, status);
    throw new ForgeError(`${answered} with a body that is not JSON, or not all of it`);
  }
}

function nextIn(link: string): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(link)?.[1];
}

const MINUTE = 60_000;

/**
 * Milliseconds that a forge wants to be left alone, as GitHub documents it: a secondary limit is a 403 or 429 with
 * `Retry-After`, and the primary one is the same with nothing remaining. Undefined where the answer is about something
 * else, such as a missing permission.
 */
function rateLimitWait(status: number, header: Header, message: string): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = header("retry-after");
  if (after !== undefined)
    return /^\d{1,9}$/.test(after) ? Number(after) * 1000 : until(Date.parse(after), header);
  if (header("x-ratelimit-remaining") === "0") return until(Number(header("x-ratelimit-reset")) * 1000, header);
  if (/\brate limit/i.test(message)) return MINUTE;
  return status === 429 ? 0 : undefined;
}

/** By the clock of the forge. */
function until(time: number, header: Header): number {
  const wait = time - Date.parse(header("date") ?? "");
  return Number.isNaN(wait) ? MINUTE : Math.max(0, wait);
}
