import { createHash } from "node:crypto";
import { statSync, type BigIntStats } from "node:fs";
import { codeOf } from "../../host/files/fault.ts";
import { readPieces } from "../../host/files/read.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { Runtime } from "../../model/runtime.ts";
import { pieceReader } from "../format-pieces.ts";
import { parseLedger } from "../format.ts";
import { fileFault } from "./fault.ts";
import { readLog, type LogFile } from "./log-file.ts";
import { withLog } from "./log.ts";

/** Bytes. */
const LARGEST = 256 * 1024 * 1024;

/** One version of the file. Each write makes a new file, so versions are distinguished without reading them. */
export interface Version {
  /** Of its text; absent where there is no file. */
  readonly digest?: string;
  readonly mark: string;
}

const ABSENT: Version = { mark: "absent" };

/** The file as it is now; `take` gets its text piece by piece. */
export function versionAt(path: string, place: string, take?: (piece: string) => void): Version {
  try {
    const mark = markOf(statSync(path, { bigint: true }));
    const hash = createHash("sha256");
    readPieces(path, LARGEST, (text, bytes) => {
      hash.update(bytes);
      take?.(text);
    });
    return { digest: hash.digest("hex"), mark };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return ABSENT;
    throw fileFault(`${place} cannot be read`, error);
  }
}

function readContent(path: string, place: string): Content {
  const reader = pieceReader();
  const version = versionAt(path, place, reader.add);
  if (version.digest === undefined) return { version, state: undefined };
  const state = reader.end(place);
  return state === undefined ? readWhole(path, place) : { version, state };
}

/** A file that is damaged, or was not written by this version. */
function readWhole(path: string, place: string): Content {
  const pieces: string[] = [];
  const version = versionAt(path, place, (piece) => void pieces.push(piece));
  if (version.digest === undefined) return { version, state: undefined };
  return { version, state: parseLedger(pieces.join(""), place) };
}

export function markOf({ ino, size, mtimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs].join(" ");
}

export interface Found {
  readonly version: Version;
  readonly log: LogFile | undefined;
  /** Of both files. */
  readonly state: LedgerState | undefined;
}

interface Content {
  readonly version: Version;
  readonly state: LedgerState | undefined;
}

type ReadContent = (path: string) => Content;

/** Milliseconds after a change from which on the next one has another time in every file system. */
const TICK = 2_000;

/**
 * What is read again as it was is not parsed again, and all that was found out about its entries stays with them. A file
 * that nobody has touched since it was read, some time after its last change, is not even read.
 */
export function contentReader(place: string, runtime: Runtime): ReadContent {
  let last: (Content & { readonly stamp: string | undefined }) | undefined;
  return (path) => {
    const now = runtime.now().getTime();
    const stamp = stampAt(path, place, now);
    if (last !== undefined && stamp !== undefined && last.stamp === stamp) return last;
    const version = last === undefined ? undefined : versionAt(path, place);
    const isKnown = version !== undefined && version.digest === last?.version.digest;
    last = isKnown ? { version, state: last?.state, stamp } : { ...readContent(path, place), stamp };
    return last;
  };
}

/** Tells the file at a path from every other version of it; nothing does right after a change. */
function stampAt(path: string, place: string, now: number): string | undefined {
  try {
    const status = statusAt(path);
    if (status === undefined || Number(status.ctimeMs) + TICK > now) return undefined;
    return [path, markOf(status), status.dev, status.ctimeNs].join(" ");
  } catch (error) {
    throw fileFault(`${place} cannot be read`, error);
  }
}

/** A run that ends meanwhile takes its log away when the file has it all: then the file is read again. */
export function readBoth(path: string, place: string, read: ReadContent): Found {
  for (;;) {
    const { version, state } = read(path);
    const log = readLog(path, place);
    if (markAt(path) !== version.mark) continue;
    return { version, log, state: withLog(state, log?.content, place) };
  }
}

export function markAt(path: string): string {
  const status = statusAt(path);
  return status === undefined ? ABSENT.mark : markOf(status);
}

function statusAt(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
