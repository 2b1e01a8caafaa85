import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type Reply, telnyxError } from "./errors.ts";
import { answered, NOWHERE } from "./direct.ts";
import { encode } from "./exact-json.ts";
import type { Outgoing, Pipeline } from "./pipeline.ts";
import { refusalOf } from "./visitors.ts";

export const BASE_PATH = "/v2";
const MAX_BODY = 8 * 1024 * 1024;

/** The HTTP server: routes, raw bodies, and connections that are closed by faults. */
export function createServer(pipeline: Pipeline, allowedHosts: readonly string[]): FastifyInstance {
  const app = fastify({
    bodyLimit: MAX_BODY,
    forceCloseConnections: true,
  });
  app.addHook("onRequest", async ({ headers, socket }, reply) => {
    const why = refusalOf({ headers, localAddress: socket.localAddress }, allowedHosts);
    if (why !== undefined) return sendError(reply, pipeline, telnyxError(403, why));
  });
  // Bodies stay text, because idempotency compares bytes.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  // One handler for all paths: to register the routes, Fastify needs milliseconds each time that an emulator starts.
  app.setNotFoundHandler(async (request, reply) => deliver(reply, await answerTo(request, pipeline)));
  app.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return sendError(reply, pipeline, telnyxError(status, error.message, status === 413 ? "10007" : undefined));
  });
  return app;
}

function sendError(reply: FastifyReply, pipeline: Pipeline, { status, body }: Reply): FastifyReply {
  const headers = { "content-type": "application/json", "x-request-id": pipeline.requestId() };
  return reply
    .code(status)
    .headers(headers)
    .send(encode(body ?? null));
}

function answerTo({ method, url, headers, body }: FastifyRequest, pipeline: Pipeline): Promise<Outgoing> {
  const [whole = "", query = ""] = splitOnce(url, "?");
  const isBelow = whole.startsWith(`${BASE_PATH}/`);
  const path = isBelow ? whole.slice(BASE_PATH.length) : whole;
  const request = { method, path, query, headers, text: typeof body === "string" ? body : "" };
  return answered(pipeline, request, isBelow ? undefined : NOWHERE);
}

function splitOnce(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function deliver(reply: FastifyReply, outgoing: Outgoing): FastifyReply | undefined {
  const { status, headers, text, pieces, delivery } = outgoing;
  if (delivery === "whole" && pieces === undefined) return reply.code(status).headers(headers).send(text);
  reply.hijack();
  if (delivery === "reset") reply.raw.socket?.resetAndDestroy();
  else if (delivery !== "never") sendInPieces(reply, outgoing);
  return undefined;
}

/** A stream, or the beginning of an answer that is cut. */
function sendInPieces(
  { raw }: FastifyReply,
  { status, headers, text, pieces, delivery, after }: Outgoing,
): void {
  const bytes = Buffer.from(text);
  raw.writeHead(status, pieces === undefined ? { ...headers, "content-length": bytes.length } : headers);
  const all = pieces ?? [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)];
  const reached = (pieces === undefined ? undefined : after) ?? Math.floor(all.length / 2);
  raw.flushHeaders();
  const sent = delivery === "whole" ? all : all.slice(0, reached);
  const written = sent.map((piece) => new Promise((resolve) => raw.write(piece, resolve)));
  if (delivery === "whole") raw.end();
  if (delivery === "half") void Promise.all(written).then(() => raw.socket?.destroy());
}
