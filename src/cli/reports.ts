import { InvalidArgumentError, Option } from "commander";
import type { Style } from "../report/style.ts";
import type { Format, ResultName, Results } from "./formats/format.ts";
import { printable } from "../report/printable.ts";
import { exitCode, type ExitCode } from "./exit-code.ts";
import { UsageError } from "./failure.ts";
import { noteError, type Io } from "./io.ts";
import { checkOutput, writeOutput } from "./output-file.ts";
import type { OutputFile } from "./output-guard.ts";

/** A file that a result is written to, and the format. */
export interface ReportFile<Name extends ResultName> {
  readonly format: Format<Name>;
  readonly file: string;
}

/** `--format`: the first is the default. */
export function formatOption<Name extends ResultName>(formats: readonly Format<Name>[]): Option {
  const names = formats.map(({ name }) => name);
  return new Option("--format <format>", "output format")
    .choices(names)
    .argParser((text: string): Format<Name> => {
      const chosen = formats.find(({ name }) => name === text);
      if (chosen === undefined) throw new InvalidArgumentError(`Allowed choices are ${names.join(", ")}.`);
      return chosen;
    })
    .default(formats[0], JSON.stringify(names[0]));
}

/** `--report markdown=plan.md`: the same result in another format, in a file. */
export function reportOption<Name extends ResultName>(formats: readonly Format<Name>[]): Option {
  const names = formats.map(({ name }) => name);
  const description = `also write the result to a file; repeatable. Formats: ${names.join(", ")}`;
  return new Option("--report <format=file>", description)
    .argParser((text: string, previous: readonly ReportFile<Name>[]): readonly ReportFile<Name>[] => {
      const at = text.indexOf("=");
      const [chosen, file] = [text.slice(0, at), text.slice(at + 1)];
      const format = formats.find(({ name }) => name === chosen);
      if (format === undefined || file === "")
        throw new InvalidArgumentError(`Expected format=file with one of ${names.join(", ")}.`);
      return [...previous, { format, file }];
    })
    .default([], "none");
}

/** A file is not the log of a job, so it needs no colours and no protection from commands to the runner. */
const FILE = { colour: false, runner: false };

export async function writeReports<Name extends ResultName>(
  io: Io,
  wanted: readonly ReportFile<Name>[],
  result: Results[Name],
  style: Style,
): Promise<void> {
  const write = async (report: ReportFile<Name>) => {
    const text = await report.format.render(result, { ...style, colour: false });
    await writeOutput(io, outputOf(report), printable(text, FILE));
  };
  await all(wanted.map((report) => () => write(report)));
}

/** Runs all, one after the other, and then throws the first error. */
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
    const help = "the changes were made; only the report is incomplete";
    await noteError(io, error.message, { help });
    return exitCode({ command: "unreported", code });
  }
}

type Target = Pick<ReportFile<ResultName>, "file">;

/** Before anything is done: a report that cannot be written is a mistake in the call. */
export async function checkReports(io: Io, wanted: readonly Target[]): Promise<void> {
  for (const report of wanted) await checkOutput(io, outputOf(report));
}

/** Where a command writes, for the check against the files of the project. */
export function outputsOf(wanted: readonly Target[]): readonly OutputFile[] {
  return wanted.map(outputOf);
}

function outputOf({ file }: Target): OutputFile {
  return { file, what: "the report" };
}
