import type { Intent, LedgerEntry } from "../../model/ledger.ts";
import { dependencyOf } from "../observe/dependent-kinds.ts";
import type { Search } from "./locate.ts";
import { ownWrites } from "./own-writes.ts";

/**
 * This project removed a dependent child, such as a canary, if it is known that it wrote to the parent: the intent of that
 * write is closed, the API accepted it, or its values are live. Later runs may go on with the intent to restore the child.
 */
export function endedByParent(group: readonly Intent[], entry: LedgerEntry, search: Search): boolean {
  const last = group.findLast(({ action }) => action === "restore");
  const kind = search.provider.kinds.get(entry.kind);
  const rule = kind === undefined ? undefined : dependencyOf(kind);
  if (last === undefined || rule === undefined) return false;
  const writes = [...search.groups].flatMap(([address, intents]) =>
    intents
      .filter(({ kind: of, objectId, began }) => of === rule.to && objectId === entry.id && began >= last.began)
      .map((intent) => ({ address, intent })),
  );
  const parent = search.provider.kinds.get(rule.to);
  const isDone = ({ address, intent }: (typeof writes)[number]): boolean => {
    if (intent.accepted === true) return true;
    const live = search.places.get(address)?.live;
    return (
      live !== undefined &&
      parent !== undefined &&
      ownWrites({ baseline: undefined, live: live.spec }, [intent], parent).done > 0
    );
  };
  return writes.length === 0 || writes.some(isDone);
}
