import type { Kind } from "./kind.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { LiveObject } from "./provider.ts";

/** Kinds in an order in which a parent's kind comes before its children's. */
export function parentsFirst(kinds: readonly Kind[]): readonly Kind[] {
  const byName = new Map(kinds.map((kind) => [kind.kind, kind]));
  const depth = (kind: Kind): number => {
    const parent = byName.get(parentRule(kind)?.to ?? "");
    return parent === undefined || parent === kind ? 0 : 1 + depth(parent);
  };
  return [...kinds].sort((a, b) => depth(a) - depth(b));
}

/** The rule of the reference to the object that objects of this kind live under. */
export function parentRule(kind: Kind) {
  return kind.references.find(({ at }) => at === kind.identity.parent);
}

/** The own part of an id: what other objects hold to refer to this one. */
export function ownId(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** The id of the parent in an id, `parent/own`. */
export function parentPart(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf("/")));
}

/** What other objects hold to refer to this one; a singleton has the id of its parent, and nothing refers to it. */
export function referenceId(kind: Kind, id: string): string | undefined {
  return kind.identity.singleton === true ? undefined : ownId(id);
}

/** The id of the object that an object lives under. */
export function parentId(kind: Kind, id: string): string | undefined {
  if (kind.identity.parent === undefined) return undefined;
  return kind.identity.singleton === true ? id : parentPart(id);
}

/** Which version of an object is main, for the ledger; a version's own entry does not tell which its siblings are. */
export function versionOf(kind: Kind, { versionId }: LiveObject): Pick<LedgerEntry, "versionId"> {
  return versionId === undefined || kind.identity.parent !== undefined ? {} : { versionId };
}
