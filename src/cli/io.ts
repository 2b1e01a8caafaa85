import type { Readable, Writable } from "node:stream";
import type { Runtime } from "../model/runtime.ts";
import { faultOf } from "../host/files/fault.ts";
import { errorJson, type ErrorDetails } from "../report/json/error.ts";
import { printable, type Destination } from "../report/printable.ts";
import { visible } from "../model/visible.ts";
import type { Style } from "../report/style.ts";
import { UsageError } from "./failure.ts";
import type { TableStyle } from "../report/table.ts";

/** Everything a command needs of the process around it. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether questions can be asked. */
  readonly isInteractive: boolean;
  /** Whether standard output, and standard error, are terminals. */
  readonly isTerminal: { readonly stdout: boolean; readonly stderr: boolean };
  readonly columns: number;
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  /** The format of errors; default: `text`. */
  readonly errors?: "text" | "json";
  /** Of the user; absent where the system has none. */
  readonly uid?: number;
  readonly runtime: Runtime;
  /** Makes memory be tidied up more often, for the rest of the process. */
  readonly limitHeapGrowth?: () => void;
  /** From the first call on, a request to stop (Ctrl-C) does not end the process but aborts this signal. */
  interruption(): AbortSignal;
}

/** The result, and nothing else. Resolves when it is written. Throws `UsageError` when the disk is full. */
export function print(io: Io, text: string): Promise<void> {
  return output(io, whole(printable(text, destination(io))));
}

/** A part of a line, as it arrives; the rest of the line follows. Throws as `print` does. */
export async function printPart(io: Io, text: string, stream: "stdout" | "stderr"): Promise<void> {
  const part = printable(text, destination(io));
  await (stream === "stdout" ? output(io, part) : write(io.stderr, part));
}

/** Progress, notices and errors. If standard error cannot be written, the failure is ignored. */
export async function note(io: Io, text: string): Promise<void> {
  await write(io.stderr, whole(printable(text, destination(io))));
}

/** An error that ends the command: one line, whatever its message is made of, and what to do. */
export function noteError(io: Io, message: string, details: ErrorDetails = {}): Promise<void> {
  if (io.errors === "json") return note(io, errorJson(message, details));
  const help = details.help === undefined ? "" : `\nhelp: ${visible(details.help)}`;
  return note(io, `error: ${visible(message)}${help}`);
}

/** Why a command ended before it did anything: somebody did not approve, or stopped it. */
export function noteCancelled(io: Io, message: string): Promise<void> {
  return io.errors === "json" ? noteError(io, message) : note(io, message);
}

/** Commands to the runner of GitHub Actions, as `annotation` makes them. */
export function annotate(io: Io, annotations: string): Promise<void> {
  return output(io, whole(printable(annotations, { ...destination(io), runner: false })));
}

async function output(io: Io, text: string): Promise<void> {
  const error = await write(io.stdout, text);
  if (error === undefined) return;
  throw new UsageError(`standard output cannot be written: ${faultOf(error).reason}`);
}

function whole(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function destination({ isTerminal, env }: Io): Destination {
  return { colour: isTerminal.stdout, runner: RUNNERS.some((name) => isSet(env[name])) };
}

/** Variables that CI systems set in their jobs, where output goes to a log. */
const RUNNERS = ["CI", "GITHUB_ACTIONS", "GITLAB_CI", "TF_BUILD", "TEAMCITY_VERSION", "BUILDKITE", "TRAVIS"];

function isSet(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value.toLowerCase());
}

/** A reader that has ended, as in `| head`, is no error. */
function write(stream: Writable, text: string): Promise<Error | undefined> {
  return new Promise((resolve) => {
    stream.write(text, (failure) => {
      const error = failure == null ? undefined : (stream.errored ?? failure);
      resolve(error !== undefined && "code" in error && error.code === "EPIPE" ? undefined : error);
    });
  });
}

/** `full`: long texts and values are not cut. */
export function styleOf(io: Io, wanted: boolean, full = false): Style {
  const colour =
    wanted && io.isTerminal.stdout && (io.env["NO_COLOR"] ?? "") === "" && io.env["TERM"] !== "dumb";
  return { colour, width: io.isTerminal.stdout ? Math.max(60, io.columns) : 120, full };
}

/** Of tables: output to a file or another program is not cut. */
export function tableStyle(io: Io, wanted: boolean, isWide = false): TableStyle {
  return { ...styleOf(io, wanted), width: io.isTerminal.stdout ? io.columns : Infinity, isWide };
}

/** Asks on standard error; only a plain `yes` is yes. Ctrl-C and the end of the input (Ctrl-D) are none. */
export async function confirm(io: Io, question: string, signal?: AbortSignal): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const prompt = createInterface({ input: io.stdin, output: io.stderr, terminal: io.isInteractive });
  const ended = new Promise<string>((resolve) => prompt.once("close", () => resolve("")));
  const options = signal === undefined ? {} : { signal };
  try {
    const answer = prompt.question(printable(question, destination(io)), options);
    return (await Promise.race([answer, ended])).trim() === "yes";
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
    await note(io, "");
    return false;
  } finally {
    prompt.close();
  }
}
