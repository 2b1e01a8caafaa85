import { spawn } from "node:child_process";
import { platform } from "node:os";
import type { Runtime } from "../../model/runtime.ts";

export interface GitCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
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

/** From the polite request to end to the end. */
const GRACE = 2_000;

/** Runs the `git` command of this machine. Never rejects, and never outlasts its time limit by more than a moment. */
export function gitRunner(runtime: Runtime): GitRunner {
  return ({ args, cwd, env, input, timeout }) =>
    new Promise((resolve) => {
      // Away from the terminal: a Ctrl-C there is for the run to obey, not to tear a push apart; and nothing can ask.
      const detached = platform() !== "win32";
      const child = spawn("git", args, { cwd, env, detached, windowsHide: true });
      const ended = new AbortController();
      const [out, err]: [Buffer[], Buffer[]] = [[], []];
      let late: { readonly isLate: true } | undefined;
      const finish = (code: number | null, more: Partial<GitResult> = {}): void => {
        ended.abort();
        const [stdout, stderr] = [text(out), text(err)];
        resolve({ code: code ?? undefined, stdout, stderr, ...late, ...more });
      };
      child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
      child.on("error", () => finish(null, { isMissing: true }));
      child.on("close", finish);
      // A command that ends before it has read everything says itself why.
      child.stdin.on("error", () => undefined);
      child.stdin.end(input ?? "");
      const limit = async (): Promise<void> => {
        await runtime.sleep(timeout, ended.signal);
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

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}
