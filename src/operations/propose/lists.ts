import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { PathChange, Plan } from "../../model/plan.ts";
import { pointer, segments } from "../../model/pointer.ts";
import type { LeftOut } from "../../model/proposal.ts";
import { hasKeys } from "../../reconcile/compare/canonical.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { leftPath } from "./leftovers.ts";
import type { Wanted } from "./rewrites.ts";

/** The list that a canonical path is an element of, if it is one. */
export type ListOf = (address: Address, path: string) => string | undefined;

export function listsOf(plan: Plan, kinds: ReadonlyMap<string, Kind>): ListOf {
  const kindOf = new Map(
    [...plan.changes, ...plan.drift].map(({ address, kind }) => [address, kinds.get(kind)]),
  );
  return (address, path) => {
    const kind = kindOf.get(address);
    if (kind === undefined) return undefined;
    const around = segments(path).slice(0, -1);
    const hints = around.reduce((here, segment) => here.child(segment), hintsOf(kind));
    // The elements of an open set have nothing to do with each other.
    return hasKeys(hints) && hints.hint.set !== "open" ? pointer(around) : undefined;
  };
}

/**
 * If an added or removed element of a list is not adopted, the others are not either: a part of the changes would give a
 * list that nobody wrote.
 */
export function withWholeLists(wanted: Wanted, left: readonly LeftOut[], listOf: ListOf) {
  const also: LeftOut[] = [];
  const rest = new Map<Address, readonly PathChange[]>();
  for (const [address, changes] of wanted) {
    const kept = changes.filter((change) => {
      const list = listOf(address, change.path);
      const other = left.find(
        (one) => one.address === address && one.path !== undefined && listOf(address, one.path) === list,
      );
      if (list === undefined || other === undefined) return true;
      also.push(leftPath(address, change, other));
      return false;
    });
    if (kept.length > 0) rest.set(address, kept);
  }
  return { wanted: rest, left: [...left, ...also] };
}
