import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import {
  LedgerError,
  type JournalChange,
  type Ledger,
  type LedgerChange,
  type LedgerSession,
  type LedgerState,
} from "../model/ledger.ts";
import { committed } from "./commit.ts";
import { formatLedger, parseLedger } from "./format.ts";
import { breakLock, readLock, takeLock, type Lock, type LockOptions } from "./lock.ts";

export interface FileLedgerOptions extends Omit<LockOptions, "path"> {
  readonly path: string;
  /** How the file is called in messages. */
  readonly place: string;
}

/** A ledger in one file: replaced atomically and fsynced at every commit, locked by a file beside it. */
export function fileLedger(options: FileLedgerOptions): Ledger {
  const place = `file ${options.place}`;
  return {
    place,
    read: () => readState(options.path, place),
    holder: () => readLock(`${options.path}.lock`),
    unlock: () => breakLock(`${options.path}.lock`),
    async open(holder, timeout) {
      await mkdir(dirname(options.path), { recursive: true });
      const lock = await takeLock(holder, timeout, { ...options, path: `${options.path}.lock` });
      try {
        const state = await readState(options.path, place);
        return session(options, lock, state ?? { lineage: options.runtime.uuid(), serial: 0, entries: {} });
      } catch (error) {
        await lock.release();
        throw error;
      }
    },
  };
}

async function readState(path: string, place: string): Promise<LedgerState | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new LedgerError("unavailable", `${place} cannot be read: ${error.message}`, { cause: error });
  });
  return text === undefined ? undefined : parseLedger(text, place);
}

/** Commits one after the other, however many steps ask at once. */
function session({ path, place }: FileLedgerOptions, lock: Lock, initial: LedgerState): LedgerSession {
  let state = initial;
  let last: Promise<unknown> = Promise.resolve();
  const commit = async (changes: readonly LedgerChange[], journal?: JournalChange): Promise<LedgerState> => {
    await lock.confirm();
    const onDisk = await readState(path, place);
    if (onDisk !== undefined && (onDisk.serial !== state.serial || onDisk.lineage !== state.lineage)) {
      throw new LedgerError(
        "changed",
        `${place} was changed by someone else during this run; it is left as it is`,
      );
    }
    const next = committed(state, changes, journal);
    await writeFileAtomic(path, formatLedger(next), { mode: 0o600, fsync: true });
    state = next;
    return state;
  };
  return {
    get state() {
      return state;
    },
    commit(changes, journal) {
      const done = last.then(() => commit(changes, journal));
      last = done.catch(() => undefined);
      return done;
    },
    async flush() {
      await last;
    },
    async release() {
      await last;
      await lock.release();
    },
  };
}
