import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { sourceOf, type Source } from "./source.ts";
import type { Code } from "./diagnostics-table.ts";

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

/** Reads a text file inside of the project; `file` is relative to `root`, with `/` between folders. */
export function readSource(root: string, file: string, limit: number): ReadResult {
  const path = join(root, file);
  try {
    const real = realpathSync(path);
    if (!isInside(realpathSync(root), real)) return { problem: outside(file) };
    return decode(file, readBytes(real, file, limit));
  } catch (error) {
    if (error instanceof Refused) return { problem: error.problem };
    return { problem: { code: "RC1002", message: `cannot read "${file}": ${reasonOf(error, path)}` } };
  }
}

/** Carries a problem out of the steps of reading; never leaves this module. */
class Refused extends Error {
  readonly problem: Unreadable;

  constructor(problem: Unreadable) {
    super(problem.message);
    this.problem = problem;
  }
}

export function outside(file: string): Unreadable {
  return {
    code: "RC1018",
    message: `"${file}" is outside of the project`,
    hint: "files are read inside of the project folder only, links included",
  };
}

export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Opened without waiting, so that a pipe cannot hold up the run, and judged by what was opened. */
function readBytes(path: string, file: string, limit: number): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) {
      const what = status.isDirectory() ? "a folder" : "not a regular file";
      throw new Refused({ code: "RC1002", message: `cannot read "${file}": it is ${what}` });
    }
    if (status.size > limit) throw new Refused(tooLarge(file, limit));
    const bytes = readToEnd(descriptor, status.size, limit);
    if (bytes.length > limit) throw new Refused(tooLarge(file, limit));
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

/** A file may grow while it is read; at most one byte more than `limit`. */
function readToEnd(descriptor: number, size: number, limit: number): Buffer {
  let buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, length, buffer.length - length, null);
    length += count;
    if (count === 0 || length > limit) return buffer.subarray(0, length);
    if (length === buffer.length) {
      buffer = Buffer.concat([buffer], Math.min(2 * length, limit + 1));
    }
  }
}

function tooLarge(file: string, limit: number): Unreadable {
  const most = limit < 1024 * 1024 ? `${limit / 1024} KiB` : `${limit / 1024 / 1024} MiB`;
  return { code: "RC1003", message: `"${file}" is larger than ${most}` };
}

function decode(file: string, bytes: Buffer): ReadResult {
  const digest = createHash("sha256").update(bytes).digest("hex");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const source = sourceOf(file, text, digest);
    return controlProblem(source) ?? { source };
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

function controlProblem(source: Source): ReadResult | undefined {
  const offset = source.text.search(CONTROL);
  if (offset < 0) return undefined;
  return {
    problem: {
      code: "RC1005",
      message: `control character ${characterName(source.text, offset)}`,
      hint: "remove it",
      source,
      offset,
    },
  };
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

function reasonOf(error: unknown, path: string): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" && isLink(path)) return "it is a link that leads nowhere";
  return REASONS[code] ?? (code === "" ? "it cannot be opened" : code);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of its path is not a folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  ENXIO: "it is not a regular file",
  ERR_INVALID_ARG_VALUE: "its name holds a NUL character",
};
