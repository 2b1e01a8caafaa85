import type { Plan, ResourceDrift } from "./plan.ts";

/** True if no manifest declares the resource any more: changes to it are reported and not restored. */
export function isOrphan({ address, changes }: ResourceDrift, plan: Plan): boolean {
  const change = plan.changes.find((one) => one.address === address);
  return changes.length > 0 && change?.changes.length === 0;
}
