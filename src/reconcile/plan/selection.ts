import type { Address } from "../../model/address.ts";
import { grouped } from "../../model/grouped.ts";
import { targetsOf } from "../compare/references.ts";
import { dependencyOf } from "../observe/dependent-kinds.ts";
import type { Match } from "../observe/match.ts";

/**
 * The chosen addresses, every resource that does not exist yet and that they refer to, and the dependent children of all
 * of these.
 */
export function selected(matches: readonly Match[], only: ReadonlySet<Address> | undefined): readonly Match[] {
  if (only === undefined) return matches;
  const byAddress = new Map(matches.map((one) => [one.address, one]));
  const childrenOf = grouped(dependentChildren(matches), ({ parent }) => parent);
  const wanted = new Set<Address>();
  const add = (address: Address): void => {
    const one = byAddress.get(address);
    if (one === undefined || wanted.has(address)) return;
    wanted.add(address);
    const targets = one.desired === undefined ? [] : targetsOf(one.kind, one.desired.spec);
    for (const target of targets) if (byAddress.get(target)?.live === undefined) add(target);
    for (const child of childrenOf.get(address) ?? []) add(child.address);
  };
  for (const address of only) add(address);
  return matches.filter(({ address }) => wanted.has(address));
}

interface DependentChild {
  readonly address: Address;
  readonly parent: Address;
}

function dependentChildren(matches: readonly Match[]): readonly DependentChild[] {
  const byId = grouped(matches, ({ live }) => live?.id);
  return matches.flatMap(({ kind, desired, live, address }): readonly DependentChild[] => {
    const rule = dependencyOf(kind);
    if (rule === undefined) return [];
    if (desired !== undefined) return targetsOf(kind, desired.spec).map((parent) => ({ address, parent }));
    const parents = byId.get(live?.id)?.filter((other) => other.kind.kind === rule.to) ?? [];
    return parents.map((parent) => ({ address, parent: parent.address }));
  });
}
