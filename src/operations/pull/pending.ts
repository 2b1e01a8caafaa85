import type { Address } from "../../model/address.ts";
import { isList, property, type Json } from "../../model/json.ts";
import type { Fact, LedgerState } from "../../model/ledger.ts";

/** What tells whether the ledger has learned of a pull that was cut off. */
export interface PendingPull {
  readonly environment: string;
  readonly lineage: string;
  /** Of the ledger before the pull. */
  readonly serial: number;
  /** The objects that the ledger did not know before. */
  readonly added: readonly { readonly address: Address; readonly id: string }[];
}

export function pendingPull(environment: string, state: LedgerState, facts: readonly Fact[]): PendingPull {
  const added = facts.flatMap((fact) =>
    fact.fact === "adopted" && state.entries[fact.address]?.id !== fact.entry.id
      ? [{ address: fact.address, id: fact.entry.id }]
      : [],
  );
  return { environment, lineage: state.lineage, serial: state.serial, added };
}

/**
 * Whether the ledger has learned of the pull: then its files stay. A pull that added no object is taken for done when
 * the ledger went on since: what it wrote into the manifests is live.
 */
export function isCommitted({ lineage, serial, added }: PendingPull, state: LedgerState | undefined): boolean {
  if (state === undefined) return false;
  if (added.length > 0) return added.every(({ address, id }) => state.entries[address]?.id === id);
  return state.lineage === lineage && state.serial > serial;
}

/** As it was kept beside the files; `undefined` where it is none. */
export function pendingPullIn(value: Json): PendingPull | undefined {
  const [environment, lineage, serial, added] = ["environment", "lineage", "serial", "added"].map((key) =>
    property(value, key),
  );
  if (typeof environment !== "string" || typeof lineage !== "string" || typeof serial !== "number")
    return undefined;
  if (!isList(added) || !added.every(isAdded)) return undefined;
  return { environment, lineage, serial, added: added as unknown as PendingPull["added"] };
}

function isAdded(value: Json): boolean {
  return typeof property(value, "address") === "string" && typeof property(value, "id") === "string";
}
