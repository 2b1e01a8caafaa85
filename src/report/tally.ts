import type { PathClass, Plan, ResourceChange } from "../model/plan.ts";

/** How many resources come, change and go; a replacement is one of each of the outer two. */
export interface Tally {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  /** These touch the ledger only. */
  readonly adopt: number;
  readonly move: number;
  readonly forget: number;
}

const WRITTEN: ReadonlySet<PathClass> = new Set(["pending", "drift", "conflict", "unset", "no-baseline"]);

/** True when apply changes the live object in place. */
export function isUpdated({ action, changes }: ResourceChange): boolean {
  if (action === "update") return true;
  return (action === "adopt" || action === "move") && changes.some((change) => WRITTEN.has(change.class));
}

export function tally(changes: readonly ResourceChange[]): Tally {
  const count = (...actions: readonly ResourceChange["action"][]) =>
    changes.filter(({ action }) => actions.includes(action)).length;
  return {
    add: count("create", "replace"),
    change: changes.filter(isUpdated).length,
    destroy: count("delete", "replace"),
    adopt: count("adopt"),
    move: changes.filter(({ action, movedFrom }) => action === "move" || movedFrom !== undefined).length,
    forget: count("forget"),
  };
}

/** True when there is nothing to apply and nothing that a reader must know. */
export function isEmpty(plan: Plan): boolean {
  if (plan.adoptions !== undefined && plan.adoptions.length > 0) return false;
  return plan.changes.every(isQuiet) && plan.refusals.length === 0;
}

function isQuiet({ action, changes, id }: ResourceChange): boolean {
  if (changes.length > 0) return false;
  return action === "no-op" || (action === "observe" && id !== undefined);
}
