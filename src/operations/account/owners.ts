import type { Address } from "../../model/address.ts";
import { entriesIn, type LedgerEntry, type LedgerState } from "../../model/ledger.ts";
import type { Owner } from "../../model/object-list.ts";
import { objectKey } from "../../schema/author/slugs.ts";
import { readAll } from "../other-ledgers.ts";
import type { Account } from "./account.ts";

export type Owners = (kind: string, id: string) => Owner | undefined;

/**
 * Who manages an object, according to the ledgers and to manifests with the id of an object that is not in the ledger
 * yet. The current environment takes precedence.
 */
export async function ownersIn(account: Account): Promise<Owners> {
  const { environment, resources, ledger } = account;
  const [own, others] = await Promise.all([ledger.read(), readAll(account)]);
  const known = new Map<string, Owner>();
  const add = (kind: string, id: string, owner: Owner) => {
    const key = objectKey(kind, id);
    if (!known.has(key)) known.set(key, owner);
  };
  for (const one of objectsIn(own)) add(one.kind, one.id, { address: one.address, environment });
  for (const { address, kind, lifecycle } of resources) {
    if (lifecycle.import !== undefined) add(kind, lifecycle.import.id, { address, environment });
  }
  for (const other of others) {
    if (!("state" in other)) continue;
    // What another environment observes is not managed there.
    for (const one of objectsIn(other.state, ({ observe }) => observe !== true))
      add(one.kind, one.id, { address: one.address, environment: other.environment, isElsewhere: true });
  }
  return (kind, id) => known.get(objectKey(kind, id));
}

interface KnownObject {
  readonly kind: string;
  readonly id: string;
  readonly address: Address;
}

/** The objects of a ledger, and those that an interrupted run has created. */
function objectsIn(
  state: LedgerState | undefined,
  isMeant: (entry: LedgerEntry) => boolean = () => true,
): readonly KnownObject[] {
  const meant = entriesIn(state?.entries).filter(([, entry]) => isMeant(entry));
  return [
    ...meant.map(([address, { kind, id }]) => ({ kind, id, address })),
    ...(state?.intents ?? []).flatMap(({ action, kind, objectId, address }) =>
      action === "create" && objectId !== undefined ? [{ kind, id: objectId, address }] : [],
    ),
  ];
}
