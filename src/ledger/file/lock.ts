import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { codeOf } from "../../host/files/fault.ts";
import { makeFile } from "../../host/files/make.ts";
import { readText } from "../../host/files/read.ts";
import { LedgerError, type LockHolder } from "../../model/ledger.ts";
import { startHeartbeat } from "../heartbeat.ts";
import {
  expiry,
  LIFETIME,
  lockLost,
  newHeld,
  parseHeld,
  lockWait,
  remaining,
  takenOver,
  unreadableHeld,
  whyGone,
  type Held,
  type Judge,
} from "../holder.ts";
import { fileFault } from "./fault.ts";

export interface FileLockOptions extends Judge {
  readonly path: string;
  /** What is locked, for people. */
  readonly place: string;
  readonly onNotice?: ((message: string) => void) | undefined;
  /** Makes the folder again that a run which has ended took away. */
  readonly makeFolder?: () => Promise<void>;
}

export interface FileLock {
  readonly token: string;
  /** Throws `LedgerError` when the lock is no longer held. */
  confirm(): Promise<void>;
  release(): Promise<void>;
}

/** Bytes; a lock has a few hundred. */
const LARGEST = 64 * 1024;
const PAUSES = { first: 100, most: 100 };
const MOST_TRIES = 10;
/** Beyond the time limit: a lock that is free for the taking is being taken by another at this moment. */
const TAKEOVER = 5_000;

/** Takes the lock file, waiting up to `timeout` milliseconds for its holder. */
export async function takeFileLock(
  holder: LockHolder,
  timeout: number,
  options: FileLockOptions,
  signal?: AbortSignal,
): Promise<FileLock> {
  const { runtime, path, place, onNotice } = options;
  const wait = lockWait(place, { timeout, signal }, PAUSES, runtime);
  for (;;) {
    const self = await newHeld(holder, runtime);
    if (await createIn(options, self)) return keep(self, options);
    const other = await readFileLock(path, place);
    const why = other && whyGone(other, self, options);
    if (other !== undefined && why !== undefined) {
      const isStillGone = (current: Held) => whyGone(current, self, options) !== undefined;
      if (await remove(other, self, options, isStillGone)) {
        onNotice?.(takenOver(place, other, why));
        continue;
      }
    }
    await wait(other, why === undefined ? 0 : TAKEOVER);
  }
}

/** Removes the lock whoever holds it. */
export async function breakFileLock(options: FileLockOptions): Promise<void> {
  const other = await readFileLock(options.path, options.place);
  if (other === undefined) return;
  const nobody: LockHolder = { who: "unlock", host: "", pid: 0, operation: "unlock" };
  await remove(other, await newHeld(nobody, options.runtime), options);
}

/** Who holds the lock; of a file that says nothing its age is known at least. */
export async function readFileLock(path: string, place: string): Promise<Held | undefined> {
  try {
    return parseHeld(readText(path, LARGEST)) ?? (await unreadable(path));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw fileFault(`the lock of ${place} cannot be read`, error);
  }
}

/** Just being written where there are no hard links, or left half-written there by a process that was killed: its age will tell. */
async function unreadable(path: string): Promise<Held> {
  const { mtime, mtimeMs } = await stat(path);
  return unreadableHeld(`unreadable ${mtimeMs}`, mtime);
}

/** The run that held the lock takes away a folder in which it has written nothing. */
async function createIn({ path, place, makeFolder }: FileLockOptions, self: Held): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      return await create(path, self, place);
    } catch (error) {
      const isGone = error instanceof LedgerError && codeOf(error.cause) === "ENOENT";
      if (!isGone || makeFolder === undefined || tries === MOST_TRIES) throw error;
      await makeFolder();
    }
  }
}

/** Says whose it is from its first moment on: a process that is killed meanwhile must not leave an empty lock. */
async function create(path: string, self: Held, place: string): Promise<boolean> {
  try {
    return await makeFile(path, `${path}.${self.token}`, JSON.stringify(self));
  } catch (error) {
    throw fileFault(`${place} cannot be locked`, error);
  }
}

/**
 * Removes exactly this lock, and not one that was taken since it was read: whoever wants to remove it first makes a
 * file that only one can make. A process that is killed between leaves that file behind, which is a lock like others.
 */
async function remove(
  other: Held,
  self: Held,
  options: FileLockOptions,
  mayGo: (current: Held) => boolean = () => true,
): Promise<boolean> {
  const { path, place } = options;
  const claim = claimOf(path, other.token);
  if (!(await create(claim, self, place))) {
    const rival = await readFileLock(claim, place);
    if (rival !== undefined && whyGone(rival, self, options) !== undefined) {
      await remove(rival, self, { ...options, path: claim });
    }
    return false;
  }
  try {
    const current = await readFileLock(path, place);
    if (current?.token !== other.token || !mayGo(current)) return false;
    await rm(path, { force: true });
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

/** A digest, because the token is read from a file and may not lead anywhere. */
export function claimOf(path: string, token: string): string {
  return `${path}.${createHash("sha256").update(token).digest("hex").slice(0, 16)}`;
}

function keep(taken: Held, options: FileLockOptions): FileLock {
  const { path, place, runtime } = options;
  let self = taken;
  let renewing: Promise<void> | undefined;
  const renewOnce = async (): Promise<void> => {
    const next = { ...self, expires: expiry(runtime) };
    // Once it has run out others may take it, and only one of all may win.
    const isOurs =
      remaining(self, runtime) > 0 ? await rewrite(self, next, options) : await retake(self, next, options);
    if (!isOurs) throw lockLost(place, await readFileLock(path, place));
    self = next;
  };
  const renew = (): Promise<void> => {
    renewing ??= renewOnce().finally(() => (renewing = undefined));
    return renewing;
  };
  const beat = startHeartbeat(runtime, renew);
  return {
    token: taken.token,
    async confirm() {
      if (remaining(self, runtime) < LIFETIME / 2) return renew();
      const current = await readFileLock(path, place);
      if (current?.token !== self.token) throw lockLost(place, current);
    },
    async release() {
      await beat.stop();
      await remove(self, self, options).catch(async (error: unknown) => {
        // A full disk has no room for a claim. A lock that has not expired cannot be taken.
        if (remaining(self, runtime) <= 0) throw error;
        if ((await readFileLock(path, place))?.token === self.token) await rm(path, { force: true });
      });
    },
  };
}

const IN_PLACE = constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Writes into the very file that was read, never to the path: a lock that was taken over meanwhile stays untouched.
 * The text has the same length, so that no reader sees the end of another.
 */
async function rewrite(self: Held, next: Held, { path, place }: FileLockOptions): Promise<boolean> {
  try {
    if ((await readFileLock(path, place))?.token !== self.token) return false;
    const file = await open(path, IN_PLACE);
    try {
      if (parseHeld(await file.readFile("utf8"))?.token !== self.token) return false;
      await file.write(JSON.stringify(next), 0, "utf8");
      return true;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw fileFault(`the lock of ${place} cannot be renewed`, error);
  }
}

async function retake(self: Held, next: Held, options: FileLockOptions): Promise<boolean> {
  return (await remove(self, next, options)) && (await create(options.path, next, options.place));
}
