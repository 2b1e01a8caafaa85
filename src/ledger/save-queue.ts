import type { Fact } from "../model/ledger.ts";
import type { Runtime } from "../model/runtime.ts";

/** The facts of one commit, and the serial that the ledger has with it. */
export interface Commit {
  readonly serial: number;
  readonly facts: readonly Fact[];
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

export interface Batch {
  readonly saved: Promise<void>;
  readonly settle: (failure?: Error) => void;
  readonly commits: Commit[];
}

/** Makes commits durable, one batch after the other. Commits that arrive during a save share the next batch. */
export class SaveQueue {
  /** A commit or a flush has thrown the failure. */
  isFailureReported = false;
  private readonly keep: (batch: Batch | undefined) => Promise<void>;
  private readonly gathering: Gathering | undefined;
  private waiting: Batch | undefined;
  private running: Promise<void> | undefined;
  private failure: Error | undefined;
  private flushes = 0;
  private pause: number;
  private hurry = new AbortController();

  constructor(keep: (batch: Batch | undefined) => Promise<void>, gathering?: Gathering) {
    this.keep = keep;
    this.gathering = gathering;
    this.pause = gathering?.pause ?? 0;
  }

  /** Adds a commit to the next batch; without one, the batch saves the whole state. Settles when it is durable. */
  add(commit?: Commit): Promise<void> {
    this.waiting ??= newBatch();
    if (commit !== undefined) this.waiting.commits.push(commit);
    const { saved } = this.waiting;
    this.running ??= this.work();
    return saved;
  }

  throwFailure(): void {
    if (this.failure === undefined) return;
    this.isFailureReported = true;
    throw this.failure;
  }

  /** Waits until everything is durable. */
  async flush(): Promise<void> {
    this.flushes += 1;
    this.hasten();
    await this.running;
    this.flushes -= 1;
    this.throwFailure();
  }

  /** Waits for a batch without the pause before it. */
  async durably(saved: Promise<void>): Promise<void> {
    this.hasten();
    await saved.catch(() => this.throwFailure());
  }

  /** Ends the pause before a save, where there is one. */
  private hasten(): void {
    if (this.gathering !== undefined) this.hurry.abort();
  }

  private take(): Batch | undefined {
    const batch = this.waiting;
    this.waiting = undefined;
    return batch;
  }

  /**
   * The last check for waiting commits and the reset are one step: a commit that arrived in between would never be
   * saved.
   */
  private async work(): Promise<void> {
    do await this.keepOne();
    while (this.waiting !== undefined);
    this.running = undefined;
  }

  private async keepOne(): Promise<void> {
    if (this.gathering !== undefined && this.flushes === 0) {
      await this.gathering.runtime.sleep(this.pause, this.hurry.signal).catch(() => undefined);
      if (!this.hurry.signal.aborted) this.pause *= 2;
    }
    this.hurry = new AbortController();
    const batch = this.take();
    try {
      await this.keep(batch);
      batch?.settle();
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      batch?.settle(this.failure);
      this.take()?.settle(this.failure);
    }
  }
}

function newBatch(): Batch {
  let settle: Batch["settle"] = () => undefined;
  const saved = new Promise<void>((resolve, reject) => {
    settle = (failure) => (failure === undefined ? resolve() : reject(failure));
  });
  // The failure of a commit without a waiting caller is reported by the next commit or flush.
  saved.catch(() => undefined);
  return { saved, settle, commits: [] };
}
