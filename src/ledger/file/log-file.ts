import { constants, statSync } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { codeOf } from "../../host/files/fault.ts";
import { readBytes } from "../../host/files/read.ts";
import { parts } from "../../host/files/write.ts";
import { fileFault } from "./fault.ts";
import { commitPieces, headLine, logPath, parseLog, type Log, type LogHead } from "./log.ts";
import type { Commit } from "../save-queue.ts";

/** Bytes. */
const LARGEST = 256 * 1024 * 1024;

/** Never through a link. */
const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/** The log of a run that was cut off. */
export interface LogFile {
  /** Nothing of it is whole. */
  readonly content: Log | undefined;
  readonly size: number;
}

/** The log beside the ledger file at `path`, where there is one. */
export function readLog(path: string, place: string): LogFile | undefined {
  try {
    const bytes = readBytes(logPath(path), LARGEST);
    return { content: parseLog(bytes.toString("utf8"), place), size: bytes.length };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw fileFault(`the log of ${place} cannot be read`, error);
  }
}

export interface Appender {
  /** On the disk when it returns. */
  append(commits: readonly Commit[]): Promise<void>;
  /** Nobody else has written to it. */
  isUnchanged(): boolean;
  remove(): Promise<void>;
  close(): Promise<void>;
}

/** Continues the existing log, without an incomplete line at its end, or begins one at the first commit. */
export function appender(path: string, found: LogFile | undefined, head: LogHead): Appender {
  const at = logPath(path);
  let size = found?.size ?? 0;
  let file: FileHandle | undefined;
  const start = async (): Promise<FileHandle> => {
    const opened = await open(at, APPENDING, 0o600);
    try {
      const whole = found?.content?.bytes ?? 0;
      if (whole !== size) await opened.truncate(whole);
      size = whole;
      if (whole === 0) size += await write(opened, [headLine(head)]);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    await file?.close();
    file = undefined;
  };
  return {
    async append(commits) {
      file ??= await start();
      size += await write(file, piecesOf(commits));
      await file.datasync();
    },
    isUnchanged() {
      const now = statSync(at, { throwIfNoEntry: false })?.size ?? 0;
      return now === size;
    },
    async remove() {
      await close();
      if (size === 0) return;
      await rm(at, { force: true });
      size = 0;
    },
    close,
  };
}

function* piecesOf(commits: readonly Commit[]): Generator<string> {
  for (const commit of commits) yield* commitPieces(commit);
}

async function write(file: FileHandle, pieces: Iterable<string>): Promise<number> {
  let size = 0;
  for (const part of parts(pieces)) {
    const bytes = Buffer.from(part);
    await file.writeFile(bytes);
    size += bytes.length;
  }
  return size;
}
