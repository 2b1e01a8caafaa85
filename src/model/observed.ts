import type { Plan, ResourceChange } from "./plan.ts";

/** Observed resources whose live object differs from the manifest or does not exist. Apply leaves them as they are. */
export function observedDifferences({ changes }: Plan): readonly ResourceChange[] {
  return changes.filter(
    ({ action, id, changes: paths }) => action === "observe" && (id === undefined || paths.length > 0),
  );
}
