import type { JournalChange, Ledger, LedgerChange, LedgerSession, LedgerState } from "../model/ledger.ts";
import type { LockHolder } from "../model/ledger.ts";
import type { Runtime } from "../model/runtime.ts";
import { committed } from "./commit.ts";

/** A session that can take over the whole state of another ledger. */
export interface MovableSession extends LedgerSession {
  /** Replaces everything, lineage and serial included; durable when it returns. */
  restore(state: LedgerState): Promise<void>;
}

export interface MovableLedger extends Ledger {
  open(holder: LockHolder, timeout: number, signal?: AbortSignal): Promise<MovableSession>;
}

/** What a backend does for a session that holds its lock. */
export interface Store {
  /**
   * Makes the state durable in place of the one before, and never in place of anybody else's. Returns what is kept
   * now; its serial may be higher than was asked for.
   */
  save(state: LedgerState): Promise<LedgerState>;
  /** Lets go of the lock. What hinders it is no reason to fail: everything is durable by then. */
  release(): Promise<void>;
}

/** Commits are gathered for so long before they are saved; without it, every commit is durable when it returns. */
export interface Gathering {
  readonly runtime: Runtime;
  /** Milliseconds. */
  readonly pause: number;
}

export function emptyState(runtime: Runtime): LedgerState {
  return { lineage: runtime.uuid(), serial: 0, entries: {} };
}

interface Batch {
  readonly saved: Promise<void>;
  readonly settle: (failure?: Error) => void;
}

/** Saves one state after the other; commits that arrive meanwhile share the next save. */
export function openSession(initial: LedgerState, store: Store, gathering?: Gathering): MovableSession {
  let state = initial;
  let waiting: Batch | undefined;
  let running: Promise<void> | undefined;
  let failure: Error | undefined;
  let isToldOf = false;
  let flushes = 0;
  let hurry = new AbortController();

  const take = (): Batch | undefined => {
    const batch = waiting;
    waiting = undefined;
    return batch;
  };
  /** Whether there is more to save. */
  const saveOne = async (): Promise<boolean> => {
    if (gathering !== undefined && flushes === 0) {
      await gathering.runtime.sleep(gathering.pause, hurry.signal).catch(() => undefined);
    }
    hurry = new AbortController();
    const [batch, target] = [take(), state];
    try {
      const kept = await store.save(target);
      state = state === target ? kept : { ...state, serial: state.serial + kept.serial - target.serial };
      batch?.settle();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      batch?.settle(failure);
      take()?.settle(failure);
    }
    return waiting !== undefined;
  };
  const work = async (): Promise<void> => {
    for (;;) if (!(await saveOne())) break;
    running = undefined;
  };
  const enrol = (): Promise<void> => {
    waiting ??= newBatch();
    const { saved } = waiting;
    running ??= work();
    return saved;
  };
  const throwFailure = (): void => {
    if (failure === undefined) return;
    isToldOf = true;
    throw failure;
  };
  const flush = async (): Promise<void> => {
    flushes += 1;
    hurry.abort();
    await running;
    flushes -= 1;
    throwFailure();
  };
  const durably = async (saved: Promise<void>): Promise<void> => {
    hurry.abort();
    await saved.catch(throwFailure);
  };
  let released: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    const wasToldOf = isToldOf;
    try {
      await flush();
    } catch (error) {
      // Who has had the failure from a commit already would lose the report of the run to a second throw.
      if (!wasToldOf) throw error;
    } finally {
      await store.release();
    }
  };

  return {
    get state() {
      return state;
    },
    async commit(changes: readonly LedgerChange[], journal?: JournalChange) {
      throwFailure();
      state = committed(state, changes, journal);
      const reached = state;
      const saved = enrol();
      const isBeginning = journal !== undefined && "begin" in journal;
      if (gathering === undefined || isBeginning) await durably(saved);
      return reached;
    },
    async restore(next) {
      throwFailure();
      state = next;
      await durably(enrol());
    },
    flush,
    release() {
      released ??= release();
      return released;
    },
  };
}

function newBatch(): Batch {
  let settle: Batch["settle"] = () => undefined;
  const saved = new Promise<void>((resolve, reject) => {
    settle = (failure) => (failure === undefined ? resolve() : reject(failure));
  });
  // A commit that nobody waits for fails at the next one, or at the flush.
  saved.catch(() => undefined);
  return { saved, settle };
}
