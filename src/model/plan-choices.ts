import type { Address } from "./address.ts";
import type { OnConflict } from "./conflict.ts";

/** What a command may choose about a plan. */
export interface PlanChoices {
  readonly prune: boolean;
  readonly onConflict: OnConflict;
  readonly allowMassChange: boolean;
  /** Objects are deleted that have still something to do, such as scheduled events. */
  readonly allowPendingEvents?: boolean;
  /** Name the live objects that nobody declares. */
  readonly showForeign?: boolean;
  /** Objects that are found by their name may be changed. */
  readonly adopt?: boolean;
  /** Everything that the ledger knows is deleted, declared or not. */
  readonly destroy?: boolean;
  /** Which objects a plan reads by id to check the lists; by default chance decides. */
  readonly turn?: number;
  /** Only these addresses, and what must exist for them. */
  readonly only?: ReadonlySet<Address>;
}

/** Of a plan that is only looked at: it says what differs, however much that is. */
export const COMPARING = { prune: false, onConflict: "refuse", allowMassChange: true } as const;
