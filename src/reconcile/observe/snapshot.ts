import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerEntry, LedgerState } from "../../model/ledger.ts";
import type { UnlistedKind } from "../../model/plan.ts";
import { answerOf, type LiveObject, type Provider, ProviderError } from "../../model/provider.ts";
import { declaredParentId, type Desired } from "./desired.ts";
import type { Reading } from "./list-check.ts";
import { idsOf, matchKind } from "./match.ts";
import { parentId, parentRule, parentsFirst } from "../../model/object-ids.ts";
import { isSameObject, verifyList } from "./verify-list.ts";

/** What was read from the API for one plan. */
export interface Snapshot {
  readonly objects: ReadonlyMap<string, readonly LiveObject[]>;
  /** Objects that were read by id, see `wasRead`. */
  readonly read: ReadonlySet<string>;
  /** Kinds that the project does not use and that could not be listed, and why. */
  readonly unlisted?: readonly UnlistedKind[];
}

interface ObjectId {
  readonly kind: string;
  readonly id: string;
}

/** An object that was read by id is complete and current. A child object may have the id of its parent. */
export function wasRead({ read }: Snapshot, object: ObjectId): boolean {
  return read.has(readKey(object));
}

function readKey({ kind, id }: ObjectId): string {
  return `${kind} ${id}`;
}

/**
 * Reads the live objects of every kind that is declared or in the ledger: lists each kind, and reads by id what the list
 * cannot be trusted for, as far as `reading` asks for it. "Not in the list" is verified by a read. Requests run side by
 * side, except for children of an object whose id is not known before. The other kinds are listed as well, to know what
 * nobody manages and what refers to managed objects.
 */
export async function takeSnapshot(
  provider: Provider,
  desired: ReadonlyMap<Address, Desired>,
  ledger: LedgerState | undefined,
  reading: Reading,
): Promise<Snapshot> {
  const read = new Set<string>();
  const sources: Sources = { provider, desired, ledger, reading, read };
  const used = usedKinds(sources);
  const others = listOthers(provider, used);
  // Prevents an unhandled rejection when a used kind fails first.
  others.catch(() => undefined);
  const kinds = parentsFirst(used);
  const gathered = new Map<string, Promise<Gathered>>();
  for (const kind of kinds) {
    const parents = gathered.get(parentRule(kind)?.to ?? "");
    gathered.set(kind.kind, gather(kind, sources, parents));
  }
  const all = await Promise.all(gathered.values());
  const { lists, unlisted } = await others;
  return {
    objects: new Map([...all.map(({ kind, objects }) => [kind.kind, objects] as const), ...lists]),
    read,
    ...(unlisted.length > 0 && { unlisted }),
  };
}

interface OtherKinds {
  readonly lists: readonly (readonly [kind: string, objects: readonly LiveObject[]])[];
  readonly unlisted: readonly UnlistedKind[];
}

/**
 * The objects of the kinds that the project does not use and that live under no others. If one of these kinds cannot
 * be listed, the plan goes on: the key may lack the permission.
 */
async function listOthers({ kinds, list }: Provider, used: readonly Kind[]): Promise<OtherKinds> {
  const others = [...kinds.values()].filter((kind) => !used.includes(kind) && !isNested(kind));
  const results = await Promise.all(
    others.map(async ({ kind }) => {
      try {
        return [kind, await list(kind)] as const;
      } catch (error) {
        if (!(error instanceof ProviderError) || error.failure.reason === "authentication") throw error;
        return { kind, why: answerOf(error.failure) };
      }
    }),
  );
  return {
    lists: results.flatMap((one) => ("why" in one ? [] : [one])),
    unlisted: results.flatMap((one) => ("why" in one ? [one] : [])),
  };
}

interface Sources {
  readonly provider: Provider;
  readonly desired: ReadonlyMap<Address, Desired>;
  readonly ledger: LedgerState | undefined;
  readonly reading: Reading;
  /** Objects that were read by id so far. */
  readonly read: Set<string>;
}

interface Gathered {
  readonly kind: Kind;
  readonly objects: readonly LiveObject[];
  /** Ids of the objects of this kind by their address; made for the kinds that live under it. */
  readonly ids: () => ReadonlyMap<Address, string>;
}

async function gather(kind: Kind, sources: Sources, parents: Promise<Gathered> | undefined): Promise<Gathered> {
  const { provider, desired, ledger, reading, read } = sources;
  const early = listUnder(provider, kind, recordedParents(kind, ledger));
  // Prevents an unhandled rejection when reading the parents fails first.
  early.catch(() => undefined);
  const ids = (await parents)?.ids() ?? new Map<Address, string>();
  const late = listUnder(provider, kind, furtherParents(kind, sources, ids));
  const listed = (await Promise.all([early, late])).flat();
  const known = { desired, ledger, objects: new Map([[kind.kind, listed]]) };
  const listing = { kind, listed, matches: matchKind(kind, known, ids) };
  const objects = await verifyList(listing, reading, (id) => {
    read.add(readKey({ kind: kind.kind, id }));
    return provider.read(kind.kind, id);
  });
  return {
    kind,
    objects,
    ids: () => idsOf(matchKind(kind, { ...known, objects: new Map([[kind.kind, objects]]) }, ids)),
  };
}

/**
 * The same snapshot with some objects read again by id. An object that no longer exists is left out. `objects` stays the
 * same value if the reads agree with it.
 */
export async function reread(
  provider: Provider,
  snapshot: Snapshot,
  which: readonly ObjectId[],
): Promise<Snapshot> {
  const fresh = await Promise.all(
    which.map(async ({ kind, id }) => ({ kind, id, object: await provider.read(kind, id) })),
  );
  const read = new Set([...snapshot.read, ...which.map(readKey)]);
  const news = fresh.filter(({ kind, id, object }) => !isKnown(snapshot, { kind, id }, object));
  if (news.length === 0) return { ...snapshot, read };
  const objects = new Map(snapshot.objects);
  for (const { kind, id, object } of news) {
    const others = (objects.get(kind) ?? []).filter((other) => other.id !== id);
    objects.set(kind, object === undefined ? others : [...others, object]);
  }
  return { ...snapshot, objects, read };
}

function isKnown({ objects }: Snapshot, { kind, id }: ObjectId, object: LiveObject | undefined): boolean {
  const known = objects.get(kind)?.find((other) => other.id === id);
  return known === undefined || object === undefined ? known === object : isSameObject(known, object);
}

function usedKinds({ provider, desired, ledger }: Sources): readonly Kind[] {
  const used = new Set([
    ...[...desired.values()].map(({ resource }) => resource.kind),
    ...entriesIn(ledger).map(({ kind }) => kind),
  ]);
  for (const kind of provider.kinds.values()) {
    if (used.has(kind.kind) && isNested(kind)) used.add(parentRule(kind)?.to ?? kind.kind);
  }
  return [...provider.kinds.values()].filter(({ kind }) => used.has(kind));
}

function entriesIn(ledger: LedgerState | undefined): readonly LedgerEntry[] {
  return Object.values<LedgerEntry>(ledger?.entries ?? {});
}

function isNested(kind: Kind): boolean {
  return kind.identity.parent !== undefined;
}

/** Ids of objects under which the ledger knows something of this kind; a kind that lives under none has one listing. */
function recordedParents(kind: Kind, ledger: LedgerState | undefined): ReadonlySet<string | undefined> {
  if (!isNested(kind)) return new Set([undefined]);
  const entries = entriesIn(ledger).filter((entry) => entry.kind === kind.kind);
  return new Set(entries.map(({ id }) => parentId(kind, id) ?? "").filter((id) => id !== ""));
}

/** Ids of the other objects under which something of this kind is declared. */
function furtherParents(
  kind: Kind,
  { desired, ledger }: Sources,
  ids: ReadonlyMap<Address, string>,
): ReadonlySet<string> {
  if (!isNested(kind)) return new Set();
  const recorded = recordedParents(kind, ledger);
  const declared = [...desired.values()]
    .filter(({ resource }) => resource.kind === kind.kind)
    .map((one) => declaredParentId(kind, one, ids) ?? "");
  return new Set(declared.filter((id) => id !== "" && !recorded.has(id)));
}

async function listUnder(
  provider: Provider,
  kind: Kind,
  parents: ReadonlySet<string | undefined>,
): Promise<readonly LiveObject[]> {
  const lists = [...parents].map(async (parent): Promise<readonly LiveObject[]> => {
    if (kind.identity.singleton !== true || parent === undefined) return provider.list(kind.kind, parent);
    const object = await provider.read(kind.kind, parent);
    return object === undefined ? [] : [object];
  });
  return (await Promise.all(lists)).flat();
}
