import { API_URL } from "../../model/api-url.ts";
import type { Chats } from "../../model/chat.ts";
import { derivedKey } from "../../model/derived-key.ts";
import { type Json, sorted, stringify } from "../../model/json.ts";
import type { ProxySettings } from "../../model/proxy.ts";
import { type Provider, ProviderError, type RequestCount } from "../../model/provider.ts";
import type { Runtime } from "../../model/runtime.ts";
import type { LiveCopies } from "../../model/live-copies.ts";
import type { Enhancer } from "../../model/enhancement.ts";
import type { ScheduledEvents } from "../../model/scheduled-event.ts";
import type { TestHistory, TestRunner } from "../../model/test-run.ts";
import type { Tags } from "../../model/tag-list.ts";
import type { TextMessages } from "../../model/text-message.ts";
import type { ToolCalls } from "../../model/tool-call.ts";
import { accountOf } from "./account.ts";
import { chats } from "./actions/chat.ts";
import { scheduledEvents } from "./actions/scheduled-events.ts";
import { enhancer } from "./actions/enhance.ts";
import { textMessages } from "./actions/sms.ts";
import { liveCopies } from "./actions/live-copies.ts";
import { testHistory } from "./actions/test-history.ts";
import { tags } from "./actions/tags.ts";
import { toolCalls } from "./actions/tool-test.ts";
import { checkApiKey, checkBaseUrl } from "./client/connection.ts";
import { createHttpClient, type HttpClient } from "./client/http.ts";
import { MOST_AT_A_TIME } from "./client/window.ts";
import type { Connections, RequestEvent } from "./client/request.ts";
import { kinds } from "./kinds/index.ts";
import { listAll, listFirst, type Query, unwrap } from "./pages.ts";
import { type SharedTool, sharedToolOf } from "./objects/shared-tools.ts";
import { redactor } from "./redact.ts";
import { testRunner } from "./test-runs.ts";
import {
  pathOf,
  type ActionRequest,
  type Api,
  idOf,
  type Operations,
  operationsOf,
  protocolError,
  required,
} from "./rest.ts";

export interface TelnyxOptions {
  readonly apiKey: string;
  /** Default: `https://api.telnyx.com/v2`. */
  readonly baseUrl?: string;
  readonly runtime: Runtime;
  /** Most requests at a time; default 16. It begins with 4 and adapts to what the API bears. */
  readonly parallelism?: number;
  /** For one attempt; default 60,000 milliseconds. */
  readonly requestTimeoutMs?: number;
  readonly userAgent?: string;
  readonly proxy?: ProxySettings | undefined;
  /** Told of every attempt, for verbose logs. */
  readonly onRequest?: (event: RequestEvent) => void;
  /** Whether a text under this name looks like a secret; by default none does. */
  readonly looksSecret?: (text: string, name: string) => boolean;
  /** @internal For tests: what sends the requests, in place of connections of its own. */
  readonly connections?: Connections;
}

export interface TelnyxProvider extends Provider {
  readonly tests: TestRunner;
  readonly testHistory: TestHistory;
  readonly chats: Chats;
  readonly textMessages: TextMessages;
  readonly toolCalls: ToolCalls;
  readonly events: ScheduledEvents;
  readonly enhancer: Enhancer;
  readonly tags: Tags;
  readonly copies: LiveCopies;
  /** The TeXML of an object of a kind that has one; `undefined` where there is no such object. */
  texml(id: string): Promise<string | undefined>;
  /** Closes the connections, so that the process can end. */
  close(): Promise<void>;
  /** Requests sent so far, repeated ones included. */
  requestCount(): RequestCount;
}

const REQUEST_TIMEOUT = 60_000;
/** The API takes no larger body together with an idempotency key; such a write is sent once, and looked after. */
const KEYED_BODY = 256 * 1024;

/** Sends nothing yet. Throws `OptionsError` for a key or a base URL that cannot be used. */
export function createTelnyxProvider(options: TelnyxOptions): TelnyxProvider {
  const { apiKey, runtime, proxy, onRequest } = options;
  checkApiKey(apiKey);
  const baseUrl = checkBaseUrl(options.baseUrl ?? API_URL);
  const http = createHttpClient({
    baseUrl,
    apiKey,
    runtime,
    redact: redactor([apiKey]),
    parallelism: options.parallelism ?? MOST_AT_A_TIME,
    timeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT,
    userAgent: options.userAgent ?? "rollcall",
    ...(proxy !== undefined && { proxy }),
    ...(onRequest !== undefined && { onRequest }),
    ...(options.connections !== undefined && { connections: options.connections }),
  });
  const api = createApi(http, baseUrl.href.replace(/\/$/, ""));
  const provider: Provider = {
    target: { baseUrl: baseUrl.href.replace(/\/$/, ""), account: accountOf(apiKey) },
    kinds: kindsFor(options),
    ...port(api),
    traced: (onRequestId) => Object.assign({}, provider, port(tracedApi(api, onRequestId))),
  };
  return {
    ...provider,
    tests: testRunner(api),
    testHistory: testHistory(api),
    chats: chats(api),
    textMessages: textMessages(api),
    toolCalls: toolCalls(api),
    events: scheduledEvents(api),
    enhancer: enhancer(api),
    tags: tags(api),
    copies: liveCopies(api),
    texml: (id) => api.findText(pathOf("/ai/assistants/{id}/texml", id)),
    close: () => http.close(),
    requestCount: () => http.count(),
  };
}

/** The kinds with what tells secrets, and makes digests of them. */
function kindsFor({ apiKey, looksSecret }: TelnyxOptions): Provider["kinds"] {
  const secretKey = derivedKey(apiKey, "secret digest");
  const secrets = { secretKey, ...(looksSecret !== undefined && { looksSecret }) };
  return new Map(kinds.map((kind) => [kind.kind, Object.assign({}, kind, secrets)]));
}

type Port = Pick<Provider, "list" | "read" | "create" | "update" | "delete" | "promote" | "pending">;

const operations: ReadonlyMap<string, Operations> = new Map(
  kinds.map((kind) => [kind.kind, operationsOf(kind)]),
);

function port(api: OwnApi): Port {
  const of = (kind: string): Operations => {
    const found = operations.get(kind);
    if (found === undefined) throw new Error(`the provider has no kind ${kind}`);
    return found;
  };
  const written = async <T>(kind: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } finally {
      if (kind === "Tool") api.forgetTools();
    }
  };
  return {
    list: async (kind, parentId) => of(kind).list(api, parentId),
    read: async (kind, id) => of(kind).read(api, id),
    create: async (request) => written(request.kind, of(request.kind).create(api, request)),
    update: async (request) => written(request.kind, of(request.kind).update(api, request)),
    delete: async (kind, id) => written(kind, of(kind).delete(api, id)),
    promote: async (kind, id) => {
      const { promote } = of(kind);
      if (promote === undefined) throw new Error(`objects of kind ${kind} are not promoted`);
      await promote(api, id);
    },
    pending: async (kind, id) => (await of(kind).pending?.(api, id)) ?? 0,
  };
}

/** What a kind sees, and what only the provider does. */
interface OwnApi extends Api {
  forgetTools(): void;
  /** `act`, told the API's ids of the attempts. */
  actTraced(onRequestId: OnRequestId | undefined, request: ActionRequest): ReturnType<Api["act"]>;
}

type OnRequestId = (requestId: string) => void;

function tracedApi(api: OwnApi, onRequestId: OnRequestId): OwnApi {
  return {
    ...api,
    send: (method, path, body, idempotencyKey) =>
      api.actTraced(onRequestId, { method, path, body, idempotencyKey }),
  };
}

function actingBy(http: HttpClient): OwnApi["actTraced"] {
  return async (onRequestId, { method, path, body, idempotencyKey, onEvent, signal }) => {
    // The API compares the bytes of what comes under one key: the order of the keys must not depend on the caller.
    const text = body === undefined ? undefined : stringify(idempotencyKey === undefined ? body : sorted(body));
    const isKeyed = idempotencyKey !== undefined && Buffer.byteLength(text ?? "") <= KEYED_BODY;
    return unwrap(
      await http.send({
        method,
        path,
        ...(text !== undefined && { body: text }),
        ...(isKeyed && { idempotencyKey }),
        ...(onRequestId !== undefined && { onRequestId }),
        ...(onEvent !== undefined && { onEvent }),
        ...(signal !== undefined && { signal }),
      }),
    );
  };
}

function textActing(http: HttpClient): Api["actText"] {
  return async ({ method, path, body }, textLimit) => {
    const sent = body === undefined ? {} : { body: stringify(body) };
    const text = await http.send({ method, path, ...sent, textLimit });
    if (typeof text === "string") return text;
    throw protocolError(method, path, "the answer is not a text");
  };
}

/** What is made of the answer; `undefined` where the API says that there is no such object. */
async function unlessAbsent<T>(
  answer: Promise<Json | undefined>,
  of: (answer: Json | undefined) => T,
): Promise<T | undefined> {
  try {
    return of(await answer);
  } catch (error) {
    if (error instanceof ProviderError && error.failure.reason === "not-found") return undefined;
    throw error;
  }
}

/** The lists that belong to no object: an API has them. */
const ROOTS: ReadonlySet<string> = new Set(kinds.map(({ routes }) => routes.collection));

/** Where such a list is not found, nothing was deleted: the address is not that of the API. */
async function listAnswer(path: string, baseUrl: string, answer: Promise<Json | undefined>) {
  return answer.catch((error: unknown) => {
    if (!(error instanceof ProviderError) || error.failure.reason !== "not-found" || !ROOTS.has(path))
      throw error;
    const { failure } = error;
    const message = `${failure.message}; the API has this list: check the base URL ${baseUrl}`;
    throw new ProviderError({ ...failure, reason: "protocol", message }, { cause: error.cause });
  });
}

function createApi(http: HttpClient, baseUrl: string): OwnApi {
  let tools: Promise<readonly SharedTool[]> | undefined;
  const get = (path: string, query?: Query): Promise<Json | undefined> =>
    http.send({ method: "GET", path, ...(query !== undefined && { query }) });
  const list: Api["list"] = (path, paging, idKey, filter = {}) =>
    listAll(path, paging, idKey, (query) => listAnswer(path, baseUrl, get(path, { ...filter, ...query })));
  const actTraced = actingBy(http);
  return {
    get: async (path) => required(unwrap(await get(path)), "GET", path),
    find: async (path, query) =>
      unlessAbsent(get(path, query), (answer) => required(unwrap(answer), "GET", path)),
    findText: async (path) =>
      unlessAbsent(http.send({ method: "GET", path, isText: true }), (answer) => {
        if (typeof answer === "string") return answer;
        throw protocolError("GET", path, "the answer is not a text");
      }),
    list,
    listFirst: (path, limit) => listFirst(path, limit, (query) => listAnswer(path, baseUrl, get(path, query))),
    send: (method, path, body, idempotencyKey) => actTraced(undefined, { method, path, body, idempotencyKey }),
    act: (request) => actTraced(undefined, request),
    actText: textActing(http),
    actTraced,
    sharedTools: () => {
      tools ??= list("/ai/tools", "paged", "id").then((found) =>
        found.map((tool) => sharedToolOf(idOf(tool, "id", "GET", "/ai/tools"), tool)),
      );
      // A failure is returned to the caller and not cached.
      tools.catch(() => (tools = undefined));
      return tools;
    },
    forgetTools: () => {
      tools = undefined;
    },
  };
}
