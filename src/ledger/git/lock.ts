import { LedgerError } from "../../model/ledger.ts";
import {
  describe,
  expiry,
  locked,
  NETWORK_PAUSES,
  newHeld,
  parseHeld,
  lockWait,
  takenOver,
  unreadableHeld,
  whyGone,
  type Held,
  type Judge,
  type LockRequest,
} from "../holder.ts";
import { readLog, writeCommit } from "./objects.ts";
import { fetchTip, updateRefs, type RefChange } from "./refs.ts";
import type { Scratch } from "./scratch.ts";

/** A lock that is held, as the remote has it at this moment. */
export interface GitLock {
  readonly ref: string;
  readonly held: Held;
  readonly commit: string;
}

export interface GitLockOptions extends Judge {
  readonly ref: string;
  readonly onNotice?: ((message: string) => void) | undefined;
}

const BREAK_ATTEMPTS = 5;

/** Takes the lock ref, waiting up to `timeout` milliseconds for its holder. */
export async function takeGitLock(
  scratch: Scratch,
  { holder, timeout, signal }: LockRequest,
  options: GitLockOptions,
): Promise<GitLock> {
  const { ref, runtime, onNotice } = options;
  const wait = lockWait(scratch.place, { timeout, signal }, NETWORK_PAUSES, runtime);
  // Usually the lock is free, so the first attempt does not read it.
  let other: GitLock | undefined;
  for (;;) {
    const held = await newHeld(holder, runtime);
    const gone = other && whyGone(other.held, held, options);
    if (other === undefined || gone !== undefined) {
      const commit = await lockCommit(scratch, held);
      const outcome = await updateRefs(scratch, [{ ref, from: other?.commit, to: commit }]);
      if (outcome === "no-force") throw locked(scratch.place, other?.held);
      if (outcome === "done") {
        if (other !== undefined && gone !== undefined) onNotice?.(takenOver(scratch.place, other.held, gone));
        return { ref, held, commit };
      }
    } else await wait(other.held);
    other = await readGitLock(scratch, ref);
  }
}

/** The lock that the remote has, whoever holds it. */
export async function readGitLock(scratch: Scratch, ref: string): Promise<GitLock | undefined> {
  const commit = await fetchTip(scratch, ref);
  if (commit === undefined) return undefined;
  const [found] = await readLog(scratch, commit, 1);
  const json = found?.message.split("\n").find((line) => line.startsWith("{")) ?? "";
  return { ref, commit, held: parseHeld(json) ?? unreadableHeld(commit, new Date(found?.at ?? 0)) };
}

/** The same lock with a later end, and the change of the ref that makes it so. */
export async function renewal(scratch: Scratch, lock: GitLock): Promise<readonly [GitLock, RefChange]> {
  const held = { ...lock.held, expires: expiry(scratch.runtime) };
  const commit = await lockCommit(scratch, held);
  return [
    { ...lock, held, commit },
    { ref: lock.ref, from: lock.commit, to: commit },
  ];
}

/** Removes the lock if it is still this one. */
export async function dropGitLock(scratch: Scratch, { ref, commit }: GitLock): Promise<boolean> {
  return (await updateRefs(scratch, [{ ref, from: commit, to: undefined }])) === "done";
}

/** Removes the lock, whoever holds it. It may be renewed in the meantime. */
export async function breakGitLock(scratch: Scratch, ref: string): Promise<void> {
  for (let attempt = 1; attempt <= BREAK_ATTEMPTS; attempt += 1) {
    const lock = await readGitLock(scratch, ref);
    if (lock === undefined || (await dropGitLock(scratch, lock))) return;
  }
  throw new LedgerError("locked", `the lock of ${scratch.place} was taken by another run: run again`);
}

function lockCommit(scratch: Scratch, held: Held): Promise<string> {
  const message = `locked by ${describe(held)}\n\n${JSON.stringify(held)}\n`;
  return writeCommit(scratch, { message, parents: [], who: held.who, host: held.host });
}
