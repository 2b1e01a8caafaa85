import type { Fact, Ledger, LedgerSession, LedgerState, LockHolder } from "../model/ledger.ts";
import type { Runtime } from "../model/runtime.ts";
import { openBook, stateOf, write, type Book } from "../model/fold.ts";
import { SaveQueue, type Batch, type Commit, type Gathering } from "./save-queue.ts";

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
  /**
   * Makes commits durable beside the state that was saved last. A store without it saves the whole state instead; one
   * with it saves the state at the end of the session.
   */
  append?(commits: readonly Commit[]): Promise<void>;
  /** A run that was cut off has left commits beside the state: they become a part of it at the end of this one. */
  readonly hasLeftovers?: boolean;
  /** Releases the lock. An error is ignored, because everything is durable at that point. */
  release(): Promise<void>;
}

export function emptyState(runtime: Runtime): LedgerState {
  return { lineage: runtime.uuid(), serial: 0, entries: {} };
}

/** A session that makes commits durable through `store`. */
export function openSession(initial: LedgerState, store: Store, gathering?: Gathering): MovableSession {
  const memory = new Memory(initial, store.hasLeftovers === true);
  const queue = new SaveQueue((batch) => keep(batch, memory, store), gathering);
  let released: Promise<void> | undefined;
  return {
    get state() {
      return memory.state;
    },
    entry: (address) => memory.book.entries.get(address),
    async commit(facts) {
      queue.throwFailure();
      memory.write(facts);
      const saved = queue.add({ serial: memory.book.serial, facts });
      const isIntent = facts.some(({ fact }) => fact === "intended");
      if (gathering === undefined || isIntent) await queue.durably(saved);
    },
    async restore(next) {
      queue.throwFailure();
      memory.replace(next);
      await queue.durably(queue.add());
    },
    flush: () => queue.flush(),
    release() {
      released ??= release(queue, memory, store);
      return released;
    },
  };
}

/** The state of the ledger as this session knows it. */
class Memory {
  book: Book;
  isUnsaved: boolean;
  private known: LedgerState | undefined;

  constructor(initial: LedgerState, isUnsaved: boolean) {
    this.book = openBook(initial);
    this.known = initial;
    this.isUnsaved = isUnsaved;
  }

  get state(): LedgerState {
    this.known ??= stateOf(this.book);
    return this.known;
  }

  write(facts: readonly Fact[]): void {
    write(this.book, facts);
    this.known = undefined;
    this.isUnsaved = true;
  }

  replace(next: LedgerState): void {
    this.book = openBook(next);
    this.known = next;
  }

  raiseSerial(by: number): void {
    if (by === 0) return;
    this.book.serial += by;
    this.known = undefined;
  }
}

/** Appends the commits of a batch; without any, or where the store cannot append, saves the whole state. */
async function keep(batch: Batch | undefined, memory: Memory, store: Store): Promise<void> {
  if (store.append !== undefined && batch !== undefined && batch.commits.length > 0)
    return store.append(batch.commits);
  memory.isUnsaved = false;
  const { state } = memory;
  const kept = await store.save(state);
  memory.raiseSerial(kept.serial - state.serial);
}

/** Merges appended commits into the state, makes it durable, and releases the lock. */
async function release(queue: SaveQueue, memory: Memory, store: Store): Promise<void> {
  const wasReported = queue.isFailureReported;
  try {
    await queue.flush();
    if (store.append !== undefined && memory.isUnsaved) await queue.durably(queue.add());
  } catch (error) {
    // A failure that a commit has thrown already is not thrown twice: the caller would lose the report of the run.
    if (!wasReported) throw error;
  } finally {
    await store.release();
  }
}
