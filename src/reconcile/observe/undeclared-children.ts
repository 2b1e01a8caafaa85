import type { Address } from "../../model/address.ts";
import type { LedgerEntry, LedgerState } from "../../model/ledger.ts";
import type { LiveObject, Provider } from "../../model/provider.ts";
import { targetsOf } from "../compare/references.ts";
import type { Desired } from "./desired.ts";
import { dependentKinds } from "./dependent-kinds.ts";

/** A live dependent child, such as a canary, that no manifest declares. */
export interface UndeclaredChild {
  readonly parent: Address;
  readonly kind: string;
  readonly object: LiveObject;
  /** The ledger knows it: it left the manifests. */
  readonly isOwn?: true;
}

export interface Parent {
  readonly address: Address;
  readonly kind: string;
  readonly id: string;
}

interface Source {
  readonly provider: Provider;
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly ledger: LedgerState | undefined;
}

/** The undeclared dependent children of `parents`. One read for each parent and dependent kind. */
export async function findUndeclaredChildren(
  { provider, desired, ledger }: Source,
  parents: readonly Parent[],
): Promise<readonly UndeclaredChild[]> {
  if (parents.length === 0) return [];
  const entries = Object.values<LedgerEntry>(ledger?.entries ?? {});
  const known = new Set(entries.map(({ kind, id }) => `${kind} ${id}`));
  const declared = declaredParents(provider.kinds, desired);
  const children = parents.flatMap((parent) =>
    dependentKinds(parent.kind, provider.kinds)
      .filter(({ kind }) => declared.get(kind)?.has(parent.address) !== true)
      .map(async ({ kind }): Promise<readonly UndeclaredChild[]> => {
        const object = await provider.read(kind, parent.id);
        if (object === undefined) return [];
        const isOwn = known.has(`${kind} ${object.id}`) ? { isOwn: true as const } : {};
        return [{ parent: parent.address, kind, object, ...isOwn }];
      }),
  );
  return (await Promise.all(children)).flat();
}

/** By kind, the addresses that declared objects of the kind refer to. */
function declaredParents(
  kinds: Provider["kinds"],
  desired: ReadonlyMap<Address, Desired>,
): ReadonlyMap<string, ReadonlySet<Address>> {
  const targets = new Map<string, Set<Address>>();
  for (const { resource, spec } of desired.values()) {
    const kind = kinds.get(resource.kind);
    const known = targets.get(resource.kind) ?? new Set();
    for (const target of kind === undefined ? [] : targetsOf(kind, spec)) known.add(target);
    targets.set(resource.kind, known);
  }
  return targets;
}
