import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { onTestFinished } from "vitest";
import { folder } from "./folder.ts";

/** What Git gets in tests. */
export const ENV = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Dev",
  GIT_AUTHOR_EMAIL: "dev@example.com",
  GIT_COMMITTER_NAME: "Dev",
  GIT_COMMITTER_EMAIL: "dev@example.com",
};

export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync("git", args, {
    cwd,
    env: ENV,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

/** A bare repository with two commits on its branch. */
export function bareRepository(): string {
  const bare = join(folder(), "remote.git");
  cpSync((made ??= makeRepository()), bare, { recursive: true });
  return bare;
}

/** The same for all tests of a worker, which is what it has made its temporary folder for. */
let made: string | undefined;

function makeRepository(): string {
  const root = mkdtempSync(join(tmpdir(), "rollcall-repository-"));
  const bare = join(root, "remote.git");
  git(root, "init", "--quiet", "--bare", "--initial-branch=main", bare);
  const work = join(root, "first");
  git(root, "clone", "--quiet", bare, work);
  git(work, "checkout", "--quiet", "-B", "main");
  for (const message of ["one", "two"]) git(work, "commit", "--quiet", "--allow-empty", "-m", message);
  git(work, "push", "--quiet", "origin", "main");
  return bare;
}

export function clone(url: string, ...options: readonly string[]): string {
  const path = join(folder(), "clone");
  git(folder(), "clone", "--quiet", ...options, "--", url, path);
  return path;
}

/** Everything that a user would miss or notice. */
export function pictureOf(repository: string): string {
  const parts = [
    git(repository, "status", "--porcelain=v2", "--branch"),
    git(repository, "for-each-ref"),
    git(repository, "rev-parse", "HEAD", "--is-shallow-repository"),
    git(repository, "config", "--local", "--list"),
    git(repository, "count-objects", "-v"),
    git(repository, "ls-files", "--stage"),
  ];
  return parts.join("\n");
}

/** Serves the folder of a bare repository with `git daemon`; `undefined` where there is none. */
export async function serve(bare: string): Promise<string | undefined> {
  try {
    execFileSync("git", ["daemon", "--help-unknown-option"], { stdio: "pipe" });
  } catch (error) {
    if (String((error as { stderr?: unknown }).stderr).includes("is not a git command")) return undefined;
  }
  const root = join(bare, "..");
  const args = ["--export-all", "--enable=receive-pack", `--base-path=${root}`, root];
  // In a thread of its own, because tests wait for Git without letting theirs go on.
  const server = new Worker(new URL("git-server.mjs", import.meta.url), {
    workerData: { args, env: ENV },
    execArgv: [],
  });
  onTestFinished(async () => void (await server.terminate()));
  const [port] = (await once(server, "message")) as readonly unknown[];
  return `git://127.0.0.1:${String(port)}/remote.git`;
}

export interface HttpPlace {
  readonly url: string;
  /** Instead of Git's answer. */
  answer?: number | "drop";
}

/** Serves a bare repository over HTTP as servers do, by `git http-backend`, to whoever has the credentials. */
export async function serveHttp(bare: string, credentials: string): Promise<HttpPlace> {
  git(bare, "config", "http.receivepack", "true");
  const place: { url: string; answer?: number | "drop" } = { url: "" };
  const expected = `basic ${Buffer.from(credentials).toString("base64")}`;
  const server = createHttpServer((request, response) => {
    const { authorization = "" } = request.headers;
    if (place.answer === "drop") {
      request.socket.destroy();
    } else if (authorization.toLowerCase() !== expected.toLowerCase()) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    } else if (place.answer !== undefined) {
      // Git shows such a text to its user.
      const text = `no entry with ${authorization} or ${authorization.split(" ").at(-1)}`;
      response.writeHead(place.answer, { "content-type": "text/plain" }).end(text);
    } else {
      backend(bare, request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  place.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/remote.git`;
  return place;
}

function backend(bare: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "", "http://localhost");
  const cgi = spawn("git", ["http-backend"], {
    env: {
      ...ENV,
      GIT_PROJECT_ROOT: join(bare, ".."),
      GIT_HTTP_EXPORT_ALL: "1",
      REQUEST_METHOD: request.method ?? "",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REMOTE_USER: "me",
    },
  });
  request.pipe(cgi.stdin);
  const chunks: Buffer[] = [];
  cgi.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  cgi.on("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    const lines = output.subarray(0, end).toString().split("\r\n");
    const headers = lines.map((line) => line.split(": ", 2) as [string, string]);
    const status = Number(headers.find(([key]) => key === "Status")?.[1]?.slice(0, 3) ?? 200);
    response.writeHead(status, Object.fromEntries(headers)).end(output.subarray(end + 4));
  });
}
