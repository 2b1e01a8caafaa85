import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

export interface StateServer {
  readonly url: string;
  /** `GET /state`, in order. */
  readonly log: string[];
  /** Exact header lines of the last request. */
  headers: IncomingMessage["headers"];
  state: string | undefined;
  lock: Readonly<Record<string, string>> | undefined;
  /** What happens to the next request whose log line begins with the key. */
  readonly faults: { readonly on: string; readonly fault: Fault }[];
}

/**
 * `lost`: done, and the connection cut before the answer. `broken`: cut before anything is done. `silent`: never
 * answered. `failed`: done, and answered with 500. A number: not done, and answered with this status.
 */
export type Fault = "lost" | "broken" | "silent" | "failed" | number;

export interface StateServerOptions {
  /** As GitLab does: 409, its own user for the holder, `POST` and `DELETE` to lock, every serial once. */
  readonly gitlab?: true;
  /** `user:password` */
  readonly credentials?: string;
}

interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** Terraform's HTTP state protocol as its documentation has it, over a real socket; packed for whoever takes it so. */
export async function startStateServer(options: StateServerOptions = {}): Promise<StateServer> {
  const serials = new Set<number>();
  const self: StateServer = { url: "", log: [], headers: {}, state: undefined, lock: undefined, faults: [] };

  const lock = (body: string): Reply => {
    const info = JSON.parse(body) as Record<string, string>;
    const required = ["ID", "Operation", "Info", "Who", "Version", "Created", "Path"];
    if (required.some((key) => typeof info[key] !== "string"))
      return { status: 400, body: '{"error":"missing"}' };
    if (self.lock !== undefined) {
      const { ID = "", Created = "" } = self.lock;
      const held = options.gitlab === true ? { ...info, ID, Created, Who: "gitlab-user" } : self.lock;
      return { status: options.gitlab === true ? 409 : 423, body: JSON.stringify(held) };
    }
    if ((info["ID"] ?? "").length > 255) return { status: 400 };
    self.lock = info;
    return { status: 200, body };
  };
  const unlock = (body: string): Reply => {
    const id = body === "" ? undefined : (JSON.parse(body) as Record<string, string>)["ID"];
    if (id !== undefined && self.lock?.["ID"] !== id) return { status: 409 };
    self.lock = undefined;
    return { status: 200 };
  };
  const update = (body: string, id: string | null): Reply => {
    if ((self.lock?.["ID"] ?? null) !== id) return { status: options.gitlab === true ? 409 : 423 };
    const { serial } = JSON.parse(body) as { serial: number };
    if (options.gitlab === true && serials.has(serial))
      return { status: 422, body: '{"error":"duplicate key"}' };
    serials.add(serial);
    self.state = body;
    return { status: 200 };
  };
  const act = (method: string, url: URL, body: string): Reply => {
    const isLock = url.pathname.endsWith("/lock");
    if (isLock && method === (options.gitlab === true ? "POST" : "LOCK")) return lock(body);
    if (isLock && method === (options.gitlab === true ? "DELETE" : "UNLOCK")) return unlock(body);
    if (isLock) return { status: 405 };
    if (method === "POST") return update(body, url.searchParams.get("ID"));
    if (method !== "GET") return { status: 405 };
    return self.state === undefined
      ? { status: options.gitlab === true ? 204 : 404 }
      : { status: 200, body: self.state };
  };
  const answer = (request: IncomingMessage, response: ServerResponse, body: string): void => {
    const url = new URL(request.url ?? "", self.url);
    const line = `${request.method} ${url.pathname}`;
    self.log.push(line);
    self.headers = request.headers;
    const at = self.faults.findIndex(({ on }) => line.startsWith(on));
    const fault = at < 0 ? undefined : self.faults.splice(at, 1)[0]?.fault;
    if (fault === "silent") return;
    if (fault === "broken") return void request.socket.destroy();
    const expected = `Basic ${Buffer.from(options.credentials ?? "").toString("base64")}`;
    const isKnown = options.credentials === undefined || request.headers.authorization === expected;
    const done = (): Reply => (isKnown ? act(request.method ?? "", url, body) : { status: 401 });
    const reply: Reply = typeof fault === "number" ? { status: fault, body: "no" } : done();
    if (fault === "lost") return void request.socket.destroy();
    const status = fault === "failed" ? 500 : reply.status;
    const isRedirect = status >= 300 && status < 400;
    const isPacked = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? "")) && status !== 204;
    response.writeHead(status, {
      ...(isRedirect ? { location: "https://elsewhere.example/?token=geheim" } : {}),
      ...(isPacked ? { "content-encoding": "gzip" } : {}),
    });
    const text = status === 204 ? "" : (reply.body ?? "");
    response.end(isPacked ? gzipSync(text) : text);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(request, response, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(self, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/state` });
}
