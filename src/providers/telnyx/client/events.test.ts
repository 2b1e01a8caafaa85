import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { runtime } from "../../../host/runtime.ts";
import { ProviderError } from "../../../model/provider.ts";
import { createHttpClient } from "./http.ts";
import type { ServerEvent } from "./request.ts";

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const TIMEOUT = 5_000;

/** Timers stand still in this test, until an event says that the time passes. */
function stopTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  open.push(() => vi.useRealTimers());
}

/** A server that streams, and what a client sees of it. `end` is the name of the last event. */
async function streaming(answer: (response: ServerResponse) => void) {
  let requests = 0;
  const accepted: unknown[] = [];
  const server = createServer((request, response) => {
    requests += 1;
    accepted.push(request.headers["accept"]);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const http = createHttpClient({
    baseUrl: new URL(`http://127.0.0.1:${port}/v2`),
    apiKey: "KEY0123",
    redact: (text) => text,
    parallelism: 1,
    timeout: TIMEOUT,
    userAgent: "rollcall-test",
    runtime: { ...runtime, sleep: async () => undefined },
  });
  open.push(() => http.close());
  const events: ServerEvent[] = [];
  const stop = new AbortController();
  const result = http.send({
    method: "POST",
    path: "/chat",
    body: "{}",
    signal: stop.signal,
    onEvent: (event) => {
      events.push(event);
      if (event.data === "wait") setImmediate(() => vi.advanceTimersByTime(TIMEOUT));
      if (event.data === "stop") stop.abort(new Error("stopped here"));
      return event.name === "done" ? "last" : "more";
    },
  });
  return { result, events, accepted, requests: () => requests };
}

const start = (response: ServerResponse) =>
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });

async function failing(result: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await result.catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(ProviderError);
  return error as ProviderError;
}

describe("a stream", () => {
  test("is read to its last event, however the bytes are split", async () => {
    const bytes = Buffer.from(
      ": hello\r\nevent: delta\r\ndata: Grüße 🌙\r\n\r\ndata: a\ndata: b\n\nevent: done\ndata: {}\n\nevent: late\ndata: x\n\n",
    );
    const { result, events, accepted } = await streaming((response) => {
      start(response).flushHeaders();
      const send = (at: number): void => {
        if (at < bytes.length) response.write(bytes.subarray(at, at + 1), () => send(at + 1));
      };
      send(0);
    });
    expect(await result).toBeUndefined();
    expect(events).toEqual([
      { name: "delta", data: "Grüße 🌙" },
      { name: "message", data: "a\nb" },
      { name: "done", data: "{}" },
    ]);
    expect(accepted).toEqual(["text/event-stream, application/json"]);
  });

  test("is read as JSON if the server does not stream", async () => {
    const { result, events } = await streaming((response) =>
      response.writeHead(200, { "content-type": "application/json" }).end('{"content":"x"}'),
    );
    expect(await result).toEqual({ content: "x" });
    expect(events).toEqual([]);
  });

  test("reports a refusal like any other error", async () => {
    const { result } = await streaming((response) => response.writeHead(422).end('{"detail":"no"}'));
    expect((await failing(result)).failure).toMatchObject({ status: 422, effect: "no", message: "no" });
  });

  test("ends with the reason of the caller who stops it", async () => {
    const { result, requests } = await streaming((response) => start(response).write("data: stop\n\n"));
    await expect(result).rejects.toThrow("stopped here");
    expect(requests()).toBe(1);
  });
});

describe("an incomplete stream is an error and is not repeated", () => {
  test.each([
    [
      "an end without the last event",
      (response: ServerResponse) => start(response).end("data: a\n\n"),
      /cut off/,
    ],
    [
      "an end in the middle of the last event",
      (response: ServerResponse) => start(response).end("data: a\n\nevent: done\ndata: {}\n"),
      /cut off/,
    ],
    [
      "a connection that breaks",
      (response: ServerResponse) => start(response).write("data: a\n\n", () => response.socket?.destroy()),
      /connection/,
    ],
    [
      "silence",
      (response: ServerResponse) => start(response).write("data: wait\n\n"),
      /no complete answer within/,
    ],
    [
      "an event that is too large",
      (response: ServerResponse) => start(response).write(`data: a\n\ndata: ${"x".repeat(2 * 1024 * 1024)}`),
      /too large/,
    ],
    [
      "events without end",
      (response: ServerResponse) => {
        start(response);
        const piece = `data: ${"x".repeat(512 * 1024)}\n\n`;
        const more = (left: number) => void response.write(piece, () => left > 0 && more(left - 1));
        more(40);
      },
      /too large/,
    ],
  ])("%s", async (what, answer, why) => {
    if (what === "silence") stopTimers();
    const { result, requests } = await streaming(answer);
    const { failure } = await failing(result);
    expect(failure).toMatchObject({ effect: "unknown", status: 200 });
    expect(failure.message).toMatch(why);
    expect(requests()).toBe(1);
  });
});
