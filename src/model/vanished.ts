import type { Plan } from "./plan.ts";

/**
 * How many objects the ledger knows, where not one of them is live: which looks like the key of another account. What
 * lived under another object is gone with it and does not count.
 */
export function vanishedIn({ changes, drift }: Plan): number | undefined {
  const gone = new Map(drift.filter(({ what }) => what === "deleted").map(({ address, id }) => [address, id]));
  const roots = new Set([...gone.values()].filter((id) => !id.includes("/")));
  const isLeft = changes.some(
    ({ address, id, action }) => id !== undefined && action !== "adopt" && !gone.has(address),
  );
  return roots.size < 2 || isLeft ? undefined : roots.size;
}
