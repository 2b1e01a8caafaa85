import type { Plan, ResourceChange } from "./plan.ts";

/**
 * A resource without a record of earlier values, so that changes by others cannot be detected. `live`: its live
 * values, compared with the manifest.
 */
export interface Uncompared {
  readonly change: ResourceChange;
  readonly live: "different" | "same" | "none" | "several";
}

/** True where nothing was ever applied, or the ledger is not where it should be. */
export function hasNoLedger({ ledger }: Plan): boolean {
  return ledger.lineage === undefined;
}

/** With a ledger, what differs or is observed in vain, and is not in it; without one, everything that is declared. */
export function withoutBaseline(plan: Plan): readonly Uncompared[] {
  return plan.changes.flatMap((change): readonly Uncompared[] => {
    if (change.changes.some((path) => path.class === "no-baseline")) return [{ change, live: "different" }];
    if (isMissing(change, plan)) return [{ change, live: "none" }];
    if (!hasNoLedger(plan)) return [];
    if (change.id !== undefined) return [{ change, live: "same" }];
    return [{ change, live: change.action === "create" ? "none" : "several" }];
  });
}

/** An observed resource whose live object was never found. */
function isMissing({ action, id, address }: ResourceChange, { drift }: Plan): boolean {
  return action === "observe" && id === undefined && !drift.some((one) => one.address === address);
}
