import { hostname, userInfo } from "node:os";
import { noteCrash } from "./crash.ts";
import { limitHeapGrowth } from "./heap.ts";
import type { Io } from "./io.ts";
import { run } from "./program.ts";
import { runtime } from "../host/runtime.ts";
import { currentUser } from "../host/processes.ts";

let controller: AbortController | undefined;

/** The second request to stop is obeyed at once; the ledger lets the next run finish the job. */
function interruption(): AbortSignal {
  if (controller !== undefined) return controller.signal;
  const stopping = new AbortController();
  controller = stopping;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
      process.stderr.write(
        "\nStopping: finishing requests in progress. Press Ctrl-C again to stop immediately.\n",
      );
      stopping.abort();
    });
  }
  return stopping.signal;
}

function who(env: NodeJS.ProcessEnv): string {
  try {
    return env["GITHUB_ACTOR"] ?? env["GITLAB_USER_LOGIN"] ?? userInfo().username;
  } catch {
    return "unknown";
  }
}

const io: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  isTerminal: { stdout: process.stdout.isTTY === true, stderr: process.stderr.isTTY === true },
  columns: process.stdout.columns ?? 100,
  who: who(process.env),
  host: hostname(),
  pid: process.pid,
  ...currentUser(),
  runtime,
  limitHeapGrowth,
  interruption,
};

process.on("uncaughtException", (error) => {
  void noteCrash(io, error).finally(() => process.exit(1));
});

process.exitCode = await run(process.argv.slice(2), io);
// Abandoned requests would keep the process alive.
if (controller?.signal.aborted === true) process.exit();
