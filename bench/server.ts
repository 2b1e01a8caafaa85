import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { Agent, request } from "undici";

const MAIN = resolve(import.meta.dirname, "../dist/cli/main.js");

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: string;
}

/** The emulator in a process of its own, so that its work is not counted as ours. */
export interface Server {
  readonly url: string;
  /** Everything that was asked for since the last `forget`. */
  requests(): Promise<readonly Sent[]>;
  forget(): Promise<void>;
  /** An account without anything in it. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function startServer(latency = 0, dataFile?: string): Promise<Server> {
  const data = dataFile === undefined ? [] : ["--data", dataFile];
  const args = [MAIN, "emulator", "--port", "0", "--latency", String(latency), ...data];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const url = /TELNYX_BASE_URL=(\S+)/.exec(line.toString())?.[1] ?? "";
  const admin = async (method: "GET" | "POST" | "DELETE", path: string): Promise<unknown> => {
    const { body } = await request(`${new URL(url).origin}/_emulator${path}`, { method });
    return body.json();
  };
  return {
    url,
    requests: async () => ((await admin("GET", "/requests")) as { readonly data: readonly Sent[] }).data,
    forget: async () => void (await admin("DELETE", "/requests")),
    reset: async () => void (await admin("POST", "/reset")),
    close: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

type Work = (
  send: (method: "GET" | "POST", path: string, body?: unknown) => Promise<unknown>,
) => Promise<unknown>;

/** Milliseconds that requests alone take, so many at a time: no retries, no checks, JSON read and written. */
export async function bare(url: string, atOnce: number, work: readonly Work[]): Promise<number> {
  const agent = new Agent({ connections: atOnce });
  const send: Parameters<Work>[0] = async (method, path, content) => {
    const answer = await request(`${url}${path}`, {
      dispatcher: agent,
      method,
      headers: { authorization: "Bearer bench", "content-type": "application/json" },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text);
  };
  const waiting = [...work];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next(send);
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const milliseconds = performance.now() - began;
  await agent.close();
  return milliseconds;
}
