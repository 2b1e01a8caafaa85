import type { Json, JsonObject } from "../../../model/json.ts";
import { isObject } from "../../../model/json.ts";
import { fastApiError, Refusal, type Reply, telnyxError } from "./errors.ts";
import { decode, encode } from "./exact-json.ts";
import type { FaultKind, Faults, Request } from "./faults.ts";
import type { Keys } from "./idempotency.ts";
import type { Limited } from "./limits.ts";
import { loggable, type RequestLog, type RequestLogEntry } from "./request-log.ts";
import type { Route } from "./routes.ts";
import type { World } from "./world.ts";

export interface Incoming extends Request {
  readonly query: string;
  readonly queryValues: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What leaves the server, and what happens to the connection. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly delivery: "whole" | "half" | "reset" | "never";
}

export interface Pipeline {
  readonly world: World;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly keys: Keys;
  readonly limit: () => Limited;
  readonly apiKey: string | undefined;
  readonly latencyMs: number;
  /** Apart from the ids of objects, so that those depend on writes alone. */
  readonly requestId: () => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Writes pending changes; true when there were any. */
  readonly save: () => boolean;
}

/** One request from arrival to answer. */
export async function serve(pipeline: Pipeline, route: Route, incoming: Incoming): Promise<Outgoing> {
  const { world } = pipeline;
  const requestId = pipeline.requestId();
  const note = openLog(pipeline, incoming, requestId);
  const limited = pipeline.limit();
  const headers: Record<string, string> = { "x-request-id": requestId, ...limited.headers };
  const finish = (reply: Reply | Text, delivery: Outgoing["delivery"] = "whole"): Outgoing => {
    const { status, text } = "text" in reply ? reply : rendered(reply);
    if (delivery === "whole" || delivery === "half") note({ status });
    const own = "headers" in reply ? reply.headers : {};
    const content = text === "" ? {} : { "content-type": own?.["content-type"] ?? "application/json" };
    return { status, headers: { ...headers, ...content, ...own }, text, delivery };
  };
  const refusal = authenticate(pipeline, incoming) ?? limited.refused;
  if (refusal !== undefined) return finish(refusal);

  const fault = pipeline.faults.take(incoming);
  if (fault !== undefined) note({ fault: fault.kind });
  const early = beforeEffect(fault);
  if (early !== undefined) return finish(early.reply, early.delivery);

  const key = route.keyed === true ? incoming.headers["idempotency-key"] : undefined;
  const claim = key === undefined ? undefined : pipeline.keys.claim({ ...incoming, key });
  if (claim !== undefined && "answer" in claim) return finish(claim.answer);
  const pause = pipeline.latencyMs + (fault?.kind === "slow" ? fault.milliseconds : 0);
  if (pause > 0) await pipeline.sleep(pause);
  if (claim !== undefined && "replay" in claim) {
    note({ replayed: true });
    headers["Idempotent-Replayed"] = "true";
    return finish({ status: claim.replay.status, text: claim.replay.text }, deliveryOf(fault));
  }

  const answer = rendered(handle(world, route, incoming, fault));
  claim?.settle(answer.status, answer.text);
  if (pipeline.save() && incoming.method !== "GET") note({ wrote: answer.status < 400 });
  if (fault?.kind === "status") return finish(faultReply(fault));
  return finish(answer, deliveryOf(fault));
}

interface Text {
  readonly status: number;
  readonly text: string;
}

function rendered(reply: Reply): Text {
  return { status: reply.status, text: textOf(reply) };
}

function textOf(reply: Reply): string {
  if (reply.body === undefined) return "";
  const html = reply.headers?.["content-type"]?.startsWith("text/") === true;
  return html && typeof reply.body === "string" ? reply.body : encode(reply.body);
}

function openLog(
  { world, log }: Pipeline,
  incoming: Incoming,
  requestId: string,
): (more: Partial<RequestLogEntry>) => void {
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

interface Early {
  readonly reply: Reply;
  readonly delivery: Outgoing["delivery"];
}

function beforeEffect(fault: FaultKind | undefined): Early | undefined {
  switch (fault?.kind) {
    case "status":
      return fault.applied === true ? undefined : { reply: faultReply(fault), delivery: "whole" };
    case "reset-before":
      return { reply: { status: 0 }, delivery: "reset" };
    case "timeout-before":
      return { reply: { status: 0 }, delivery: "never" };
    default:
      return undefined;
  }
}

function deliveryOf(fault: FaultKind | undefined): Outgoing["delivery"] {
  if (fault?.kind === "reset-after") return "reset";
  if (fault?.kind === "timeout-after") return "never";
  return fault?.kind === "truncate" ? "half" : "whole";
}

function faultReply(fault: Extract<FaultKind, { kind: "status" }>): Reply {
  const { status, body = "telnyx", code, detail = "Injected fault", headers = {} } = fault;
  switch (body) {
    case "telnyx":
      return { ...telnyxError(status, detail, code), headers };
    case "fastapi":
      return { ...fastApiError([{ type: "value_error", loc: ["body"], msg: detail }]), status, headers };
    case "html":
      return {
        status,
        body: `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`,
        headers: { "content-type": "text/html", ...headers },
      };
    case "empty":
      return { status, headers };
  }
}

function handle(world: World, route: Route, incoming: Incoming, fault: FaultKind | undefined): Reply {
  const body = parsed(incoming.text);
  if (incoming.text !== "" && body === undefined) return telnyxError(400, "Malformed JSON body", "10015");
  const call = {
    world,
    params: incoming.params,
    query: incoming.queryValues,
    body: fault?.kind === "drop-field" ? withoutField(body, fault.field) : body,
  };
  try {
    return route.handler(call);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function withoutField(body: Json | undefined, field: string): Json | undefined {
  if (!isObject(body)) return body;
  const { [field]: _dropped, ...rest }: JsonObject = body;
  return rest;
}
