import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import {
  LedgerError,
  type Ledger,
  type LedgerChange,
  type LedgerEntry,
  type LedgerSession,
  type LedgerState,
} from "../model/ledger.ts";
import type { Address } from "../model/address.ts";
import { formatLedger, parseLedger } from "./format.ts";
import { takeLock, type Lock, type LockOptions } from "./lock.ts";

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
  const commit = async (changes: readonly LedgerChange[]): Promise<LedgerState> => {
    await lock.confirm();
    const onDisk = await readState(path, place);
    if (onDisk !== undefined && (onDisk.serial !== state.serial || onDisk.lineage !== state.lineage)) {
      throw new LedgerError(
        "changed",
        `${place} was changed by someone else during this run; it is left as it is`,
      );
    }
    const next = { ...state, serial: state.serial + 1, entries: changed(state.entries, changes) };
    await writeFileAtomic(path, formatLedger(next), { mode: 0o600, fsync: true });
    state = next;
    return state;
  };
  return {
    get state() {
      return state;
    },
    commit(changes) {
      const done = last.then(() => commit(changes));
      last = done.catch(() => undefined);
      return done;
    },
    async release() {
      await last;
      await lock.release();
    },
  };
}

/** The entries with each change made. */
function changed(
  entries: LedgerState["entries"],
  changes: readonly LedgerChange[],
): Readonly<Record<Address, LedgerEntry>> {
  const next = new Map(Object.entries(entries) as [Address, LedgerEntry][]);
  for (const { address, entry } of changes) {
    if (entry === undefined) next.delete(address);
    else next.set(address, entry);
  }
  return Object.fromEntries(next);
}
