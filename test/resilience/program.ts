import { spawn, type ChildProcess } from "node:child_process";
import { dirname } from "node:path";
import { builtCheckout, builtMain } from "../checkout.ts";

/** Compiling what runs for half a second costs more than it gains, and there are hundreds of processes. */
const SHORT_LIVED = ["--no-opt"];

/** The program as it is installed: what a test kills must be a process of its own. */
export interface Program {
  start(folder: string, args: readonly string[], settings?: Settings): Running;
}

export interface Settings {
  readonly env?: Readonly<Record<string, string>>;
  /** Modules that are loaded before the program. */
  readonly first?: readonly string[];
  /** A command line of the shell, in which `"$@"` is the program with its arguments. */
  readonly shell?: string;
}

/** One process of it. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has said so far. */
  readonly texts: { readonly stdout: string; readonly stderr: string };
}

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The one of the built checkout. */
export async function builtProgram(): Promise<Program> {
  const checkout = await builtCheckout();
  const main = await builtMain();
  return {
    start: (cwd, args, { env = {}, first = [], shell } = {}) => {
      const before = first.flatMap((path) => ["--import", path]);
      const own = { PATH: process.env["PATH"] ?? "", HOME: dirname(checkout) };
      const command = [process.execPath, ...SHORT_LIVED, ...before, main, ...args];
      const [file = "", ...rest] = shell === undefined ? command : ["sh", "-c", shell, "sh", ...command];
      return watched(spawn(file, rest, { cwd, env: { ...own, ...env } }));
    },
  };
}

function watched(child: ChildProcess): Running {
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (texts.stderr += chunk.toString()));
  const ended = new Promise<Ended>((done, failed) => {
    child.on("error", failed);
    child.on("close", (code, signal) => done({ code, signal, ...texts }));
  });
  return { child, ended, texts };
}
