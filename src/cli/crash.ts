import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Io, note, noteError } from "./io.ts";

/** An unexpected error: printed like the others, with the places in the code that a bug report needs. */
export async function noteCrash(io: Io, error: unknown): Promise<void> {
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
