import type { Json } from "../../../model/json.ts";
import { Refusal, type Reply, telnyxError } from "./errors.ts";
import { decode, encode } from "./exact-json.ts";
import { beforeEffect, bodyUnder, type Delivery, deliveryOf, faultReply } from "./fault-effects.ts";
import type { FaultKind, Faults, Request } from "./faults.ts";
import type { Claim, Keys } from "./idempotency.ts";
import type { Past } from "./lag.ts";
import type { Limited } from "./limits.ts";
import { loggable, type RequestLog, type RequestLogEntry } from "./request-log.ts";
import type { Route } from "./routes.ts";
import { dispatchDue } from "./runtime/dispatch.ts";
import type { World } from "./world.ts";

export interface Incoming extends Request {
  readonly query: string;
  readonly queryValues: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The response, and what happens to the connection. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The text as it is streamed. */
  readonly pieces?: readonly string[];
  readonly delivery: Delivery;
  /** The number of pieces that are sent before the delivery is cut. */
  readonly after?: number;
}

export interface Pipeline {
  readonly world: World;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly past: Past;
  readonly keys: Keys;
  readonly limit: () => Limited;
  readonly apiKey: string | undefined;
  readonly latencyMs: number;
  /** The last response of each URL, for reads that are late. */
  readonly lastAnswers: Map<string, Answer>;
  /** Separate from the ids of objects, so that those depend only on writes. */
  readonly requestId: () => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Writes pending changes. True if there were any. */
  readonly save: () => boolean;
}

/** A response as it is stored for its idempotency key. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly pieces?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

type Note = (more: Partial<RequestLogEntry>) => void;

/** Handles one request. All requests take the same steps in the same order. */
export async function serve(pipeline: Pipeline, route: Route, incoming: Incoming): Promise<Outgoing> {
  const requestId = pipeline.requestId();
  const note = openLog(pipeline, incoming, requestId);
  const limited = pipeline.limit();
  const finish = (answer: Answer, delivery: Delivery = "whole", after?: number): Outgoing => {
    if (delivery !== "reset" && delivery !== "never") note({ status: answer.status });
    const type = answer.text === "" ? {} : { "content-type": "application/json" };
    const headers = { "x-request-id": requestId, ...limited.headers, ...type, ...answer.headers };
    return { ...answer, headers, delivery, ...(after !== undefined && { after }) };
  };

  const refused = authenticate(pipeline, incoming) ?? limited.refused;
  if (refused !== undefined) return finish(rendered(refused));

  const fault = pipeline.faults.take(incoming);
  if (fault !== undefined) note({ fault: fault.kind });
  const struck = beforeEffect(fault);
  if (struck !== undefined) return finish(rendered(struck.reply), struck.delivery);

  const claim = claimOf(pipeline, route, incoming);
  if (claim !== undefined && "answer" in claim) return finish(rendered(claim.answer));
  const pause = pipeline.latencyMs + (fault?.kind === "slow" ? fault.milliseconds : 0);
  if (pause > 0) await pipeline.sleep(pause);
  if (claim !== undefined && "replay" in claim) {
    note({ replayed: true });
    return finish({ ...claim.replay, headers: { "Idempotent-Replayed": "true" } }, deliveryOf(fault));
  }

  const answer = effect(pipeline, route, incoming, { fault, claim, note });
  if (fault?.kind === "status") return finish(rendered(faultReply(fault)));
  if (incoming.method === "GET") return finish(lagging(pipeline, incoming, answer, fault), deliveryOf(fault));
  return finish(answer, deliveryOf(fault), fault !== undefined && "after" in fault ? fault.after : undefined);
}

/** The response to a read, or the previous one if reads are late. */
function lagging(
  { lastAnswers }: Pipeline,
  { path, query }: Incoming,
  answer: Answer,
  fault: FaultKind | undefined,
): Answer {
  const url = `${path}?${query}`;
  if (fault?.kind === "stale") return lastAnswers.get(url) ?? rendered(telnyxError(404, "Not found"));
  lastAnswers.set(url, answer);
  return answer;
}

interface Circumstances {
  readonly fault: FaultKind | undefined;
  readonly claim: Extract<Claim, { settle: unknown }> | undefined;
  readonly note: Note;
}

/** Runs the handler, stores the result for the idempotency key, and saves the state, without an interruption. */
function effect(pipeline: Pipeline, route: Route, incoming: Incoming, around: Circumstances): Answer {
  const { fault, claim, note } = around;
  if (dispatchDue(pipeline.world)) pipeline.save();
  const forgotten = fault?.kind === "status" && fault.applied === "forgotten";
  let status = 500;
  let text = "";
  try {
    const answer = rendered(handle(pipeline, route, incoming, fault));
    ({ status, text } = answer);
    return answer;
  } finally {
    claim?.settle(forgotten ? 500 : status, text);
    if (pipeline.save() && incoming.method !== "GET") note({ wrote: status < 400 });
  }
}

function handle(pipeline: Pipeline, route: Route, incoming: Incoming, fault: FaultKind | undefined): Reply {
  const body = parsed(incoming.text);
  const isRead = route.method === "GET";
  const world = isRead ? { ...pipeline.world, store: pipeline.past.seen(route.path) } : pipeline.world;
  if (incoming.text !== "" && body === undefined) return telnyxError(400, "Malformed JSON body", "10015");
  const { params, queryValues: query } = incoming;
  try {
    return route.handler({ world, params, query, body: bodyUnder(fault, body) });
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function claimOf(pipeline: Pipeline, route: Route, incoming: Incoming): Claim | undefined {
  const key = route.keyed === true ? incoming.headers["idempotency-key"] : undefined;
  return key === undefined ? undefined : pipeline.keys.claim({ ...incoming, key });
}

function rendered({ status, body, pieces, headers = {} }: Reply): Answer {
  if (pieces !== undefined) return { status, text: pieces.join(""), pieces, headers };
  if (body === undefined) return { status, text: "", headers };
  const plain = headers["content-type"]?.startsWith("text/") === true && typeof body === "string";
  return { status, text: plain ? body : encode(body), headers };
}

function openLog({ world, log }: Pipeline, incoming: Incoming, requestId: string): Note {
  const key = incoming.headers["idempotency-key"];
  const body = parsed(incoming.text);
  return log.open({
    method: incoming.method,
    path: incoming.path,
    query: incoming.query,
    requestId,
    at: new Date(world.now()).toISOString(),
    ...(typeof key === "string" && { idempotencyKey: key }),
    ...(body !== undefined && { body: loggable(incoming.path, body) }),
  });
}

/** `undefined` for no body and for one that is not JSON. */
function parsed(text: string): Json | undefined {
  try {
    return text === "" ? undefined : decode(text);
  } catch {
    return undefined;
  }
}

function authenticate({ apiKey }: Pipeline, { headers }: Incoming): Reply | undefined {
  const header = headers["authorization"];
  const token = typeof header === "string" ? /^Bearer\s+(\S+)$/i.exec(header)?.[1] : undefined;
  if (token !== undefined && (apiKey === undefined || token === apiKey)) return undefined;
  return telnyxError(401, "The API key is missing or not valid", "10009");
}
