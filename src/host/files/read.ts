import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  type Stats,
} from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { faultOf, FileFault } from "./fault.ts";

const MIB = 1024 * 1024;

/** Opened without waiting for a writer, and without making a terminal this process's own. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** The bytes of a regular file of at most `limit` bytes. Throws `FileFault`. */
export function readBytes(path: string, limit: number): Buffer {
  return opened(path, limit, (descriptor, size) => readToEnd(descriptor, size, limit));
}

/** The text of a regular file of at most `limit` bytes, as UTF-8. Throws `FileFault`. */
export function readText(path: string, limit: number): string {
  // Node reads a text without a buffer that would stay until memory is tidied up: a large ledger would count twice.
  const text = opened(path, limit, (descriptor) => readFileSync(descriptor, "utf8"));
  if (text.length > limit) throw tooLarge(limit);
  return text;
}

/** Small enough that the pieces are tidied up while they are young. */
const PIECE = 64 * 1024;

/** The same text piece by piece, with its bytes: a large file is never held as a whole. Throws `FileFault`. */
export function readPieces(path: string, limit: number, take: (text: string, bytes: Buffer) => void): void {
  const buffer = Buffer.allocUnsafe(PIECE);
  const decoder = new StringDecoder("utf8");
  opened(path, limit, (descriptor) => {
    for (let length = 0; ;) {
      const bytes = buffer.subarray(0, readSync(descriptor, buffer));
      length += bytes.length;
      if (length > limit) throw tooLarge(limit);
      if (bytes.length === 0) return take(decoder.end(), bytes);
      take(decoder.write(bytes), bytes);
    }
  });
}

function opened<T>(path: string, limit: number, read: (descriptor: number, size: number) => T): T {
  try {
    // Looked at before it is opened as well: to open a device can set it going.
    checkRegular(statSync(path));
    const descriptor = openSync(path, FLAGS);
    try {
      const status = fstatSync(descriptor);
      checkRegular(status);
      if (status.size > limit) throw tooLarge(limit);
      return read(descriptor, status.size);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw faultOf(error);
  }
}

function checkRegular(status: Stats): void {
  if (status.isFile()) return;
  throw status.isDirectory()
    ? new FileFault("EISDIR", "it is a folder")
    : new FileFault("EIRREGULAR", "it is not a regular file");
}

/** A file may grow while it is read, and one of the system may say that it is empty. */
function readToEnd(descriptor: number, size: number, limit: number): Buffer {
  let buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, length, buffer.length - length, null);
    length += count;
    if (length > limit) throw tooLarge(limit);
    if (count === 0) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * length, limit + 1));
  }
}

export function tooLarge(limit: number): FileFault {
  const most = limit < MIB ? `${limit / 1024} KiB` : `${limit / MIB} MiB`;
  return new FileFault("ELARGE", `it is larger than ${most}`);
}
