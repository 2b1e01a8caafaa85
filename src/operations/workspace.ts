import type { Address } from "../model/address.ts";
import type { OnConflict } from "../model/conflict.ts";
import type { Ledger, LedgerState } from "../model/ledger.ts";
import type { Provider } from "../model/provider.ts";
import type { Resource } from "../model/resource.ts";
import type { Runtime } from "../model/runtime.ts";

/** A valid project in one environment, and the ports to everything outside. */
export interface Workspace {
  readonly project: string;
  readonly environment: string;
  /** Everything in this environment is protected from deletion. */
  readonly protectAll: boolean;
  readonly resources: readonly Resource[];
  /** The file that the text at a path of a resource was included from. */
  readonly includedFile: (address: Address, path: string) => string | undefined;
  readonly provider: Provider;
  readonly ledger: Ledger;
  readonly runtime: Runtime;
  /** The ledgers of the other environments of the project that may be about the same account. */
  readonly otherLedgers?: readonly OtherLedger[];
  /** The Git commit of the manifests, where they are clean. */
  readonly commit?: string;
}

/** The ledger of another environment. It is read when something is about to be written, and once. */
export interface OtherLedger {
  readonly environment: string;
  /** Throws `LedgerError`. */
  readonly read: () => Promise<LedgerState | undefined>;
}

/** What a command may choose about a plan. */
export interface PlanChoices {
  readonly prune: boolean;
  readonly onConflict: OnConflict;
  readonly allowMassChange: boolean;
  /** Name the live objects that nobody declares. */
  readonly showForeign?: boolean;
  /** Objects that are found by their name may be changed. */
  readonly adopt?: boolean;
  /** Everything that the ledger knows is to be deleted, declared or not. */
  readonly destroy?: boolean;
  /** Which objects a plan reads by id to check the lists; by default the time decides. */
  readonly turn?: number;
  /** Only these addresses, and what must exist for them. */
  readonly only?: ReadonlySet<Address>;
}
