import type { Address } from "../model/address.ts";
import type { IsIgnored } from "../model/ignored.ts";
import type { Ledger, LedgerState } from "../model/ledger.ts";
import type { Provider } from "../model/provider.ts";
import type { Resource } from "../model/resource.ts";
import type { Runtime } from "../model/runtime.ts";
import type { Memory } from "./memory.ts";

/** A valid project in one environment, and the ports to everything outside. */
export interface Workspace {
  readonly project: string;
  readonly environment: string;
  /** Everything in this environment is protected from deletion. */
  readonly protectAll: boolean;
  /** Everything in this environment is observed: nothing is written or deleted. */
  readonly observeAll?: boolean;
  readonly resources: readonly Resource[];
  /** The file that the text at a path of a resource was included from. */
  readonly includedFile: (address: Address, path: string) => string | undefined;
  /** Which live objects the project leaves alone. */
  readonly isIgnored?: IsIgnored;
  readonly provider: Provider;
  readonly ledger: Ledger;
  readonly runtime: Runtime;
  /** The ledgers of the other environments of the project that may be about the same account. */
  readonly otherLedgers?: readonly OtherLedger[];
  /** The ledgers of environments that the project no longer has, where they can be listed. Throws `LedgerError`. */
  readonly removedLedgers?: () => Promise<readonly OtherLedger[]>;
  /** The Git commit of the manifests, where they are clean. */
  readonly commit?: string;
  /** What a plan leaves to the next one. */
  readonly memory?: Memory;
}

/** The ledger of another environment. It is read when something is about to be written, and once. */
export interface OtherLedger {
  readonly environment: string;
  /** Throws `LedgerError`. */
  readonly read: () => Promise<LedgerState | undefined>;
}
