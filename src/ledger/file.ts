import { createHash, type Hash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { realPath } from "../host/files/paths.ts";
import { writeWhole } from "../host/files/write.ts";
import type { LedgerState, LockHolder } from "../model/ledger.ts";
import {
  contentReader,
  markAt,
  markOf,
  readBoth,
  versionAt,
  type Found,
  type Version,
} from "./file/content.ts";
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
import { appender } from "./file/log-file.ts";
import { ledgerPieces } from "./format.ts";
import { holderIn, type Judge, ledgerChanged } from "./holder.ts";
import { emptyState, openSession, type MovableLedger, type Store } from "./session.ts";

export interface FileLedgerOptions extends Judge {
  readonly path: string;
  /** How the file is called in messages. */
  readonly place: string;
  readonly onNotice?: ((message: string) => void) | undefined;
  /** Throws if the file, after following links, is outside of the allowed folders. */
  readonly check?: (path: string) => void;
}

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

function* hashed(pieces: Iterable<string>, hash: Hash): Generator<string> {
  for (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
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
  const isSame = (): boolean => markAt(path) === known.mark || versionAt(path, place).digest === known.digest;
  const check = async (): Promise<void> => {
    await lock.confirm();
    if (isSame() && log.isUnchanged()) return;
    throw ledgerChanged(place);
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
