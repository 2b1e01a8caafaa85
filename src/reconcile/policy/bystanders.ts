import type { Address } from "../../model/address.ts";
import type { LedgerEntry, LedgerState } from "../../model/ledger.ts";
import type { Provider } from "../../model/provider.ts";
import type { Desired } from "../observe/desired.ts";
import type { Bystander } from "./policy.ts";
import { targetsOf } from "../compare/references.ts";

/**
 * Objects that nobody declares, those that left the manifests included, and that a write to one of `parents` may
 * silently remove, such as a canary. One read for each parent and kind of such objects.
 */
export async function findBystanders(
  provider: Provider,
  desired: ReadonlyMap<Address, Desired>,
  ledger: LedgerState | undefined,
  parents: readonly { readonly address: Address; readonly kind: string; readonly id: string }[],
): Promise<readonly Bystander[]> {
  const known = new Set(
    Object.values<LedgerEntry>(ledger?.entries ?? {}).map(({ kind, id }) => `${kind} ${id}`),
  );
  const wanted = [...provider.kinds.values()].flatMap((kind) => {
    const rule = kind.references.find(({ resetByTarget }) => resetByTarget === true);
    if (rule === undefined || kind.identity.singleton !== true) return [];
    const declared = new Set(
      [...desired.values()]
        .filter(({ resource }) => resource.kind === kind.kind)
        .flatMap(({ spec }) => targetsOf(kind, spec)),
    );
    return parents
      .filter((parent) => parent.kind === rule.to && !declared.has(parent.address))
      .map((parent) => ({ parent, kind }));
  });
  const found = await Promise.all(
    wanted.map(async ({ parent, kind }) => ({
      parent,
      kind,
      object: await provider.read(kind.kind, parent.id),
    })),
  );
  return found.flatMap(({ parent, kind, object }) => {
    if (object === undefined) return [];
    const isOwn = known.has(`${kind.kind} ${object.id}`) ? { isOwn: true as const } : {};
    return [{ parent: parent.address, kind: kind.kind, object, ...isOwn }];
  });
}
