import type { IsIgnored } from "../../model/ignored.ts";
import type { Json } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { ForeignObject } from "../../model/plan.ts";
import type { LiveObject } from "../../model/provider.ts";
import type { Match } from "./match.ts";
import { parentId, parentRule } from "../../model/object-ids.ts";
import { nameOf } from "./natural-name.ts";
import type { Snapshot } from "./snapshot.ts";

interface Foreign {
  readonly kind: Kind;
  readonly object: LiveObject;
}

/** The live objects that no manifest declares and no ledger entry knows. */
export function foreignIn(
  matches: readonly Match[],
  snapshot: Snapshot,
  kinds: ReadonlyMap<string, Kind>,
): readonly Foreign[] {
  const ours = new Set(
    matches.flatMap(({ kind, live }) => (live === undefined ? [] : [`${kind.kind} ${live.id}`])),
  );
  return [...snapshot.objects].flatMap(([name, objects]) => {
    const kind = kinds.get(name);
    if (kind === undefined) return [];
    return objects.filter(({ id }) => !ours.has(`${name} ${id}`)).map((object) => ({ kind, object }));
  });
}

/** Those that the project does not leave alone. */
export function withoutIgnored(
  foreign: readonly Foreign[],
  { objects }: Snapshot,
  {
    kinds,
    isIgnored,
  }: { readonly kinds: ReadonlyMap<string, Kind>; readonly isIgnored?: IsIgnored | undefined },
): readonly Foreign[] {
  if (isIgnored === undefined) return foreign;
  return foreign.filter(({ kind, object }) => {
    const name = nameOf(kind, object.spec) ?? parentName(kind, object);
    return typeof name !== "string" || !isIgnored(kind.kind, name);
  });

  /** What has no name goes by that of the object that it lives under. */
  function parentName(kind: Kind, { id }: LiveObject): Json | undefined {
    const above = kinds.get(parentRule(kind)?.to ?? "");
    const parent = objects.get(above?.kind ?? "")?.find((one) => one.id === parentId(kind, id));
    return above === undefined || parent === undefined ? undefined : nameOf(above, parent.spec);
  }
}

/** Former versions of a managed object are its history, not somebody else's property. */
export function foreignCounts(foreign: readonly Foreign[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { kind } of foreign) {
    if (kind.identity.parent === undefined) counts.set(kind.kind, (counts.get(kind.kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort());
}

export function foreignObject(kind: Kind, { id, spec }: LiveObject): ForeignObject {
  const name = nameOf(kind, spec);
  return { kind: kind.kind, id, ...(typeof name === "string" ? { name } : {}) };
}
