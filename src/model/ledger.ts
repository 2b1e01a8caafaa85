import type { Address } from "./address.ts";
import type { JsonObject } from "./json.ts";
import type { StepAction } from "./plan.ts";
import type { Pointer } from "./pointer.ts";

/** What was last applied and seen, for one environment of a project. Holds no secret. */
export interface LedgerState {
  /** A random id given when the ledger was begun: two ledgers are never taken for one another. */
  readonly lineage: string;
  /** Counts every commit. */
  readonly serial: number;
  readonly entries: Readonly<Record<Address, LedgerEntry>>;
  /** Tells the API key of the last apply from others, as `Target` has it; absent before the first one. */
  readonly account?: string;
  /** What runs set out to write and have not been seen to have written, oldest first. */
  readonly intents?: readonly Intent[];
}

/** What one step of a run means to write, on record before the request goes out. */
export interface Intent {
  /** Unique in the ledger: the step, and the run it belongs to. */
  readonly id: string;
  /** The id of the step. */
  readonly step: string;
  readonly address: Address;
  readonly action: StepAction;
  readonly kind: string;
  /** The run that meant to write it, and who started it when. ISO 8601. */
  readonly run: string;
  readonly who: string;
  readonly began: string;
  /** When a later run began that went on with it. ISO 8601. */
  readonly resumed?: string;
  /** The object it writes to; for a creation, the one that the API answered with. */
  readonly objectId?: string;
  /** The key under which a creation is sent; the same on every attempt, in this run and the next. */
  readonly idempotencyKey?: string;
  /** The blocks that the write changes, as they were live before it; secrets as digests. */
  readonly before?: JsonObject;
  /** The same blocks as they are meant to be after it; ids that were not known yet as `{ ref }`. */
  readonly after?: JsonObject;
  /** Paths that the write clears because they are no longer declared. */
  readonly clears?: readonly Pointer[];
  readonly protect?: true;
  readonly movedFrom?: Address;
  readonly replaces?: string;
  /** Declared values that the server rewrote, as it answered; secrets as digests. */
  readonly stored?: JsonObject;
  /** The API has accepted the write, but the values that were read back differ from the intended ones. */
  readonly accepted?: true;
  /** It has been reported that it was not done. */
  readonly reported?: true;
  /**
   * When the creation was given up for another one, although it may have been executed: its object can still appear.
   * ISO 8601.
   */
  readonly superseded?: string;
}

/** One change of a ledger. Its state is the result of all facts so far. */
export type Fact =
  /** Durable before the first of these writes is sent. */
  | { readonly fact: "intended"; readonly intents: readonly Intent[] }
  /** The API answered a write with this object. `stored`: see `Intent`. */
  | {
      readonly fact: "answered";
      readonly intent: string;
      readonly objectId: string;
      readonly stored?: JsonObject;
    }
  /**
   * An entry as it is now. `verified`: written, read back and as intended. `observed`: read, and nothing was written or
   * not all of it was stored. `adopted`: a live object that existed before.
   */
  | {
      readonly fact: "verified" | "observed" | "adopted";
      readonly address: Address;
      readonly entry: LedgerEntry;
    }
  /** From now on objects are those of this API key. */
  | { readonly fact: "keyed"; readonly account: string }
  | { readonly fact: "forgotten"; readonly address: Address }
  /** These intents are verified, or certainly not carried out. */
  | { readonly fact: "closed"; readonly intents: readonly string[] };

export interface LedgerEntry {
  readonly kind: string;
  readonly id: string;
  /** The declared fields as last applied and verified, references resolved to ids. Its leaves are the managed paths. */
  readonly applied: JsonObject;
  /** The whole object as it was read right after. */
  readonly observed: JsonObject;
  readonly versionId?: string;
  /** Versions of the object that verified writes have made, oldest first. */
  readonly madeVersions?: readonly string[];
  /** Outlives the manifest's own block. */
  readonly protect?: true;
  /** The object is observed: when its manifest is gone, the entry is forgotten and the object is kept. */
  readonly observe?: true;
  /** Matched only by name after a creation that was not answered. The idempotency key shows whose object it is. */
  readonly found?: true;
  /** Another object has taken its place; it is to be deleted, in this run or the next. */
  readonly replaced?: true;
  /** The Git commit of the manifests it was applied from. */
  readonly commit?: string;
}

/** Entries with their addresses. */
export function entriesIn(
  entries: Readonly<Record<Address, LedgerEntry>> = {},
): readonly (readonly [Address, LedgerEntry])[] {
  return Object.entries(entries) as [Address, LedgerEntry][];
}

/** Where the entry of an object stands that has been replaced and is not deleted yet. No manifest can have this address. */
export function replacedAddress(address: Address, nth = 1): Address {
  return `${address}#replaced${nth === 1 ? "" : `-${nth}`}`;
}

/** The address at which the object stood that waits for its deletion. Earlier versions wrote `.replaced`. */
export function originalAddress(address: Address): Address {
  return address.replace(/(?:\.replaced|#replaced(?:-\d+)?)$/, "") as Address;
}

/** Who holds the lock, for the people who wait for it. */
export interface LockHolder {
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  readonly operation: string;
}

/** A ledger that is locked for writing. */
export interface LedgerSession {
  readonly state: LedgerState;
  /** One entry of the state, without building all of it. */
  entry(address: Address): LedgerEntry | undefined;
  /**
   * Adds facts, as one commit. Intents are durable when it returns. Other facts are durable when it returns in a local
   * ledger; a remote one may gather them and has them durable at `flush`. A commit after a failed one fails, too.
   */
  commit(facts: readonly Fact[]): Promise<void>;
  /** Everything committed is durable when it returns. */
  flush(): Promise<void>;
  /** Flushes, and releases the lock. */
  release(): Promise<void>;
}

/** The port to wherever the baseline is kept. Throws `LedgerError`. */
export interface Ledger {
  /** For people: `file .rollcall/default.json`. */
  readonly place: string;
  /** `undefined` where there is none yet. */
  read(): Promise<LedgerState | undefined>;
  /** Waits up to `timeout` milliseconds for another holder; throws `Interrupted` when the signal ends the wait. */
  open(holder: LockHolder, timeout: number, signal?: AbortSignal): Promise<LedgerSession>;
  /** Who holds the lock now. */
  holder(): Promise<LockHolder | undefined>;
  /** Removes the lock, also if somebody else holds it. */
  unlock(): Promise<void>;
  /** Past commits, newest first, where the backend keeps them. */
  history?(limit: number): Promise<readonly LedgerCommit[]>;
}

/** One past commit of a ledger that keeps its history. */
export interface LedgerCommit {
  readonly serial: number;
  readonly who: string;
  /** ISO 8601. */
  readonly at: string;
  /** `apply: 2 changed` */
  readonly what: string;
  /** The Git commit of the manifests. */
  readonly source?: string;
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

/** Where a project keeps its ledger, as its settings say. */
export type LedgerChoice = FileChoice | GitChoice | HttpChoice;

export interface FileChoice {
  readonly backend: "file";
  /** The folder of the ledger files, relative to the project; by default `.rollcall`. */
  readonly path?: string;
}

export interface GitChoice {
  readonly backend: "git";
  /** The name of a remote. */
  readonly remote?: string;
  readonly ref?: string;
}

/** A ledger is never kept in a branch or a tag. The rest is what Git demands of the name of a ref. */
export const LEDGER_REF =
  "^refs/rollcall/(?![/.])(?!.*(?:\\.\\.|//|/\\.|@\\{|\\.lock(?:/|$)|[./]$))[^\\p{C}\\s~^:?*\\[\\\\]+$";

/** One of the repository's own remotes; neither an address nor a path. */
export const REMOTE_NAME = "^[A-Za-z0-9_][A-Za-z0-9_.-]*$";

const [ledgerRef, remoteName] = [new RegExp(LEDGER_REF, "u"), new RegExp(REMOTE_NAME, "u")];

export function isLedgerRef(text: string): boolean {
  return ledgerRef.test(text);
}

export function isRemoteName(text: string): boolean {
  return remoteName.test(text);
}

/** Terraform's HTTP state protocol. */
export interface HttpChoice {
  readonly backend: "http";
  readonly address: string;
  readonly lockAddress?: string;
  readonly unlockAddress?: string;
  readonly updateMethod?: string;
  readonly lockMethod?: string;
  readonly unlockMethod?: string;
  /** Names of environment variables, never the values. */
  readonly username?: { readonly env: string };
  readonly password?: { readonly env: string };
}
