import type { Plan, ResourceChange, ResourceDrift } from "./plan.ts";

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

/**
 * With a ledger: resources that are not in it and differ, or are observed and do not exist. Without one: every declared
 * resource.
 */
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

/** True if no manifest declares the resource any more: changes to it are reported and not restored. */
export function isOrphan({ address, changes }: ResourceDrift, plan: Plan): boolean {
  const change = plan.changes.find((one) => one.address === address);
  return changes.length > 0 && change?.changes.length === 0;
}

/** Observed resources whose live object differs from the manifest or does not exist. Apply leaves them as they are. */
export function observedDifferences({ changes }: Plan): readonly ResourceChange[] {
  return changes.filter(
    ({ action, id, changes: paths }) => action === "observe" && (id === undefined || paths.length > 0),
  );
}

/** The resources whose main version is not the one that this project made or last saw. */
export function withOtherMain({ drift }: Plan): Plan["drift"] {
  return drift.filter(({ version }) => version !== undefined);
}

/** A step changes more than the ledger. */
export function isWriting({ steps }: Plan): boolean {
  return steps.some(({ action }) => action !== "refresh-state");
}

/** Live changes that apply does not undo: another main version, or a difference in an observed resource. */
export function leavesChanges(plan: Plan): boolean {
  return withOtherMain(plan).length + observedDifferences(plan).length > 0;
}
