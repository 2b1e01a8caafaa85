import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Transcript } from "../../model/chat.ts";
import { printable } from "../../report/printable.ts";
import type { LoadedProject } from "../../schema/load.ts";
import { UsageError } from "../failure.ts";
import { FORMATS } from "../formats/index.ts";
import { formatsOf } from "../formats/format.ts";
import { styleOf, type Io } from "../io.ts";
import { checkOutput, writeOutput } from "../output-file.ts";
import { checkOwnFiles, type OutputFile } from "../output-guard.ts";

/** Writes transcripts to files. No file is replaced, except for one that it has written. Throws `UsageError`. */
export function transcriptSaver(io: Io, loaded: LoadedProject) {
  const own = new Set<string>();
  return async (file: string, transcript: Transcript): Promise<void> => {
    const output: OutputFile = { file, what: "the conversation" };
    await checkOutput(io, output);
    checkOwnFiles(io.cwd, [output], loaded);
    const path = resolve(io.cwd, file);
    if (!own.has(path) && existsSync(path) && statSync(path).isFile())
      throw new UsageError(`the conversation is not written to ${file}: the file exists`, "use another name");
    const text = await formatFor(file).render(transcript, { ...styleOf(io, false), full: true });
    await writeOutput(io, output, printable(text.endsWith("\n") ? text : `${text}\n`, PLAIN));
    own.add(path);
  };
}

const PLAIN = { colour: false, runner: false };

function formatFor(file: string) {
  const name = file.endsWith(".json") ? "json" : /\.(?:md|markdown)$/.test(file) ? "markdown" : "text";
  const format = formatsOf(FORMATS, "chat").find((one) => one.name === name);
  if (format === undefined) throw new Error(`there is no format ${name}`);
  return format;
}
