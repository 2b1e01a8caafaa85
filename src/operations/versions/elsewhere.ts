import { entriesIn } from "../../model/ledger.ts";
import { segments } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";
import { valueAt } from "../../reconcile/compare/difference.ts";
import { ownId, parentId } from "../../model/object-ids.ts";
import type { Account } from "../account/account.ts";
import type { FoundObject } from "../account/find.ts";
import type { Kind } from "../../model/kind.ts";

/** The other object that has a version of this address or id, as far as the project knows. */
export type OtherObject = (text: string) => string | undefined;

export async function otherObjects(
  { resources, ledger }: Account,
  of: FoundObject,
  kind: Kind,
): Promise<OtherObject> {
  const entries = entriesIn((await ledger.read())?.entries);
  const others = new Map<string, string>();
  for (const { address, kind: name, spec } of resources) {
    const parent = name === kind.kind ? valueAt(spec, segments(kind.identity.parent ?? "")) : undefined;
    const text = isReference(parent) ? parent.ref : typeof parent === "string" ? parent : undefined;
    if (text !== undefined && text !== of.address && text !== of.id) others.set(address, text);
  }
  for (const [address, { kind: name, id }] of entries) {
    const parent = name === kind.kind ? parentId(kind, id) : undefined;
    if (parent === undefined || parent === of.id) continue;
    const owner = entries.find(([, entry]) => entry.kind === of.kind.kind && entry.id === parent)?.[0];
    for (const text of [address, id, ownId(id)]) others.set(text, owner ?? parent);
  }
  return (text) => others.get(text);
}
