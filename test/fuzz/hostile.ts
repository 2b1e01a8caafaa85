import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { chanceOf, type Chance } from "./chance.ts";
import { mutatedJson, textOf } from "./mutate-json.ts";
import { mutatedBytes } from "./mutate-text.ts";
import { anyText, TRAP_PORT } from "./values.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Hostile {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Unpacked, it is larger than any answer may be. */
const BOMB = gzipSync(Buffer.alloc(80 * 1024 * 1024));

/**
 * A server on loopback that passes requests on to an honest one, and gives some of the answers changed. Which, and how,
 * follows from the seed and the request, in whatever order requests come. A calm one gives nothing that is asked for
 * again, as is done after waiting.
 */
export async function startHostile(upstream: string, seed: string, isCalm: boolean): Promise<Hostile> {
  const chance = chanceOf(seed);
  // The same mutation for every answer of a path, or another for each.
  const [often, isSteady] = [chance.pick([1, 2, 5, 20]), chance.oneIn(2)];
  const counts = new Map<string, number>();
  const origin = new URL(upstream).origin;
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const honest = await passOn(request, origin);
    const what = `${request.method} ${new URL(request.url ?? "/", origin).pathname}`;
    const count = counts.get(what) ?? 0;
    counts.set(what, count + 1);
    const own = chanceOf(`${seed} ${what} ${isSteady ? "" : count}`);
    const { port } = server.address() as AddressInfo;
    const body = Buffer.from(honest.body.toString("utf8").replaceAll(origin, `http://127.0.0.1:${port}`));
    const headers = { ...honest.headers };
    if (headers["link"] !== undefined)
      headers["link"] = headers["link"].replaceAll(origin, `http://127.0.0.1:${port}`);
    const answer = { ...honest, headers, body };
    if (isCalm && own.oneIn(often)) give({ ...answer, body: withJson(body, own) }, response);
    else if (!isCalm && own.oneIn(often)) give(changed(answer, own), response, own);
    else give(answer, response);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: upstream.replace(origin, `http://127.0.0.1:${port}`),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function passOn(request: IncomingMessage, origin: string): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { host: _, connection: __, "accept-encoding": ___, "content-length": ____, ...kept } = request.headers;
  const method = request.method ?? "GET";
  const answer = await fetch(origin + request.url, {
    method,
    headers: Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, String(value)])),
    ...(method === "GET" || chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  const named = ["content-type", "link", "retry-after", "x-request-id"].map(
    (name) => [name, answer.headers.get(name)] as const,
  );
  return {
    status: answer.status,
    headers: Object.fromEntries(named.filter((pair): pair is [string, string] => pair[1] !== null)),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

const STATUSES = [
  200, 201, 202, 204, 206, 300, 301, 302, 307, 304, 400, 401, 403, 404, 409, 410, 412, 422, 423, 429, 500, 502,
  503, 504, 599,
];

const HEADERS: readonly (readonly [string, string])[] = [
  ["retry-after", "99999999999"],
  ["retry-after", "-1"],
  ["retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"],
  ["retry-after", "1e400"],
  ["x-ratelimit-remaining", "0"],
  ["x-ratelimit-reset", "99999999999999999999"],
  ["content-type", "text/html"],
  ["content-type", "application/json; charset=utf-16"],
  ["content-encoding", "gzip"],
  ["content-encoding", "br"],
  ["content-encoding", "gzip, gzip, gzip"],
  ["content-encoding", "fuzz"],
  ["location", `http://127.0.0.1:${TRAP_PORT}/`],
  ["location", "http://fuzz.invalid/"],
  ["location", "/"],
  ["link", `<http://127.0.0.1:${TRAP_PORT}/>; rel="next"`],
  ["link", '<http://fuzz.invalid/>; rel="next"'],
  ["link", '<>; rel="next"'],
  ["x-request-id", "a\u009b31m::add-mask::b"],
  ["set-cookie", "a=b"],
];

function changed(answer: Answer, chance: Chance): Answer {
  switch (chance.below(12)) {
    case 0:
      return { ...answer, status: chance.pick(STATUSES) };
    case 1: {
      const [name, value] = chance.pick(HEADERS);
      return {
        ...answer,
        headers: { ...answer.headers, [name]: value },
        status: name === "location" ? chance.pick([301, 302, 307, 308]) : answer.status,
      };
    }
    case 2:
      return { ...answer, body: mutatedBytes(answer.body, chance) };
    case 3:
      return {
        ...answer,
        body: Buffer.from(chance.oneIn(2) ? anyText(chance) : JSON.stringify(anyText(chance))),
      };
    case 4:
      return chance.oneIn(10)
        ? { ...answer, headers: { ...answer.headers, "content-encoding": "gzip" }, body: BOMB }
        : answer;
    case 5:
      return {
        ...answer,
        status: chance.pick(STATUSES),
        body: Buffer.from(textOf(mutatedJson(failure(), chance))),
      };
    default:
      return { ...answer, body: withJson(answer.body, chance) };
  }
}

function failure(): unknown {
  return {
    message: "Something",
    errors: [{ code: "10015", title: "Wrong", detail: "Something is wrong", source: { pointer: "/name" } }],
    detail: [{ loc: ["body", "name"], msg: "wrong", type: "value_error" }],
  };
}

function withJson(body: Buffer, chance: Chance): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    return body;
  }
  return Buffer.from(textOf(mutatedJson(value, chance)));
}

/** Bodies that are cut short, and what is no HTTP, are among the changed ones. */
function give({ status, headers, body }: Answer, response: ServerResponse, chance?: Chance): void {
  const { socket } = response;
  if (chance?.oneIn(40) === true) return void socket?.end(`HTTP/1.1 ${anyText(chance)}\r\n\r\n`);
  if (chance?.oneIn(40) === true) return void socket?.destroy();
  const isCut = chance?.oneIn(30) === true;
  const isEmpty = status === 204 || status === 304;
  response.writeHead(status, {
    ...headers,
    ...(isEmpty ? {} : { "content-length": String(body.length + (isCut ? 10 : 0)) }),
  });
  if (isEmpty) return void response.end();
  response.write(body, () => (isCut ? socket?.destroy() : response.end()));
}
