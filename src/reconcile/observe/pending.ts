import type { Address } from "../../model/address.ts";
import type { Step } from "../../model/plan.ts";
import type { Provider } from "../../model/provider.ts";

/** Work that an object still has to do and that is lost when it is deleted. */
export interface Pending {
  /** The step that deletes it. */
  readonly step: string;
  readonly address: Address;
  readonly kind: string;
  readonly id: string;
  /** At least 1. */
  readonly count: number;
}

/** How much an object still has to do; 0 if its kind has no such work. */
export async function pendingOf(provider: Provider, kind: string, id: string): Promise<number> {
  if (provider.kinds.get(kind)?.pending === undefined) return 0;
  return (await provider.pending?.(kind, id)) ?? 0;
}

/** Work that is lost with the objects that the steps delete. Asks once for each object whose kind has such work. */
export async function findPending(provider: Provider, steps: readonly Step[]): Promise<readonly Pending[]> {
  const found = steps.map(async ({ id: step, address, kind, action, objectId: id }) => {
    if (action !== "delete" || id === undefined) return [];
    const count = await pendingOf(provider, kind, id);
    return count === 0 ? [] : [{ step, address, kind, id, count }];
  });
  return (await Promise.all(found)).flat();
}
