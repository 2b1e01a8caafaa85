import type { Address } from "./address.ts";
import type { JsonObject } from "./json.ts";

/** What was last applied and seen, for one environment of a project. Holds no secret. */
export interface LedgerState {
  /** A random id given when the ledger was begun: two ledgers are never taken for one another. */
  readonly lineage: string;
  /** Counts every commit. */
  readonly serial: number;
  readonly entries: Readonly<Record<Address, LedgerEntry>>;
}

export interface LedgerEntry {
  readonly kind: string;
  readonly id: string;
  /** The declared fields as last applied and verified, references resolved to ids. Its leaves are the managed paths. */
  readonly applied: JsonObject;
  /** The whole object as it was read right after. */
  readonly observed: JsonObject;
  readonly versionId?: string;
  /** Outlives the manifest's own block. */
  readonly protect?: true;
  /** The Git commit of the manifests it was applied from. */
  readonly commit?: string;
}

/** Who holds the lock, for the people who wait for it. */
export interface LockHolder {
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  readonly operation: string;
}

/** One entry written, or removed when `entry` is `undefined`. */
export interface LedgerChange {
  readonly address: Address;
  readonly entry: LedgerEntry | undefined;
}

/** A ledger that is locked for writing. */
export interface LedgerSession {
  readonly state: LedgerState;
  /** Durable when it returns. */
  commit(changes: readonly LedgerChange[]): Promise<LedgerState>;
  release(): Promise<void>;
}

/** The port to wherever the baseline is kept. Throws `LedgerError`. */
export interface Ledger {
  /** For people: `file .rollcall/default.json`. */
  readonly place: string;
  /** `undefined` where there is none yet. */
  read(): Promise<LedgerState | undefined>;
  /** Waits up to `timeout` milliseconds for another holder. */
  open(holder: LockHolder, timeout: number): Promise<LedgerSession>;
}

export type LedgerProblem = "locked" | "corrupt" | "newer" | "changed" | "unavailable";

export class LedgerError extends Error {
  override readonly name = "LedgerError";
  readonly problem: LedgerProblem;

  constructor(problem: LedgerProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
