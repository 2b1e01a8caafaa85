import type { Plan, ResourceChange, ResourceDrift } from "../model/plan.ts";
import { contextOf, driftRow, type Row } from "./rows.ts";
import { visible } from "./safe.ts";

export interface DriftView {
  readonly address: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** Fields that nobody declared: told, not undone. */
  readonly unmanaged: readonly Row[];
}

/** `conflictsBelow`: the values of conflicts stand further down the page, and are not told twice. */
export function driftView(drift: ResourceDrift, plan: Plan, conflictsBelow: boolean): DriftView {
  const change = plan.changes.find(({ address }) => address === drift.address);
  const context = contextOf(plan.names, change);
  return {
    address: visible(drift.address),
    title: visible(`${drift.address} ${driftTitle(drift, change)}`),
    rows: drift.changes.map((one) =>
      conflictsBelow && one.class === "conflict"
        ? { sign: "~", label: visible(one.label), body: { type: "none" }, note: "conflict, see below" }
        : driftRow(one, context),
    ),
    unmanaged: drift.unmanaged.map((one) => driftRow(one, context)),
  };
}

function driftTitle({ what, changes }: ResourceDrift, change: ResourceChange | undefined): string {
  if (what === "appeared") return "has appeared outside Git (nobody declares it)";
  if (what === "deleted") {
    return change?.action === "create"
      ? "was deleted outside Git (apply creates it again)"
      : "was deleted outside Git";
  }
  if (changes.some((one) => one.class === "conflict")) return "has drifted (and the manifest changed too)";
  if (changes.some((one) => one.class === "drift")) return "has drifted (apply restores it)";
  return "changed in fields that nobody declared (apply leaves them)";
}
