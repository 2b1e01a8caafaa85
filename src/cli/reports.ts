import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { printable } from "../report/printable.ts";
import { isSystemError, UsageError } from "./failure.ts";
import type { Io } from "./io.ts";

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
  for (const { format, file } of wanted) {
    try {
      await writeFile(resolve(io.cwd, file), printable(render(format), FILE));
    } catch (error) {
      if (!isSystemError(error)) throw error;
      throw new UsageError(`the report ${file} was not written: ${error.message}`);
    }
  }
}
