import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import { entriesIn, type LedgerEntry, type LedgerState } from "../../model/ledger.ts";
import type { LiveObject } from "../../model/provider.ts";
import { declaredParentId, type Desired } from "./desired.ts";
import { nameOf } from "./natural-name.ts";
import { grouped } from "../../model/grouped.ts";

export interface Known {
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly ledger: LedgerState | undefined;
  readonly objects: ReadonlyMap<string, readonly LiveObject[]>;
}

/** What the resources of one kind are matched by. */
export interface KindContext {
  readonly kind: Kind;
  readonly known: Known;
  readonly ids: ReadonlyMap<Address, string>;
  readonly entries: ReadonlyMap<Address, LedgerEntry>;
  readonly moves: ReadonlyMap<Address, Address>;
  readonly byId: ReadonlyMap<string, LiveObject>;
  /** The live objects that have the name of a resource. */
  readonly ofName: (desired: Desired) => readonly LiveObject[];
  /** Entries whose resource left the manifests. */
  readonly left: readonly (readonly [Address, LedgerEntry])[];
  /** Ids in ledger entries and in `lifecycle.import`. */
  readonly claimed: ReadonlySet<string>;
  readonly renamed: ReadonlyMap<string, Address>;
}

export function contextOf(
  declared: readonly Desired[],
  { kind, known, ids }: Pick<KindContext, "kind" | "known" | "ids">,
): KindContext {
  const objects = known.objects.get(kind.kind) ?? [];
  const byId = new Map(objects.map((object) => [object.id, object]));
  const byName = grouped(objects, ({ spec }) => nameOf(kind, spec));
  const ofName = (desired: Desired): readonly LiveObject[] => {
    if (kind.identity.singleton !== true) return byName.get(nameOf(kind, desired.spec)) ?? [];
    const object = byId.get(declaredParentId(kind, desired, ids) ?? "");
    return object === undefined ? [] : [object];
  };
  const entries = entriesOf(known.ledger, kind);
  const moves = movesOf(kind, known.desired, entries, ids);
  const imported = declared.flatMap(({ resource }) => resource.lifecycle.import?.id ?? []);
  const taken = new Set([...moves.values(), ...declared.map(({ resource }) => resource.address)]);
  const entryOf = (address: Address) => entries.get(moves.get(address) ?? address);
  return {
    kind,
    known,
    ids,
    entries,
    moves,
    byId,
    ofName,
    left: [...entries].filter(([address]) => !taken.has(address)),
    claimed: new Set([...[...entries.values()].map(({ id }) => id), ...imported]),
    renamed: renamedObjects(kind, declared, entryOf, byId),
  };
}

/** Live objects whose manifests give them another name, with the addresses of these. */
function renamedObjects(
  kind: Kind,
  declared: readonly Desired[],
  entryOf: (address: Address) => LedgerEntry | undefined,
  byId: ReadonlyMap<string, LiveObject>,
): ReadonlyMap<string, Address> {
  return new Map(
    declared.flatMap((desired) => {
      const { address } = desired.resource;
      const live = byId.get(entryOf(address)?.id ?? "");
      if (live === undefined || nameOf(kind, live.spec) === nameOf(kind, desired.spec)) return [];
      return [[live.id, address] as const];
    }),
  );
}

type ByKind<T> = ReadonlyMap<string, readonly T[]>;

const entriesByKind = new WeakMap<LedgerState["entries"], ByKind<readonly [Address, LedgerEntry]>>();
const desiredByKind = new WeakMap<Known["desired"], ByKind<Desired>>();

/** The entries of one kind; sorted by kind once for a ledger. */
function entriesOf(ledger: LedgerState | undefined, kind: Kind): ReadonlyMap<Address, LedgerEntry> {
  if (ledger === undefined) return new Map();
  const known =
    entriesByKind.get(ledger.entries) ?? grouped(entriesIn(ledger.entries), ([, entry]) => entry.kind);
  entriesByKind.set(ledger.entries, known);
  return new Map(known.get(kind.kind));
}

/** What is declared of one kind; sorted by kind once for a project. */
export function desiredOfKind(desired: Known["desired"], kind: Kind): readonly Desired[] {
  const known = desiredByKind.get(desired) ?? grouped([...desired.values()], ({ resource }) => resource.kind);
  desiredByKind.set(desired, known);
  return known.get(kind.kind) ?? [];
}

/** From new address to former one, for entries whose own manifest is gone. */
function movesOf(
  kind: Kind,
  desired: ReadonlyMap<Address, Desired>,
  entries: ReadonlyMap<Address, LedgerEntry>,
  ids: ReadonlyMap<Address, string>,
): ReadonlyMap<Address, Address> {
  const orphans = grouped(
    [...entries].filter(([address, { replaced }]) => !desired.has(address) && replaced !== true),
    ([, { id }]) => id,
  );
  const moves = desiredOfKind(desired, kind).flatMap((one) => {
    const { resource } = one;
    if (entries.has(resource.address)) return [];
    const former =
      resource.lifecycle.movedFrom.find((old) => entries.has(old) && !desired.has(old)) ??
      // A singleton keeps its entry when its manifest is renamed: its parent has at most one.
      (kind.identity.singleton === true
        ? orphans.get(declaredParentId(kind, one, ids) ?? "")?.[0]?.[0]
        : undefined);
    return former === undefined ? [] : [[resource.address, former] as const];
  });
  return new Map(moves);
}
