import type { Plan, ResourceDrift } from "./plan.ts";

/** True where no manifest declares the resource any more: what was changed in it is told, and is not put back. */
export function isOrphan({ address, changes }: ResourceDrift, plan: Plan): boolean {
  const change = plan.changes.find((one) => one.address === address);
  return changes.length > 0 && change?.changes.length === 0;
}
