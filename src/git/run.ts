import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { platform } from "node:os";
import type { Runtime } from "../model/runtime.ts";
import { gitEnvironment, gitProgram, type Environment, type ProcessEnvironment } from "./environment.ts";
import { options, type Setting } from "./settings.ts";

export interface GitCall {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Of this process; of it, Git gets what it needs. */
  readonly env: ProcessEnvironment;
  /** Which repository it is for: `GIT_DIR` and the like. */
  readonly at?: Environment;
  /** It talks to a remote, and gets the credentials for that. */
  readonly isRemote?: true;
  /** May be secret. */
  readonly settings?: readonly Setting[];
  /** For its standard input. */
  readonly input?: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** How a call ended. */
export interface GitResult {
  /** `undefined` when it was ended from outside. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly isLate?: true;
  /** The command could not be started. */
  readonly isMissing?: true;
}

export type GitRunner = (call: GitCall) => Promise<GitResult>;

/** Git, and the environment of this process. */
export interface Git {
  readonly run: GitRunner;
  readonly env: ProcessEnvironment;
}

/** A call of Git that failed, or that was not made because the repository is not to be trusted. */
export class GitError extends Error {
  override readonly name = "GitError";
  readonly result: GitResult | undefined;

  constructor(message: string, result?: GitResult) {
    super(message);
    this.result = result;
  }
}

/** No other programs and no maintenance tasks. */
const PLAIN: readonly Setting[] = Object.entries({
  "safe.bareRepository": "explicit",
  "core.fsmonitor": "false",
  "core.hooksPath": "/dev/null",
  "core.alternateRefsCommand": ":",
  "core.pager": "cat",
  "core.editor": ":",
  "core.logAllRefUpdates": "false",
  "color.ui": "false",
  "commit.gpgSign": "false",
  "fetch.recurseSubmodules": "no",
  "fetch.writeCommitGraph": "false",
  "gc.auto": "0",
  "log.showSignature": "false",
  "maintenance.auto": "false",
  "push.followTags": "false",
  "push.gpgSign": "false",
  "push.recurseSubmodules": "no",
  "receive.autogc": "false",
  "submodule.recurse": "false",
}).map(([key, value]) => ({ key, value }));

/** Git as a program that another Git starts. */
export const PLAIN_GIT = ["git", ...options(PLAIN)].join(" ");

/** Bytes of an answer; more is no ledger and no list of files. */
const LARGEST = 256 * 1024 * 1024;

/** From the polite request to end to the end. */
const GRACE = 2_000;

/**
 * Runs the `git` command of this machine: the one place that does. Never rejects, and never outlasts its time limit by
 * more than a moment.
 */
export function gitRunner(runtime: Runtime): GitRunner {
  return (call) =>
    new Promise((resolve) => {
      const child = start(call);
      if (child === undefined) return resolve({ code: undefined, stdout: "", stderr: "", isMissing: true });
      const printed = collected(child);
      const ended = new AbortController();
      let late: { readonly isLate: true } | undefined;
      const finish = (code: number | null, more: Partial<GitResult> = {}): void => {
        ended.abort();
        resolve({ code: code ?? undefined, ...printed(), ...late, ...more });
      };
      child.on("error", () => finish(null, { isMissing: true }));
      child.on("close", finish);
      // A command that ends before it has read everything says itself why.
      child.stdin.on("error", () => undefined);
      child.stdin.end(call.input ?? "");
      const limit = async (): Promise<void> => {
        await runtime.sleep(call.timeout, ended.signal);
        late = { isLate: true };
        child.kill("SIGTERM");
        await runtime.sleep(GRACE, ended.signal);
        child.kill("SIGKILL");
        // Its own children may hold these open for as long as they like.
        for (const stream of [child.stdout, child.stderr]) stream.destroy();
        finish(null);
      };
      limit().catch(() => undefined);
    });
}

function start(call: GitCall): ChildProcessWithoutNullStreams | undefined {
  const { args, cwd, env, at = {}, isRemote = false, settings = [] } = call;
  const program = gitProgram(env);
  if (program === undefined) return undefined;
  return spawn(program, [...options(PLAIN), ...args], {
    cwd,
    env: { ...gitEnvironment(env, { isRemote, settings }), ...at },
    // Away from the terminal: a Ctrl-C there is for the run to obey, not to tear a push apart; and nothing can ask.
    detached: platform() !== "win32",
    windowsHide: true,
  });
}

/** What a process prints; one that prints too much is ended. */
function collected(child: ChildProcessWithoutNullStreams): () => Pick<GitResult, "stdout" | "stderr"> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  let size = 0;
  const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
    size += chunk.length;
    if (size <= LARGEST) chunks.push(chunk);
    else child.kill("SIGKILL");
  };
  child.stdout.on("data", keep(out));
  child.stderr.on("data", keep(err));
  return () => ({
    stdout: text(out),
    stderr: size <= LARGEST ? text(err) : `the answer is larger than ${LARGEST / 1024 / 1024} MiB`,
  });
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
