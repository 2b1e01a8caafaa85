import type { Fact, Ledger, LedgerSession, LedgerState, LockHolder } from "../model/ledger.ts";
import type { Runtime } from "../model/runtime.ts";
import { openBook, stateOf, write, type Book } from "../model/fold.ts";

/** A session that can take over the whole state of another ledger. */
export interface MovableSession extends LedgerSession {
  /** Replaces everything, lineage and serial included; durable when it returns. */
  restore(state: LedgerState): Promise<void>;
}

export interface MovableLedger extends Ledger {
  open(holder: LockHolder, timeout: number, signal?: AbortSignal): Promise<MovableSession>;
}

/** The facts of one commit, and the serial that the ledger has with it. */
export interface Commit {
  readonly serial: number;
  readonly facts: readonly Fact[];
}

/** What a backend does for a session that holds its lock. */
export interface Store {
  /**
   * Makes the state durable in place of the one before, and never in place of anybody else's. Returns what is kept
   * now; its serial may be higher than was asked for.
   */
  save(state: LedgerState): Promise<LedgerState>;
  /**
   * Makes commits durable beside the state that was saved last. A store without it saves the whole state instead; one
   * with it saves the state at the end of the session.
   */
  append?(commits: readonly Commit[]): Promise<void>;
  /** A run that was cut off has left commits beside the state: they become a part of it at the end of this one. */
  readonly hasLeftovers?: boolean;
  /** Lets go of the lock. What hinders it is no reason to fail: everything is durable by then. */
  release(): Promise<void>;
}

/**
 * Commits are gathered before they are saved, so that the number of saves does not grow with that of commits; without
 * it, every commit is durable when it returns.
 */
export interface Gathering {
  readonly runtime: Runtime;
  /** Milliseconds before the first save; each pause is twice as long as the one before. */
  readonly pause: number;
}

export function emptyState(runtime: Runtime): LedgerState {
  return { lineage: runtime.uuid(), serial: 0, entries: {} };
}

interface Batch {
  readonly saved: Promise<void>;
  readonly settle: (failure?: Error) => void;
  readonly commits: Commit[];
}

/** Makes commits durable, one batch after the other; those that arrive meanwhile share the next one. */
export function openSession(initial: LedgerState, store: Store, gathering?: Gathering): MovableSession {
  let book: Book = openBook(initial);
  let known: LedgerState | undefined = initial;
  let waiting: Batch | undefined;
  let running: Promise<void> | undefined;
  let failure: Error | undefined;
  let isToldOf = false;
  let isUnsaved = store.hasLeftovers === true;
  let flushes = 0;
  let pause = gathering?.pause ?? 0;
  let hurry = new AbortController();

  /** Ends the pause before a save, where there is one. */
  const hasten = (): void => {
    if (gathering !== undefined) hurry.abort();
  };
  const current = (): LedgerState => (known ??= stateOf(book));
  const take = (): Batch | undefined => {
    const batch = waiting;
    waiting = undefined;
    return batch;
  };
  const save = async (state: LedgerState): Promise<void> => {
    const kept = await store.save(state);
    const raised = kept.serial - state.serial;
    if (raised !== 0) {
      book.serial += raised;
      known = undefined;
    }
  };
  const keep = async (batch: Batch | undefined): Promise<void> => {
    if (store.append === undefined || batch === undefined || batch.commits.length === 0) {
      isUnsaved = false;
      await save(current());
    } else await store.append(batch.commits);
  };
  /** Whether there is more to keep. */
  const keepOne = async (): Promise<boolean> => {
    if (gathering !== undefined && flushes === 0) {
      await gathering.runtime.sleep(pause, hurry.signal).catch(() => undefined);
      if (!hurry.signal.aborted) pause *= 2;
    }
    hurry = new AbortController();
    const batch = take();
    try {
      await keep(batch);
      batch?.settle();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      batch?.settle(failure);
      take()?.settle(failure);
    }
    return waiting !== undefined;
  };
  const work = async (): Promise<void> => {
    for (;;) if (!(await keepOne())) break;
    running = undefined;
  };
  const enrol = (commit?: Commit): Promise<void> => {
    waiting ??= newBatch();
    if (commit !== undefined) waiting.commits.push(commit);
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
    hasten();
    await running;
    flushes -= 1;
    throwFailure();
  };
  const durably = async (saved: Promise<void>): Promise<void> => {
    hasten();
    await saved.catch(throwFailure);
  };
  /** What was appended becomes a part of the state. */
  const close = async (): Promise<void> => {
    await flush();
    if (store.append !== undefined && isUnsaved) await durably(enrol());
  };
  let released: Promise<void> | undefined;
  const release = async (): Promise<void> => {
    const wasToldOf = isToldOf;
    try {
      await close();
    } catch (error) {
      // Who has had the failure from a commit already would lose the report of the run to a second throw.
      if (!wasToldOf) throw error;
    } finally {
      await store.release();
    }
  };

  return {
    get state() {
      return current();
    },
    entry: (address) => book.entries.get(address),
    async commit(facts) {
      throwFailure();
      write(book, facts);
      known = undefined;
      isUnsaved = true;
      const saved = enrol({ serial: book.serial, facts });
      const isIntent = facts.some(({ fact }) => fact === "intended");
      if (gathering === undefined || isIntent) await durably(saved);
    },
    async restore(next) {
      throwFailure();
      book = openBook(next);
      known = next;
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
  return { saved, settle, commits: [] };
}
