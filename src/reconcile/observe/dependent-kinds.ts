import type { Kind, ReferenceRule } from "../../model/kind.ts";

/**
 * A dependent child is an object, at most one under its parent, that a write to the parent may remove, such as a canary
 * of an assistant. This is the rule of the reference to the parent, where objects of a kind are dependent children.
 */
export function dependencyOf({ references }: Kind): ReferenceRule | undefined {
  return references.find(({ dependent }) => dependent === true);
}

/** The kinds whose objects are dependent children of objects of `parent`. */
export function dependentKinds(parent: string, kinds: ReadonlyMap<string, Kind>): readonly Kind[] {
  return [...kinds.values()].filter(
    (kind) => kind.identity.singleton === true && dependencyOf(kind)?.to === parent,
  );
}
