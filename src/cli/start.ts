import { hostname, userInfo } from "node:os";
import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { note, noteError, type Io } from "./io.ts";
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
  interruption,
};

process.on("uncaughtException", (error) => {
  void noteCrash(io, error).finally(() => process.exit(1));
});

process.exitCode = await run(process.argv.slice(2), io);
// Requests that nobody waits for any more would keep the process alive.
if (controller?.signal.aborted === true) process.exit();

/** An error that nobody expected: said like the others, with the places in the code that a bug report needs. */
async function noteCrash(io: Io, error: unknown): Promise<void> {
  const { name, message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  await noteError(io, `this is a bug in Rollcall: ${name}: ${message}`);
  const from = stack.indexOf(message) + message.length;
  const places = stack
    .slice(from)
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    .map(sourcePlace);
  if (places.length > 0) await note(io, places.join("\n"));
}

const PLACE = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/;

/**
 * A line of a stack trace with the place in the sources in place of that in the published chunk. Maps are read only here,
 * when something went wrong: at every start they would cost more than the start itself.
 */
function sourcePlace(line: string): string {
  const [place, url = "", row, column] = PLACE.exec(line) ?? [];
  if (place === undefined) return line;
  try {
    const file = fileURLToPath(url);
    if (!existsSync(`${file}.map`)) return line;
    const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")));
    const entry = map.findEntry(Number(row) - 1, Number(column) - 1);
    if (!("originalSource" in entry)) return line;
    const source = resolve(dirname(file), entry.originalSource);
    return line.replace(place, `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
  } catch {
    return line;
  }
}
