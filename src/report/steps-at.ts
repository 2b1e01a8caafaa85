import type { Address } from "../model/address.ts";
import { grouped } from "../model/grouped.ts";
import type { Plan, Step } from "../model/plan.ts";

/** The steps of a plan by their address, sorted out once for each plan. */
const known = new WeakMap<Plan["steps"], ReadonlyMap<Address, readonly Step[]>>();

/** The steps of a plan at one address. */
export function stepsAt({ steps }: Plan, address: Address): readonly Step[] {
  const byAddress = known.get(steps) ?? grouped(steps, (step) => step.address);
  known.set(steps, byAddress);
  return byAddress.get(address) ?? [];
}
