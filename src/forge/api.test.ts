import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { runtime } from "../host/runtime.ts";
import { createApi } from "./api.ts";

interface Reply {
  readonly status?: number;
  readonly link?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The connection is cut before an answer. */
  readonly cut?: true;
}

/** A server that answers in turn, and an API at it. */
async function served(...replies: readonly Reply[]) {
  const log: string[] = [];
  const server = createServer((request, response) => {
    const { status = 200, link, headers = {}, body = "{}", cut } = replies[log.length] ?? { status: 500 };
    log.push(`${request.method} ${request.url}`);
    if (cut === true) return void request.socket.destroy();
    response.writeHead(status, link === undefined ? headers : { ...headers, link });
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const close = () => new Promise((closed) => server.close(closed));
  onTestFinished(() => void close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const waits: number[] = [];
  const quick = { ...runtime, sleep: async (milliseconds: number) => void waits.push(milliseconds) };
  return {
    log,
    waits,
    base,
    close,
    api: createApi({ name: "Forge", base, headers: {}, env: {}, runtime: quick }),
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test("reads are repeated after a temporary failure", async () => {
  const { api, log } = await served({ status: 502 }, { cut: true }, { status: 429 }, { body: '{"a":1}' });
  expect(await api.get("/x")).toEqual({ a: 1 });
  expect(log).toHaveLength(4);
});

test.each([{ status: 502 }, { cut: true }] as const)(
  "a request that writes is sent once: %j",
  async (reply) => {
    const { api, log } = await served(reply, { body: '{"a":1}' });
    await expect(api.send("POST", "/x", { body: "hello" })).rejects.toThrow(
      /^Forge (answered 502|did not answer)/,
    );
    expect(log).toEqual(["POST /x"]);
  },
);

test("a permanent failure is not repeated, and the error quotes the forge", async () => {
  const { api, log } = await served({ status: 403, body: '{"message":"Resource not accessible"}' });
  await expect(api.get("/x?token=no")).rejects.toMatchObject({
    message: "Forge answered 403 to GET /x: Resource not accessible",
    status: 403,
  });
  expect(log).toHaveLength(1);
});

const SECONDARY = '{"message":"You have exceeded a secondary rate limit. Please wait a few minutes."}';
const NOW = "Sun, 22 Nov 2026 10:00:00 GMT";

test.each<[string, Reply, number]>([
  ["403 with Retry-After", { status: 403, headers: { "retry-after": "30" }, body: SECONDARY }, 30_000],
  ["429 with Retry-After", { status: 429, headers: { "retry-after": "7" } }, 7000],
  ["a date", { status: 403, headers: { "retry-after": "Sun, 22 Nov 2026 10:00:45 GMT", date: NOW } }, 45_000],
  ["nothing remaining", { status: 403, headers: rest("0", "2026-11-22T10:01:30Z") }, 90_000],
  ["only a message", { status: 403, headers: rest("12", "2026-11-22T11:00:00Z"), body: SECONDARY }, 60_000],
  ["429 alone", { status: 429 }, 1000],
])("a rate limit is waited for before reads and writes: %s", async (_, reply, wait) => {
  for (const method of ["GET", "POST"] as const) {
    const { api, log, waits } = await served(reply, { body: '{"a":1}' });
    const sent = method === "GET" ? api.get("/x") : api.send("POST", "/x", { body: "hello" });
    expect(await sent).toEqual({ a: 1 });
    expect([log, waits]).toEqual([[`${method} /x`, `${method} /x`], [wait]]);
  }
});

function rest(remaining: string, reset: string) {
  const seconds = String(Date.parse(reset) / 1000);
  return { "x-ratelimit-remaining": remaining, "x-ratelimit-reset": seconds, date: NOW };
}

test("a rate limit that does not end is reported as a rate limit, not as a missing permission", async () => {
  const long = { status: 403, headers: { "retry-after": "3600" }, body: SECONDARY };
  const { api, log } = await served(long);
  await expect(api.send("POST", "/x", {})).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Forge rate limit reached: Forge answered 403 to POST \/x: You have.*\(retry in 3600 seconds\)$/,
    ),
    status: 429,
  });
  expect(log).toHaveLength(1);
  const again = await served(
    ...Array.from({ length: 9 }, () => ({ ...long, headers: { "retry-after": "1" } })),
  );
  await expect(again.api.get("/x")).rejects.toThrow(/rate limit reached/);
  expect(again.log).toHaveLength(4);
});

test("all pages are read, but a link to another host is not followed", async () => {
  const { api, base, log } = await served(
    { body: '[{"n":1},{"n":2}]', link: '</two>; rel="prev", <https://elsewhere.example/three>; rel="next"' },
    {},
  );
  expect(await all(api.list("/one"))).toEqual([{ n: 1 }, { n: 2 }]);
  expect(log).toEqual(["GET /one"]);
  const more = await served({ body: '{"items":[{"n":1}]}', link: `<${base}/two>; rel="next"` });
  expect(await all(more.api.list("/one", "items"))).toEqual([{ n: 1 }]);
});

test("a next link that is not a URL ends the list", async () => {
  const { api, log } = await served({ body: '[{"n":1}]', link: '<two>; rel="next"' });
  expect(await all(api.list("/one"))).toEqual([{ n: 1 }]);
  expect(log).toEqual(["GET /one"]);
});

test("a compressed answer is read; a damaged one is reported", async () => {
  const headers = { "content-encoding": "gzip" };
  const { api } = await served({ headers, body: gzipSync('{"a":1}') });
  expect(await api.get("/x")).toEqual({ a: 1 });
  const bad = await served({ headers, body: "{}" });
  await expect(bad.api.send("POST", "/x", {})).rejects.toThrow(
    /^Forge did not answer .*: the answer is not valid gzip/,
  );
});

test("a forge that cannot be reached is named with its host", async () => {
  const { api, base, close } = await served();
  await close();
  await expect(api.send("POST", "/x", {})).rejects.toThrow(
    `Forge did not answer POST /x at ${new URL(base).host}: connect ECONNREFUSED`,
  );
});

test.each([
  "http://forge.example/api",
  "http://127.forge.example",
  "ftp://forge.example",
  "ftp://127.0.0.1",
  "forge",
])("no token is sent to %s", (base) => {
  expect(() => createApi({ name: "Forge", base, headers: {}, env: {}, runtime })).toThrow(/Forge's API is not/);
});

test.each([
  ["repeat", (page: number) => 3 - page],
  ["never repeat", (page: number) => page + 1],
])("a list whose pages %s is an error", async (_, next) => {
  let page = 1;
  const server = createServer((request, response) => {
    page = Number(new URL(request.url ?? "", "http://a").searchParams.get("page") ?? "1");
    response.setHeader("link", `<http://${request.headers.host}/list?page=${next(page)}>; rel="next"`);
    response.end('[{"a":1}]');
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = createApi({ name: "Forge", base, headers: {}, env: {}, runtime });
  await expect(all(api.list("/list?page=1"))).rejects.toThrow("Forge returns pages of /list without end");
});
