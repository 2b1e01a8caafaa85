import { InvalidArgumentError, Option } from "commander";
import { printable } from "../report/printable.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { note, noteError, type Io } from "./io.ts";
import { checkOutput, writeOutput } from "./output-file.ts";
import type { OutputFile } from "./output-guard.ts";

/** One more form of a result, and the file that it goes to. */
export interface Report<Format extends string = string> {
  readonly format: Format;
  readonly file: string;
}

/** `--report markdown=plan.md`: what was made once is shown in all the forms that are wanted. */
export function reports(...choices: readonly string[]): Option {
  const description = `write the result to a file as well; repeatable. Formats: ${choices.join(", ")}`;
  return new Option("--report <format=file>", description)
    .argParser((text: string, previous: readonly Report[]): readonly Report[] => {
      const at = text.indexOf("=");
      const [format, file] = [text.slice(0, at), text.slice(at + 1)];
      if (!choices.includes(format) || file === "")
        throw new InvalidArgumentError(`it takes format=file, with one of ${choices.join(", ")}.`);
      return [...previous, { format, file }];
    })
    .default([], "none");
}

/** What a file holds may be shown later on, and means nothing to a runner before that. */
const FILE = { colour: false, runner: false };

export async function writeReports<Format extends string>(
  io: Io,
  wanted: readonly Report<Format>[],
  render: (format: Format) => string,
): Promise<void> {
  await all(
    wanted.map((report) => () => writeOutput(io, outputOf(report), printable(render(report.format), FILE))),
  );
}

/** One after the other; the first error is thrown at the end, so that it costs none of the others. */
export async function all(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

/**
 * Says what was done, when something was written, and how the command ended: a report that is lost is no success, and
 * does not undo what was written.
 */
export async function saying(io: Io, code: ExitCode, say: () => Promise<void>): Promise<ExitCode> {
  try {
    await say();
    return code;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await noteError(io, error.message);
    await note(io, "What was done stands; only its report is incomplete.");
    return exitCode({ command: "unreported", code });
  }
}

/** Before anything is done: a report that cannot be written is a mistake in the call. */
export async function checkReports(io: Io, wanted: readonly Report[]): Promise<void> {
  for (const report of wanted) await checkOutput(io, outputOf(report));
}

/** Where a command writes, for the check against the files of the project. */
export function outputsOf(wanted: readonly Report[]): readonly OutputFile[] {
  return wanted.map(outputOf);
}

function outputOf({ file }: Report): OutputFile {
  return { file, what: "the report" };
}
