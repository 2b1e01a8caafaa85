import type { ResourceDrift } from "../model/plan.ts";
import { pathChange } from "./change.ts";
import type { Decision } from "./decide.ts";
import type { Bystander } from "./policy.ts";
import { wordingOf, type View } from "./view.ts";

/** What was changed outside Git on one resource: managed paths that differ from the baseline, and unmanaged ones. */
export function driftOf(decision: Decision, view: View): readonly ResourceDrift[] {
  const { match, comparison } = decision;
  const { address, kind, entry, live, gone } = match;
  const known = entry ?? gone;
  if (known === undefined) return [];
  const base = { address, kind: kind.kind, id: known.id };
  if (live === undefined || gone !== undefined)
    return [{ ...base, what: "deleted", changes: [], unmanaged: [] }];
  const wording = wordingOf(decision, view);
  const changes = (comparison?.changes ?? [])
    .filter((change) => change.class === "drift" || change.class === "conflict")
    .map((change) => pathChange(change, wording));
  const unmanaged = (comparison?.moved ?? []).map((change) => pathChange(change, wording));
  return changes.length + unmanaged.length === 0 ? [] : [{ ...base, what: "changed", changes, unmanaged }];
}

/** Something stands under a managed object that nobody declared. */
export function appeared({ parent, kind, object }: Bystander): ResourceDrift {
  return { address: parent, kind, id: object.id, what: "appeared", changes: [], unmanaged: [] };
}
