import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";

const MAIN = resolve(import.meta.dirname, "../dist/cli/main.js");
const PEAK = resolve(import.meta.dirname, "peak.mjs");
export const KEY = "bench-key";

export interface Ran {
  readonly milliseconds: number;
  readonly stdout: string;
}

interface Place {
  readonly cwd?: string;
  readonly url?: string;
}

/** A whole process of Node, from its start to its end. Throws unless it ends with 0. */
export async function node(args: readonly string[], { cwd, url = "" }: Place = {}): Promise<Ran> {
  const env = { ...process.env, TELNYX_API_KEY: KEY, TELNYX_BASE_URL: url, NO_COLOR: "1" };
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const milliseconds = performance.now() - began;
  if (code !== 0)
    throw new Error(`node ${args.join(" ")} ended with ${code}:\n${stderr}${stdout.slice(-2000)}`);
  return { milliseconds, stdout };
}

/** The published command line. */
export function rollcall(args: readonly string[], place: Place = {}): Promise<Ran> {
  return node([MAIN, ...args], place);
}

/** The most memory that the command line had at a time, in MB. */
export async function peakMemory(args: readonly string[], place: Place): Promise<number> {
  const { stdout } = await node(["--import", PEAK, MAIN, ...args], place);
  return Number(/peak memory: (\d+) kB/.exec(stdout)?.[1] ?? Number.NaN) / 1024;
}
