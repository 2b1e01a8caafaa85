import type { Plan } from "../model/plan.ts";
import { withoutBaseline } from "../model/plan-states.ts";

/**
 * What drift can find. `changed`, `deleted` and `appeared` are what the next apply would undo, refuse or not see.
 * `no-baseline` are differences of unknown origin, and without a ledger every declared resource. `unmanaged` and
 * `foreign` are information.
 */
export const FINDINGS = ["changed", "deleted", "appeared", "no-baseline", "unmanaged", "foreign"] as const;

export type Finding = (typeof FINDINGS)[number];

/** What counts as drift unless it is said otherwise. */
export const COUNTED: readonly Finding[] = ["changed", "deleted", "appeared", "no-baseline"];

export function findingsIn(plan: Plan): ReadonlySet<Finding> {
  const found = plan.drift.flatMap(({ what, changes, unmanaged, version }): readonly Finding[] => [
    ...(what === "changed" && changes.length === 0 && version === undefined ? [] : [what]),
    ...(unmanaged.length > 0 ? (["unmanaged"] as const) : []),
  ]);
  const foreign = Object.keys(plan.foreign).length > 0 || (plan.foreignObjects?.length ?? 0) > 0;
  return new Set([
    ...found,
    ...(withoutBaseline(plan).length > 0 ? (["no-baseline"] as const) : []),
    ...(foreign ? (["foreign"] as const) : []),
  ]);
}
