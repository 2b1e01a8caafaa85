import type { BigIntStats } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf } from "../host/files/fault.ts";
import { realPath } from "../host/files/paths.ts";
import { readText } from "../host/files/read.ts";
import { writeWhole } from "../host/files/write.ts";
import { LedgerError } from "../model/ledger.ts";
import { fileFault } from "./file/fault.ts";
import {
  breakFileLock,
  claimOf,
  readFileLock,
  takeFileLock,
  type FileLock,
  type FileLockOptions,
} from "./file/lock.ts";
import { formatLedger, parseLedger } from "./format.ts";
import { holderIn, type Judge } from "./holder.ts";
import { emptyState, openSession, type MovableLedger, type Store } from "./session.ts";

export interface FileLedgerOptions extends Judge {
  readonly path: string;
  /** How the file is called in messages. */
  readonly place: string;
  readonly onNotice?: ((message: string) => void) | undefined;
  /** Throws when the file, after all links are followed, is where none of the project may be. */
  readonly check?: (path: string) => void;
}

/** Bytes. */
const LARGEST = 256 * 1024 * 1024;

/** A ledger in one file: replaced atomically and fsynced at every commit, locked by a file beside it. */
export function fileLedger(options: FileLedgerOptions): MovableLedger {
  const place = `file ${options.place}`;
  const lockOptions = async (): Promise<FileLockOptions> => {
    const path = located(options, place);
    const { runtime, isAlive, onNotice } = options;
    return { path: `${path}.lock`, place, runtime, isAlive, onNotice };
  };
  return {
    place,
    async read() {
      const { text } = await readVersion(located(options, place), place);
      return text === undefined ? undefined : parseLedger(text, place);
    },
    async holder() {
      const held = await readFileLock((await lockOptions()).path, place);
      return held && holderIn(held);
    },
    unlock: async () => breakFileLock(await lockOptions()),
    async open(holder, timeout, signal) {
      const path = located(options, place);
      await makeFolder(dirname(path), place);
      const forLock = await lockOptions();
      const lock = await takeFileLock(holder, timeout, forLock, signal);
      try {
        await tidy(path, lock.token);
        const version = await readVersion(path, place);
        const { text } = version;
        const state = text === undefined ? emptyState(options.runtime) : parseLedger(text, place);
        return openSession(state, fileStore(path, lock, version, forLock));
      } catch (error) {
        await lock.release();
        throw error;
      }
    },
  };
}

/** Where a symbolic link leads: replacing the link itself would leave what it stands for behind. */
function located({ path, check }: FileLedgerOptions, place: string): string {
  try {
    const real = realPath(path);
    check?.(real);
    return real;
  } catch (error) {
    throw fileFault(`${place} cannot be read`, error);
  }
}

async function makeFolder(path: string, place: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw fileFault(`the folder of ${place} cannot be made`, error);
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
  readonly text: string | undefined;
  readonly mark: string;
}

const ABSENT: Version = { text: undefined, mark: "absent" };

async function readVersion(path: string, place: string): Promise<Version> {
  try {
    const mark = markOf(await stat(path, { bigint: true }));
    return { text: readText(path, LARGEST), mark };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return ABSENT;
    throw fileFault(`${place} cannot be read`, error);
  }
}

function markOf({ ino, size, mtimeNs }: BigIntStats): string {
  return [ino, size, mtimeNs].join(" ");
}

function fileStore(path: string, lock: FileLock, first: Version, { place, onNotice }: FileLockOptions): Store {
  let known = first;
  const isUnchanged = async (): Promise<boolean> => {
    const mark = await stat(path, { bigint: true }).then(markOf, () => ABSENT.mark);
    return mark === known.mark || (await readVersion(path, place)).text === known.text;
  };
  return {
    async save(state) {
      await lock.confirm();
      if (!(await isUnchanged())) {
        const message = `${place} was changed by someone else during this run; it is left as it is. Run again`;
        throw new LedgerError("changed", message);
      }
      try {
        const text = formatLedger(state);
        const draft = `${path}.draft-${lock.token}`;
        known = { text, mark: markOf(await writeWhole(path, text, { isPrivate: true, draft })) };
      } catch (error) {
        throw fileFault(`${place} cannot be written`, error);
      }
      return state;
    },
    async release() {
      await lock.release().catch((error: unknown) => {
        onNotice?.(
          `the lock of ${place} was not removed: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
    },
  };
}
