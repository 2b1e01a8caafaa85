import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Json } from "../../../model/json.ts";
import { ProviderError, type ProviderFailure } from "../../../model/provider.ts";
import { redactor } from "../redact.ts";
import { createHttpClient, type HttpClient } from "./http.ts";
import type { HttpRequest, RequestEvent } from "./request.ts";

const KEY = "KEY0123456789abcdef_secret";

interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const open: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
const ok = json(200, { id: "x" });
const reset: Answer = (_, request) => request.socket.resetAndDestroy();

/** Answers one after the other; the last one for ever. */
async function serving(...answers: readonly Answer[]) {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { method = "", url = "", headers } = request;
    arrived.push({ method, url, headers, body });
    answers[Math.min(arrived.length, answers.length) - 1]?.(response, request);
  });
  return { arrived, ...(await listening(server)) };
}

async function listening(server: Server | TcpServer) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port };
}

/** Timers stand still in this test; what is returned lets time pass. */
function timers(): (milliseconds: number) => void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  open.push(() => void vi.useRealTimers());
  return (milliseconds) => void vi.advanceTimersByTime(milliseconds);
}

interface Wishes {
  readonly timeout?: number;
  readonly baseUrl?: string;
  readonly proxy?: { readonly httpsProxy?: string; readonly noProxy?: string };
  readonly parallelism?: number;
}

function client(port: number, wishes: Wishes = {}) {
  const waited: number[] = [];
  const events: RequestEvent[] = [];
  const http = createHttpClient({
    baseUrl: new URL(wishes.baseUrl ?? `http://127.0.0.1:${port}/v2`),
    apiKey: KEY,
    redact: redactor([KEY]),
    parallelism: wishes.parallelism ?? 4,
    timeout: wishes.timeout ?? 5_000,
    userAgent: "rollcall-test",
    ...(wishes.proxy && { proxy: wishes.proxy }),
    runtime: {
      now: () => new Date(),
      random: () => 0.5,
      uuid: () => "",
      sleep: async (milliseconds) => void waited.push(milliseconds),
    },
    onRequest: (event) => events.push(event),
  });
  open.push(() => http.close());
  return { http, waited, events };
}

const READ: HttpRequest = { method: "GET", path: "/ai/tools" };
const KEYED: HttpRequest = {
  method: "POST",
  path: "/ai/tools",
  body: '{"n":12345678901234567890}',
  idempotencyKey: "k-1",
};
const UNKEYED: HttpRequest = { method: "PUT", path: "/ai/mcp_servers/1", body: "{}" };

/** What is known of the failure, with the sentence that people read. */
async function failing(http: HttpClient, request: HttpRequest): Promise<ProviderFailure> {
  const error = await http.send(request).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(ProviderError);
  const { failure, cause, message } = error as ProviderError;
  expect(`${JSON.stringify(failure)}${String(cause)}${message}`).not.toContain("secret");
  return { ...failure, message };
}

describe("requests", () => {
  test("contain the API key, the unchanged body and the idempotency key, over one connection", async () => {
    const { port, arrived } = await serving(ok);
    const { http } = client(port, { parallelism: 1 });
    expect(await http.send({ ...READ, query: { "page[number]": "2" } })).toEqual({ id: "x" });
    await http.send(KEYED);
    const [read, write] = arrived;
    expect(decodeURIComponent(read?.url ?? "")).toBe("/v2/ai/tools?page[number]=2");
    expect(read?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, "user-agent": "rollcall-test" });
    expect(read?.headers).not.toHaveProperty("idempotency-key");
    expect(read?.headers).not.toHaveProperty("content-type");
    expect(write).toMatchObject({ body: KEYED.body, url: "/v2/ai/tools" });
    expect(write?.headers).toMatchObject({ "idempotency-key": "k-1", "content-type": "application/json" });
    expect(http.count()).toEqual({ reads: 1, writes: 1, repeated: 0 });
  });

  test("connections are kept alive", async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end("{}"));
    server.on("connection", () => (connections += 1));
    const { http } = client((await listening(server)).port, { parallelism: 2 });
    for (let count = 0; count < 5; count += 1) await http.send(READ);
    expect(connections).toBeLessThanOrEqual(2);
  });

  test("there are never more simultaneous requests than allowed", async () => {
    const held: ServerResponse[] = [];
    let most = 0;
    const server = createServer((_, response) => {
      most = Math.max(most, held.push(response));
      if (held.length === 3) for (const waiting of held.splice(0)) waiting.end("{}");
    });
    const { http } = client((await listening(server)).port, { parallelism: 3 });
    await Promise.all(Array.from({ length: 30 }, () => http.send(READ)));
    expect(most).toBe(3);
  });

  test.each<[string, Answer, Json | undefined]>([
    ["204", (response) => response.writeHead(204).end(), undefined],
    ["an empty body", json(200, ""), undefined],
    ["large integers", json(200, '{"n":12345678901234567890}'), { n: 12345678901234567890n }],
    ["201", json(201, { a: 1 }), { a: 1 }],
  ])("a success: %s", async (_, answer, expected) => {
    const { port } = await serving(answer);
    expect(await client(port).http.send(READ)).toEqual(expected);
  });
});

describe("retries", () => {
  test("a 429 is waited for as long as it says, also for a write without a key", async () => {
    const { port, arrived } = await serving(
      json(429, { errors: [{ code: "10011", title: "Too many" }] }, { "retry-after": "2" }),
      ok,
    );
    const { http, waited, events } = client(port);
    await http.send(UNKEYED);
    expect(arrived).toHaveLength(2);
    expect(waited[0]).toBe(2125);
    expect(events.map(({ status, attempt, retryAfter }) => ({ status, attempt, retryAfter }))).toEqual([
      { status: 429, attempt: 1, retryAfter: 2125 },
      { status: 200, attempt: 2, retryAfter: undefined },
    ]);
  });

  test("after a reset, truncated JSON and 429, the same request is repeated with the same key", async () => {
    const busy = json(429, "", { "retry-after": "0" });
    const { port, arrived } = await serving(reset, json(200, '{"id":"x'), busy, ok);
    expect(await client(port).http.send(KEYED)).toEqual({ id: "x" });
    expect(arrived.map(({ body, headers }) => [body, headers["idempotency-key"]])).toEqual(
      Array.from({ length: 4 }, () => [KEYED.body, "k-1"]),
    );
  });

  test("a large response that is truncated or stalls is requested again", async () => {
    const whole = JSON.stringify({ text: "é".repeat(2_000_000) });
    const half: Answer = (response) => {
      response.writeHead(200, { "content-length": Buffer.byteLength(whole) });
      response.write(whole.slice(0, 1_000_000));
    };
    const cut: Answer = (response, request) => {
      half(response, request);
      response.write("x", () => request.socket.destroy());
    };
    const all = json(200, whole, { "content-length": String(Buffer.byteLength(whole)) });
    const { port, arrived } = await serving(cut, half, all);
    const { http, events } = client(port, { timeout: 1000 });
    expect(await http.send(READ)).toEqual(JSON.parse(whole));
    expect(arrived.length).toBeGreaterThanOrEqual(3);
    expect(events.slice(0, 2).map(({ fault }) => fault !== undefined)).toEqual([true, true]);
  });

  test("a 500 is not repeated, even with a key", async () => {
    const { port, arrived } = await serving(json(500, ""), ok);
    expect(await failing(client(port).http, KEYED)).toMatchObject({
      status: 500,
      effect: "unknown",
      attempts: 1,
    });
    expect(arrived).toHaveLength(1);
  });

  test("a request in progress under the same key is waited for; another conflict is reported", async () => {
    const busy = json(409, { errors: [{ code: "10036", title: "In progress" }] });
    const { port, arrived } = await serving(busy, ok);
    await client(port).http.send(KEYED);
    expect(arrived).toHaveLength(2);
    const other = await serving(json(409, { errors: [{ code: "10012", detail: "Duplicate" }] }));
    expect(await failing(client(other.port).http, KEYED)).toMatchObject({
      reason: "conflict",
      effect: "no",
      attempts: 1,
    });
  });

  test("a read that keeps failing ends", async () => {
    const { port, arrived } = await serving(json(503, ""));
    const failure = await failing(client(port).http, READ);
    expect(failure).toMatchObject({ reason: "server", status: 503, effect: "no", attempts: 8 });
    expect(arrived).toHaveLength(8);
  });

  test("x-should-retry: false is obeyed", async () => {
    const { port, arrived } = await serving(json(500, "", { "x-should-retry": "false" }));
    await failing(client(port).http, READ);
    expect(arrived).toHaveLength(1);
  });

  test("a long outage uses up the retry budget of the run", async () => {
    const { port, arrived } = await serving(json(500, ""));
    const { http } = client(port);
    const failures = await Promise.all(Array.from({ length: 30 }, () => failing(http, READ)));
    expect(arrived).toHaveLength(130);
    expect(failures.at(-1)?.message).toMatch(/too many requests of this run/);
  });
});

describe("a write without a key is sent once, and its effect is reported", () => {
  test.each<[string, Answer, Partial<ProviderFailure>]>([
    [
      "500",
      json(500, { errors: [{ code: "10007", detail: "oops" }] }),
      { reason: "server", effect: "unknown" },
    ],
    [
      "502 with a page",
      json(502, "<html><title>502 Bad Gateway</title>"),
      { reason: "server", effect: "unknown" },
    ],
    ["a reset after the request", reset, { reason: "network", effect: "unknown" }],
    ["a web page", json(200, "<html>Log in"), { reason: "protocol", effect: "unknown", status: 200 }],
    ["truncated JSON", json(200, '{"id":"x'), { reason: "protocol", effect: "unknown", status: 200 }],
    [
      "an answer cut off",
      (response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"id":');
        setImmediate(() => response.destroy());
      },
      { reason: "network", effect: "unknown" },
    ],
    [
      "400",
      json(400, { errors: [{ code: "10015", detail: "no" }] }),
      { reason: "invalid", effect: "no", code: "10015" },
    ],
    [
      "422 of a validation",
      json(422, { detail: [{ loc: ["body", "name"], msg: "too long" }] }),
      { reason: "invalid", effect: "no", field: "name" },
    ],
    [
      "422 of Telnyx",
      json(422, { errors: [{ code: "10027", detail: "reused" }] }),
      { reason: "invalid", effect: "no", code: "10027" },
    ],
    [
      "401",
      json(401, { errors: [{ code: "10009", detail: "Authentication failed" }] }),
      { reason: "authentication", effect: "no" },
    ],
    ["403", json(403, ""), { reason: "permission", effect: "no" }],
    ["404", json(404, ""), { reason: "not-found", effect: "no" }],
    ["404 with a page", json(404, "<html>"), { reason: "protocol", effect: "no" }],
  ])("%s", async (_, answer, expected) => {
    const { port, arrived } = await serving(answer);
    expect(await failing(client(port).http, UNKEYED)).toMatchObject({
      ...expected,
      method: "PUT",
      path: "/ai/mcp_servers/1",
      attempts: 1,
    });
    expect(arrived).toHaveLength(1);
  });

  test("a server that never answers", async () => {
    const pass = timers();
    const { port, arrived } = await serving(() => pass(100));
    const failure = await failing(client(port, { timeout: 100 }).http, UNKEYED);
    expect(failure).toMatchObject({ reason: "network", effect: "unknown" });
    expect(failure.message).toMatch(
      /no complete answer within 0\.1 s from 127\.0\.0\.1:\d+; it is not known whether it took effect/,
    );
    expect(arrived).toHaveLength(1);
  });

  test("a server that never stops answering", async () => {
    const { port } = await serving((response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    });
    expect(await failing(client(port, { timeout: 150 }).http, UNKEYED)).toMatchObject({ reason: "network" });
  });

  test("a connection that is refused had no effect, and is tried again", async () => {
    const { port } = await serving(ok);
    for (const close of open.splice(0)) await close();
    const failure = await failing(client(port).http, UNKEYED);
    expect(failure).toMatchObject({ reason: "network", effect: "no", attempts: 5 });
    expect(failure.message).toBe(
      `PUT /ai/mcp_servers/1 failed: the connection to 127.0.0.1:${port} was refused (ECONNREFUSED) (5 attempts)`,
    );
  });

  test("a server that closes the connection during the TLS handshake had no effect", async () => {
    const { port } = await listening(createTcpServer((socket) => socket.destroy()));
    const { http } = client(port, { baseUrl: `https://127.0.0.1:${port}/v2` });
    expect(await failing(http, UNKEYED)).toMatchObject({ reason: "network", effect: "no", attempts: 5 });
  });

  test("a server without TLS is not retried", async () => {
    const { port } = await serving(ok);
    const failure = await failing(client(port, { baseUrl: `https://127.0.0.1:${port}/v2` }).http, READ);
    expect(failure).toMatchObject({ reason: "network", attempts: 1 });
    expect(failure.message).toMatch(/the TLS handshake with/);
  });
});

describe("the effect of a write with a key", () => {
  test("is none if the retry is refused because of its content", async () => {
    const { port } = await serving(reset, json(422, { detail: "no" }));
    expect(await failing(client(port).http, KEYED)).toMatchObject({ effect: "no", status: 422, attempts: 2 });
  });

  test("is unknown if the retry is refused because of the API key", async () => {
    const { port } = await serving(reset, json(401, ""));
    expect(await failing(client(port).http, KEYED)).toMatchObject({
      effect: "unknown",
      status: 401,
      attempts: 2,
    });
  });
});

describe("messages", () => {
  test("name method, path, status, code, detail, attempts and request id", async () => {
    const { port } = await serving(
      json(500, { errors: [{ code: "10007", detail: "Unexpected error" }] }, { "x-request-id": "req-7" }),
    );
    const failure = await failing(client(port).http, { ...READ, query: { a: "b" } });
    expect(failure.message).toBe(
      "GET /ai/tools answered 500 (10007): Unexpected error (8 attempts, request id req-7)",
    );
    expect(failure.requestId).toBe("req-7");
  });

  test("contain no secret that a response repeats", async () => {
    const { port } = await serving(
      json(400, { error: `bad header Bearer ${KEY}, see https://me:secret@x.example/` }),
    );
    const failure = await failing(client(port).http, READ);
    expect(failure.message).toBe(
      "GET /ai/tools answered 400: bad header Bearer [redacted], see https://[redacted]@x.example/",
    );
  });

  test("give advice if there is no body", async () => {
    const { port } = await serving(json(401, ""));
    expect((await failing(client(port).http, READ)).message).toBe(
      "GET /ai/tools answered 401: the API key was rejected",
    );
  });
});

describe("a compressed response", () => {
  const packed =
    (status: number, body: Buffer, encoding = "gzip"): Answer =>
    (response) => {
      response.writeHead(status, { "content-type": "application/json", "content-encoding": encoding });
      response.end(body);
    };
  const whole = gzipSync(JSON.stringify({ id: "é" }));

  test("is requested and decompressed", async () => {
    const { port, arrived } = await serving(packed(200, whole));
    expect(await client(port).http.send(READ)).toEqual({ id: "é" });
    expect(arrived[0]?.headers["accept-encoding"]).toBe("gzip, identity");
  });

  test("shows why a request is refused", async () => {
    const detail = gzipSync(JSON.stringify({ errors: [{ code: "10015", detail: "too long" }] }));
    const { port } = await serving(packed(422, detail));
    expect((await failing(client(port).http, READ)).message).toBe(
      "GET /ai/tools answered 422 (10015): too long",
    );
  });

  test.each([
    ["that is cut short", whole.subarray(0, -10), "gzip"],
    ["that is not compressed", Buffer.from("{}"), "gzip"],
    ["in an encoding that was not requested", whole, "br"],
  ])("%s is garbled: a read is repeated, and a refusal stays a refusal", async (_, body, encoding) => {
    const { port, arrived } = await serving(packed(200, body, encoding), ok);
    expect(await client(port).http.send(READ)).toEqual({ id: "x" });
    expect(arrived).toHaveLength(2);
    const other = await serving(packed(422, body, encoding));
    expect(await failing(client(other.port).http, READ)).toMatchObject({ status: 422, attempts: 1 });
  });
});

test("a redirect is not followed and does not get the key", async () => {
  const elsewhere = await serving(ok);
  const { port } = await serving(
    json(307, "", { location: `http://127.0.0.1:${elsewhere.port}/x?token=secret` }),
  );
  const failure = await failing(client(port).http, KEYED);
  expect(failure).toMatchObject({ reason: "protocol", status: 307, effect: "no" });
  expect(failure.message).toMatch(/redirect to http:\/\/127\.0\.0\.1:\d+\/x; redirects are not followed/);
  expect(elsewhere.arrived).toEqual([]);
});

describe("a proxy", () => {
  async function proxying() {
    const tunnels: string[] = [];
    const server = createServer();
    server.on("connect", (request, socket) => {
      tunnels.push(request.url ?? "");
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    return { tunnels, ...(await listening(server)) };
  }

  test("is used for https, and a refusal of the tunnel had no effect", async () => {
    const { port, tunnels } = await proxying();
    const proxy = { httpsProxy: `http://me:secret@127.0.0.1:${port}` };
    const { http } = client(0, { baseUrl: "https://api.invalid/v2", proxy });
    expect(await failing(http, UNKEYED)).toMatchObject({ reason: "network", effect: "no" });
    expect(tunnels[0]).toBe("api.invalid:443");
  });

  test("is not used for excluded hosts and for this machine", async () => {
    const { port, tunnels } = await proxying();
    const proxy = { httpsProxy: `http://127.0.0.1:${port}`, noProxy: "api.invalid" };
    const failure = await failing(client(0, { baseUrl: "https://api.invalid/v2", proxy }).http, READ);
    expect(failure.message).toMatch(/host name/);
    const local = await serving(ok);
    expect(
      await client(local.port, { proxy: { httpsProxy: `http://127.0.0.1:${port}` } }).http.send(READ),
    ).toEqual({ id: "x" });
    expect(tunnels).toEqual([]);
  });
});

describe("a streamed text", () => {
  const STREAMED: HttpRequest = { method: "POST", path: "/enhance", body: "{}", textLimit: 100 };
  const streamed =
    (...pieces: readonly string[]): Answer =>
    (response) => {
      response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
      for (const piece of pieces) response.write(piece);
      response.end();
    };

  test("is not parsed, even if it looks like JSON", async () => {
    const { port, arrived } = await serving(streamed('"Be', ' brief."'));
    expect(await client(port).http.send(STREAMED)).toBe('"Be brief."');
    expect(arrived[0]?.headers).toMatchObject({ "accept-encoding": "identity" });
  });

  const LIMITED = /too large/;
  test.each<[string, Answer, RegExp]>([
    ["is larger than its limit", streamed("x".repeat(60), "x".repeat(60)), LIMITED],
    ["is not plain text", json(200, { id: "x" }), /not a plain text/],
    [
      "is cut off",
      (response) => {
        response.writeHead(200, { "content-type": "text/plain" });
        response.write("Be brief.", () => response.destroy());
      },
      /closed before the answer was complete|reset/,
    ],
    [
      "ends where its connection ends",
      (response) => response.socket?.end("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\nBe brief."),
      /does not say where it ends/,
    ],
  ])("that %s is an error and is not repeated", async (_, answer, message) => {
    const { port, arrived } = await serving(answer);
    expect(await failing(client(port).http, STREAMED)).toMatchObject({
      message: expect.stringMatching(message),
    });
    expect(arrived).toHaveLength(1);
  });
});
