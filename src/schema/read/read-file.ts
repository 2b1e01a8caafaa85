import { createHash } from "node:crypto";
import { join, relative } from "node:path";
import { faultOf, type FileFault } from "../../host/files/fault.ts";
import { hiddenPart, isInside, realPath } from "../../host/files/paths.ts";
import { readBytes, tooLarge } from "../../host/files/read.ts";
import { sourceOf, type Source } from "../../model/source.ts";
import type { Code } from "../diagnostics/diagnostics-table.ts";

export const MANIFEST_LIMIT = 4 * 1024 * 1024;
export const INCLUDE_LIMIT = 256 * 1024;

/** Why a file was not read; `offset` where in its text the problem stands. */
export interface Unreadable {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
  readonly source?: Source;
  readonly offset?: number;
}

export type ReadResult = { readonly source: Source } | { readonly problem: Unreadable };

/** What can be neither seen nor spoken; tab, line feed and carriage return are text. */
// oxlint-disable-next-line no-control-regex -- that is what it looks for
const CONTROL = /[\0-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]|\p{Cs}/u;

/** Most files, which need no closer look. */
const PLAIN = /^[\t\n\r\x20-\x7E]*$/;

/**
 * Reads a text file inside of the project; `file` is relative to `root`, with `/` between folders. `allowed` are hidden
 * names that may be read.
 */
export function readSource(
  root: string,
  file: string,
  limit: number,
  allowed: readonly string[] = [],
): ReadResult {
  const place = placeOf(root, file, allowed);
  if (typeof place !== "string") return { problem: place };
  try {
    return decode(file, readBytes(place, limit));
  } catch (error) {
    return { problem: unreadable(file, faultOf(error)) };
  }
}

/** Reads a text file that a person names on the command line, wherever it is; `file` is what they call it. */
export function readNamed(path: string, file: string, limit: number): ReadResult {
  try {
    return decode(file, readBytes(path, limit));
  } catch (error) {
    return { problem: unreadable(file, faultOf(error)) };
  }
}

/** A text as if it had been read from a file; what could not be read from there is a problem here, too. */
export function givenSource(file: string, text: string, limit: number): ReadResult {
  if (hiddenPart(file) !== undefined) return { problem: hidden(file) };
  const source = sourceOf(file, text);
  const problem = textProblem(source, limit);
  return problem === undefined ? { source } : { problem };
}

/** Why a text that was read is not used, wherever its file stands. */
function textProblem(source: Source, limit: number): Unreadable | undefined {
  if (Buffer.byteLength(source.text) > limit) return unreadable(source.file, tooLarge(limit));
  return controlProblem(source);
}

/** Why the project may not read a file, wherever its links lead; whether there is such a file is not asked. */
export function placeProblem(root: string, file: string): Unreadable | undefined {
  const place = placeOf(root, file);
  return typeof place === "string" ? undefined : place;
}

/** The path of a file after all links are followed, or why the project may not read it. */
function placeOf(root: string, file: string, allowed: readonly string[] = []): string | Unreadable {
  if (hiddenPart(file, allowed) !== undefined) return hidden(file);
  try {
    const [base, real] = [realPath(root), realPath(join(root, file))];
    if (!isInside(base, real)) return outside(file);
    return hiddenPart(relative(base, real), allowed) === undefined ? real : hidden(file);
  } catch (error) {
    return unreadable(file, faultOf(error));
  }
}

function unreadable(file: string, { code, reason }: FileFault): Unreadable {
  return {
    code: code === "ELARGE" ? "RC1003" : "RC1002",
    message: `cannot read "${file}": ${reason}`,
  };
}

export function outside(file: string): Unreadable {
  return {
    code: "RC1018",
    message: `"${file}" is outside of the project`,
    hint: "files are read inside of the project folder only, links included",
  };
}

export function hidden(file: string): Unreadable {
  return {
    code: "RC1021",
    message: `"${file}" is hidden`,
    hint: "names that begin with a dot, and files below .git, are never read, links included",
  };
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

function decode(file: string, bytes: Buffer): ReadResult {
  const digest = createHash("sha256").update(bytes).digest("hex");
  try {
    const text = UTF8.decode(bytes);
    const source = sourceOf(file, text, digest);
    const problem = controlProblem(source);
    return problem === undefined ? { source } : { problem };
  } catch {
    const source = sourceOf(file, new TextDecoder("utf-8").decode(bytes), digest);
    return {
      problem: {
        code: "RC1004",
        message: `"${file}" is not UTF-8`,
        hint: "save the file with the encoding UTF-8",
        source,
        offset: firstBadOffset(source.text, bytes),
      },
    };
  }
}

function controlProblem(source: Source): Unreadable | undefined {
  const offset = PLAIN.test(source.text) ? -1 : source.text.search(CONTROL);
  if (offset < 0) return undefined;
  const message = `control character ${characterName(source.text, offset)}`;
  return { code: "RC1005", message, hint: "remove it", source, offset };
}

/** A character of a text that must not be there, or `undefined`. */
export function badCharacter(text: string): string | undefined {
  const offset = text.search(CONTROL);
  return offset < 0 ? undefined : characterName(text, offset);
}

function characterName(text: string, offset: number): string {
  return `U+${text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Where decoding put the first replacement character that the bytes themselves do not have. */
function firstBadOffset(text: string, bytes: Buffer): number {
  let byte = bytes.subarray(0, 3).toString("hex") === "efbbbf" ? 3 : 0;
  for (let offset = 0; offset < text.length; offset++) {
    const point = text.codePointAt(offset) ?? 0;
    if (point === 0xfffd && bytes.subarray(byte, byte + 3).toString("hex") !== "efbfbd") return offset;
    byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (point > 0xffff) offset++;
  }
  return 0;
}
