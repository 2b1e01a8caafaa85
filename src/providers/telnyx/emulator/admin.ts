import type { FastifyInstance, FastifyRequest } from "fastify";
import { isObject, type Json, type JsonObject } from "../../../model/json.ts";
import { Refusal } from "./errors.ts";
import { decode, encode } from "./exact-json.ts";
import type { Fault } from "./faults.ts";
import type { Emulator } from "./controls.ts";
import type { PortalKind } from "./portal.ts";
import { shown } from "./request-log.ts";
import type { ProviderAssistant, ProviderName } from "./runtime/providers/provider.ts";

const ADMIN_PATH = "/_emulator";

/** The same controls over HTTP, for the demo and for tests in other processes. */
export function addAdmin(app: FastifyInstance, emulator: Controls): void {
  const on = routesOf(app);
  on("GET", "/health", () => ({ status: "ok" }));
  on("GET", "/state", () => emulator.state() as unknown as Json);
  on("POST", "/reset", () => done(() => emulator.reset()));
  on("GET", "/requests", () => ({ data: emulator.requests().map(shown) as unknown as Json }));
  on("DELETE", "/requests", () => done(() => emulator.clearRequests()));
  on("GET", "/faults", () => ({ data: emulator.faults().map(faultView) }));
  on("POST", "/faults", (request) => done(() => emulator.inject(bodyOf(request) as unknown as Fault)));
  on("DELETE", "/faults", () => done(() => emulator.clearFaults()));
  addRules(on, emulator);
  on("POST", "/portal/promote", (request) => {
    const { assistant_id: assistant, version_id: version } = bodyOf(request);
    return done(() => emulator.portal.promote(String(assistant), String(version)));
  });
  on("POST", "/portal/:kind", (request) => ({ id: emulator.portal.create(kindOf(request), bodyOf(request)) }));
  on("PATCH", "/portal/:kind/*", (request) => {
    const same = isObject(request.query as Json) && (request.query as JsonObject)["version"] === "same";
    const options = { version: same ? ("same" as const) : ("new" as const) };
    return done(() => emulator.portal.edit(kindOf(request), idOf(request), bodyOf(request), options));
  });
  on("DELETE", "/portal/:kind/*", (request) =>
    done(() => emulator.portal.delete(kindOf(request), idOf(request))),
  );
}

type Controls = Omit<Emulator, "url" | "port">;

/** Controls for how assistants behave, what other providers have, and the clock. */
function addRules(on: ReturnType<typeof routesOf>, emulator: Controls): void {
  const setters: Readonly<Record<string, (rule: never) => void>> = {
    "/test-rules": emulator.testRule,
    "/chat-rules": emulator.chatRule,
    "/tool-rules": emulator.toolRule,
    "/event-rules": emulator.eventRule,
    "/enhance-rules": emulator.enhanceRule,
  };
  for (const [path, set] of Object.entries(setters))
    on("POST", path, (request) => done(() => set(bodyOf(request) as never)));
  on("DELETE", "/test-rules", () => done(() => emulator.clearTestRules()));
  on("PUT", "/providers/:provider", (request) => {
    const { provider } = request.params as { provider: ProviderName };
    return done(() =>
      emulator.providerHas(provider, bodyOf(request)["assistants"] as unknown as ProviderAssistant[]),
    );
  });
  on("DELETE", "/rules", () => done(() => emulator.clearRules()));
  on("POST", "/clock", (request) => done(() => emulator.advance(Number(bodyOf(request)["advance_ms"]))));
}

function routesOf(app: FastifyInstance) {
  return (
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    act: (request: FastifyRequest) => Json,
  ): void => {
    app.route({
      method,
      url: `${ADMIN_PATH}${path}`,
      handler: (request, reply) => {
        reply.header("content-type", "application/json");
        try {
          return reply.send(encode(act(request)));
        } catch (error) {
          if (error instanceof Refusal)
            return reply.code(error.reply.status).send(encode(error.reply.body ?? null));
          const message = error instanceof Error ? error.message : String(error);
          return reply.code(400).send(encode({ error: message }));
        }
      },
    });
  };
}

function done(act: () => void): Json {
  act();
  return {};
}

/** Expressions as text. */
function faultView(fault: Fault): Json {
  const path = fault.match?.path;
  const match = path instanceof RegExp ? { ...fault.match, path: String(path) } : fault.match;
  return JSON.parse(JSON.stringify({ ...fault, match })) as Json;
}

function bodyOf(request: FastifyRequest): JsonObject {
  const body = typeof request.body === "string" && request.body !== "" ? decode(request.body) : {};
  if (!isObject(body)) throw new Error("the body must be a JSON object");
  return body;
}

function kindOf(request: FastifyRequest): PortalKind {
  return (request.params as { kind: PortalKind }).kind;
}

/** Ids of versions contain a slash. */
function idOf(request: FastifyRequest): string {
  return (request.params as { "*": string })["*"];
}
