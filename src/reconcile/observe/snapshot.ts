import type { Address } from "../../model/address.ts";
import { equal } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerEntry, LedgerState } from "../../model/ledger.ts";
import type { UnlistedKind } from "../../model/plan.ts";
import { answerOf, type LiveObject, type Provider, ProviderError } from "../../model/provider.ts";
import type { Desired } from "./desired.ts";
import { asFarAsTrusted, disagreement, sampleOf, type Disagreement, type Reading } from "./list-check.ts";
import { idsOf, matchKind, type Match } from "./match.ts";
import { declaredParentId, parentId, parentRule, parentsFirst } from "./object-ids.ts";

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
 * The objects of the kinds that the project does not use and that live under no others. That one of them cannot be listed
 * ends no plan: the key may not be for it.
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
  const { provider, desired, ledger } = sources;
  const early = listUnder(provider, kind, recordedParents(kind, ledger));
  // Prevents an unhandled rejection when reading the parents fails first.
  early.catch(() => undefined);
  const ids = (await parents)?.ids() ?? new Map<Address, string>();
  const late = listUnder(provider, kind, furtherParents(kind, sources, ids));
  const listed = (await Promise.all([early, late])).flat();
  const known = { desired, ledger, objects: new Map([[kind.kind, listed]]) };
  const objects = await verified(sources, kind, listed, matchKind(kind, known, ids));
  return {
    kind,
    objects,
    ids: () => idsOf(matchKind(kind, { ...known, objects: new Map([[kind.kind, objects]]) }, ids)),
  };
}

/** The same snapshot with some objects read again by id. An object that no longer exists is left out. */
export async function reread(
  provider: Provider,
  snapshot: Snapshot,
  which: readonly ObjectId[],
): Promise<Snapshot> {
  const fresh = await Promise.all(
    which.map(async ({ kind, id }) => ({ kind, id, object: await provider.read(kind, id) })),
  );
  const objects = new Map(snapshot.objects);
  for (const { kind, id, object } of fresh) {
    const others = (objects.get(kind) ?? []).filter((other) => other.id !== id);
    objects.set(kind, object === undefined ? others : [...others, object]);
  }
  return { ...snapshot, objects, read: new Set([...snapshot.read, ...which.map(readKey)]) };
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

/**
 * Reads what the ledger knows and the list lacks, what is in the way of a resource by its name, and as many of the
 * others as `reading` asks for. Where a read shows that the list is wrong about something that matters, every matched
 * object is read.
 */
async function verified(
  { provider, reading, read }: Sources,
  kind: Kind,
  listed: readonly LiveObject[],
  matches: readonly Match[],
): Promise<readonly LiveObject[]> {
  const one = async (id: string): Promise<Fetched> => {
    read.add(readKey({ kind: kind.kind, id }));
    return [id, await provider.read(kind.kind, id)];
  };
  const missing = new Set(
    matches.flatMap((match) => {
      const { entry, live, gone } = match;
      const lost = entry !== undefined && live === undefined ? [entry.id] : gone === undefined ? [] : [gone.id];
      return [...lost, ...unlistedImport(match), ...inTheWay(match, matches)];
    }),
  );
  const chosen = kind.identity.singleton === true ? [] : chosenOf(kind, matches, reading);
  const first = new Map(await Promise.all([...missing, ...chosen.map(({ id }) => id)].map(one)));
  const found = chosen.map((object) => disagreement(kind, object, first.get(object.id), matches));
  const suspects = found.some(({ isSerious }) => isSerious)
    ? suspectsOf(listed, matches, found).filter(({ id }) => !first.has(id))
    : [];
  const all = new Map([...first, ...(await Promise.all(suspects.map(({ id }) => one(id))))]);
  const untrusted = found.flatMap(({ undeclared }) => undeclared);
  const trusted = untrusted.length === 0 ? listed : asTrusted(kind, { listed, matches, untrusted });
  return withRead(trusted, all);
}

interface Trust {
  readonly listed: readonly LiveObject[];
  readonly matches: readonly Match[];
  readonly untrusted: readonly (readonly string[])[];
}

function asTrusted(kind: Kind, { listed, matches, untrusted }: Trust): readonly LiveObject[] {
  const kept = new Map(
    matches.flatMap((match) => {
      const object = asFarAsTrusted(kind, match, untrusted);
      return object === undefined ? [] : [[object.id, object] as const];
    }),
  );
  return listed.map((object) => kept.get(object.id) ?? object);
}

/** The list with objects as read, without those that no longer exist; objects that were not listed come last. */
function withRead(
  listed: readonly LiveObject[],
  read: ReadonlyMap<string, LiveObject | undefined>,
): readonly LiveObject[] {
  const ids = new Set(listed.map(({ id }) => id));
  const further = [...read].filter(([id]) => !ids.has(id));
  return [
    ...listed.flatMap((object) => (read.has(object.id) ? asListed(object, read.get(object.id)) : [object])),
    ...further.flatMap(([, object]) => object ?? []),
  ];
}

/** The listed value if the read agrees with it, so that nothing is compared twice. */
function asListed(listed: LiveObject, read: LiveObject | undefined): readonly LiveObject[] {
  if (read === undefined) return [];
  return [isSameObject(listed, read) ? listed : read];
}

/** Every member is equal. */
export function isSameObject(one: LiveObject, other: LiveObject): boolean {
  const { spec, ...rest } = one;
  const { spec: otherSpec, ...others } = other;
  return equal(rest, others) && equal(spec, otherSpec);
}

/** Objects whose name prevents a creation; some of them may no longer exist. */
function inTheWay({ candidates = [], rival }: Match, matches: readonly Match[]): readonly string[] {
  const entry = rival === undefined ? undefined : matches.find(({ address }) => address === rival)?.entry;
  return entry === undefined ? candidates : [...candidates, entry.id];
}

/** The imported id if no list has it. An id that is not possible for this kind is not read. */
function unlistedImport({ kind, desired, importProblem }: Match): readonly string[] {
  const id = desired?.resource.lifecycle.import?.id;
  const isPossible = kind.identity.singleton === true || !isNested(kind) || id?.includes("/") === true;
  return id !== undefined && importProblem?.what === "not-live" && isPossible ? [id] : [];
}

type Fetched = readonly [id: string, object: LiveObject | undefined];

function chosenOf(kind: Kind, matches: readonly Match[], reading: Reading): readonly LiveObject[] {
  if (reading.mode === "lists") return [];
  if (reading.mode === "sample") return sampleOf(kind, matches, reading.turn);
  return matches.flatMap(({ live }) => live ?? []);
}

/** Matched objects; all objects if a name is wrong and a resource has no object. */
function suspectsOf(
  listed: readonly LiveObject[],
  matches: readonly Match[],
  found: readonly Disagreement[],
): readonly LiveObject[] {
  const isSought = matches.some(({ live, desired }) => live === undefined && desired !== undefined);
  if (isSought && found.some(({ isName }) => isName)) return listed;
  return matches.flatMap(({ live }) => live ?? []);
}
