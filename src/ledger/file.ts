import { createHash, type Hash } from "node:crypto";
import { statSync, type BigIntStats } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "../host/files/fault.ts";
import { realPath } from "../host/files/paths.ts";
import { readText } from "../host/files/read.ts";
import { writeWhole } from "../host/files/write.ts";
import { LedgerError, type LedgerState, type LockHolder } from "../model/ledger.ts";
import type { Runtime } from "../model/runtime.ts";
import { fileFault } from "./file/fault.ts";
import { ledgerFolder } from "./file/folder.ts";
import {
  breakFileLock,
  claimOf,
  readFileLock,
  takeFileLock,
  type FileLock,
  type FileLockOptions,
} from "./file/lock.ts";
import { appender, readLog, type LogFile } from "./file/log-file.ts";
import { withLog } from "./file/log.ts";
import { ledgerPieces, parseLedger } from "./format.ts";
import { holderIn, type Judge } from "./holder.ts";
import { emptyState, openSession, type MovableLedger, type Store } from "./session.ts";

export interface FileLedgerOptions extends Judge {
  readonly path: string;
  /** How the file is called in messages. */
  readonly place: string;
  readonly onNotice?: ((message: string) => void) | undefined;
  /** Throws if the file, after following links, is outside of the allowed folders. */
  readonly check?: (path: string) => void;
}

/** Bytes. */
const LARGEST = 256 * 1024 * 1024;

/**
 * A ledger in one file, with the log of the run that is under way beside it, and locked by a third. Every commit is
 * appended to the log; at the end of a run the file is replaced and the log is removed.
 */
export function fileLedger(options: FileLedgerOptions): MovableLedger {
  const place = `file ${options.place}`;
  const reader = contentReader(place, options.runtime);
  const lockOptions = async (): Promise<FileLockOptions> => {
    const path = located(options, place);
    const { runtime, isAlive, onNotice } = options;
    return { path: `${path}.lock`, place, runtime, isAlive, onNotice };
  };
  return {
    place,
    async read() {
      return readBoth(located(options, place), place, reader).state;
    },
    async holder() {
      const held = await readFileLock((await lockOptions()).path, place);
      return held && holderIn(held);
    },
    unlock: async () => breakFileLock(await lockOptions()),
    async open(holder, timeout, signal) {
      const path = located(options, place);
      const forLock = await lockOptions();
      const lock = await takeFolderLock(holder, timeout, forLock, signal);
      try {
        await tidy(path, lock.token);
        const found = readBoth(path, place, reader);
        const state = found.state ?? emptyState(options.runtime);
        return openSession(state, fileStore({ path, lock, found, state }, forLock));
      } catch (error) {
        await lock.release();
        throw error;
      }
    },
  };
}

/** The target of a symbolic link: replacing the link itself would leave its target unchanged. */
function located({ path, check }: FileLedgerOptions, place: string): string {
  try {
    const real = realPath(path);
    check?.(real);
    return real;
  } catch (error) {
    throw fileFault(`${place} cannot be read`, error);
  }
}

/** The lock of a ledger, in a folder that is there as long as it is held. */
async function takeFolderLock(
  holder: LockHolder,
  timeout: number,
  options: FileLockOptions,
  signal?: AbortSignal,
): Promise<FileLock> {
  const folder = ledgerFolder(dirname(options.path), options.place);
  await folder.make();
  try {
    const lock = await takeFileLock(holder, timeout, { ...options, makeFolder: folder.make }, signal);
    const release = async (): Promise<void> => {
      await lock.release();
      await folder.tidy();
    };
    return { ...lock, release };
  } catch (error) {
    await folder.tidy();
    throw error;
  }
}

/** What killed runs left behind: drafts, and claims to locks that are no more. Only the holder of the lock tidies. */
async function tidy(path: string, token: string): Promise<void> {
  const name = basename(path);
  const own = basename(claimOf(`${path}.lock`, token));
  const isLeft = (entry: string) =>
    entry.startsWith(`${name}.draft-`) || (entry.startsWith(`${name}.lock.`) && !entry.startsWith(own));
  const entries = await readdir(dirname(path)).catch(() => []);
  await Promise.all(
    entries
      .filter(isLeft)
      .map((entry) => rm(join(dirname(path), entry), { force: true }).catch(() => undefined)),
  );
}

/** One version of the file; told from the next without reading it, for each is a new file. */
interface Version {
  /** Of its text; absent where there is no file. */
  readonly digest?: string;
  readonly mark: string;
}

interface Read extends Version {
  readonly text?: string;
}

const ABSENT: Read = { mark: "absent" };

function readVersion(path: string, place: string): Read {
  try {
    const mark = markOf(statSync(path, { bigint: true }));
    const text = readText(path, LARGEST);
    return { text, digest: createHash("sha256").update(text).digest("hex"), mark };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return ABSENT;
    throw fileFault(`${place} cannot be read`, error);
  }
}

function* hashed(pieces: Iterable<string>, hash: Hash): Generator<string> {
  for (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

function markOf({ ino, size, mtimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs].join(" ");
}

interface Found {
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
function contentReader(place: string, runtime: Runtime): ReadContent {
  let last: (Content & { readonly stamp: string | undefined }) | undefined;
  return (path) => {
    const now = runtime.now().getTime();
    const stamp = stampAt(path, place, now);
    if (last !== undefined && stamp !== undefined && last.stamp === stamp) return last;
    const { text, ...version } = readVersion(path, place);
    const isKnown = last !== undefined && last.version.digest === version.digest;
    const state = text === undefined ? undefined : isKnown ? last?.state : parseLedger(text, place);
    last = { version, state, stamp };
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
function readBoth(path: string, place: string, read: ReadContent): Found {
  for (;;) {
    const { version, state } = read(path);
    const log = readLog(path, place);
    if (markAt(path) !== version.mark) continue;
    return { version, log, state: withLog(state, log?.content, place) };
  }
}

function markAt(path: string): string {
  const status = statusAt(path);
  return status === undefined ? ABSENT.mark : markOf(status);
}

function statusAt(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

async function replaceFile(path: string, draft: string, state: LedgerState): Promise<Version> {
  const hash = createHash("sha256");
  const pieces = hashed(ledgerPieces(state), hash);
  const mark = markOf(await writeWhole(path, pieces, { isPrivate: true, draft }));
  return { digest: hash.digest("hex"), mark };
}

interface StoreOptions {
  readonly path: string;
  readonly lock: FileLock;
  readonly found: Found;
  readonly state: LedgerState;
}

function fileStore(
  { path, lock, found, state: { lineage, serial } }: StoreOptions,
  { place, onNotice }: FileLockOptions,
): Store {
  let known = found.version;
  const log = appender(path, found.log, { lineage, serial });
  const isSame = (): boolean => markAt(path) === known.mark || readVersion(path, place).digest === known.digest;
  const check = async (): Promise<void> => {
    await lock.confirm();
    if (isSame() && log.isUnchanged()) return;
    const message = `${place} was changed by another run. Nothing was overwritten. Run again`;
    throw new LedgerError("changed", message);
  };
  const guarded = async <T>(act: () => Promise<T>): Promise<T> => {
    await check();
    return act().catch((error: unknown) => {
      throw fileFault(`${place} cannot be written`, error);
    });
  };
  return {
    hasLeftovers: found.log !== undefined,
    append: (commits) => guarded(() => log.append(commits)),
    save: (state) =>
      guarded(async () => {
        known = await replaceFile(path, `${path}.draft-${lock.token}`, state);
        await log.remove();
        return state;
      }),
    async release() {
      await log.close();
      await lock.release().catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        onNotice?.(`the lock of ${place} was not removed: ${why}`);
      });
    },
  };
}
