import { listed } from "../../model/suggest.ts";
import { linksOf } from "../../reconcile/compare/references.ts";
import { SelectionError, type Account } from "../account/account.ts";
import { calledBy, type FoundObject } from "../account/find.ts";
import { ownersIn } from "../account/owners.ts";

/** A tool is called for an object that refers to it. Throws `SelectionError` where the object does not. */
export async function checkAttached(account: Account, tool: FoundObject, object: FoundObject): Promise<void> {
  const { id, kind, isWhole } = object;
  // A list can lack what an object refers to.
  const read = isWhole === true ? undefined : await account.provider.read(kind.kind, id);
  const { live } = read === undefined ? object : { live: read };
  const links = linksOf(kind, live.spec).filter(({ rule }) => rule.to === tool.kind.kind);
  const ids = links.flatMap(({ value }) => (typeof value === "string" ? [value] : []));
  if (ids.includes(tool.id)) return;
  const ownerOf = await ownersIn(account);
  const names = [...new Set(ids)].map((one) => ownerOf(tool.kind.kind, one)?.address ?? one);
  throw new SelectionError(
    `${calledBy(tool)} is not attached to ${calledBy(object)}`,
    names.length === 0
      ? `it has no ${tool.kind.nouns.one}: refer to one in its manifest, and apply`
      : `its ${tool.kind.nouns.many}: ${listed(names)}`,
  );
}
