import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerEntry, LedgerState } from "../../model/ledger.ts";
import type { LiveObject } from "../../model/provider.ts";
import { declaredParentId, type Desired } from "./desired.ts";
import { importProblem, type ImportProblem } from "../compare/imports.ts";
import { nameOf } from "./natural-name.ts";
import { mayBeOurs } from "./open-creations.ts";
import { parentId, parentsFirst, referenceId } from "../../model/object-ids.ts";
import { contextOf, desiredOfKind, type KindContext, type Known } from "./match-context.ts";

/** One address with whatever is known of it: its manifest, its ledger entry, its live object. */
export interface Match {
  readonly address: Address;
  readonly kind: Kind;
  readonly desired?: Desired;
  readonly entry?: LedgerEntry;
  readonly live?: LiveObject;
  /**
   * The object of the ledger entry is gone, and other objects have its name. They are matched as if there were no entry:
   * what was applied to the former object does not apply to them.
   */
  readonly gone?: LedgerEntry;
  /** The ledger entry holds secrets in an older form. `entry` has them in the current form, which can be compared. */
  readonly isOutdated?: true;
  /** The ledger knows it under this former address. */
  readonly movedFrom?: Address;
  /** Its object is to be created or renamed, and this address, which left the manifests, has a live one of that name. */
  readonly rival?: Address;
  /** A live object that has the new name of this resource, without a manifest and without a ledger entry. */
  readonly nameTakenBy?: string;
  /** The live object of this other resource still has the name that this one is to have, and is to be renamed. */
  readonly holder?: Address;
  /** Ids of several live objects with its name: none is matched. */
  readonly candidates?: readonly string[];
  /** Its manifest names the live object by its id, and the ledger does not know it yet. */
  readonly isImported?: true;
  /** Why it cannot be the live object that its manifest names. */
  readonly importProblem?: ImportProblem;
}

/** Pairs manifests, ledger entries and live objects of all kinds, parents before what lives under them. */
export function match(kinds: readonly Kind[], known: Known): readonly Match[] {
  const matches: Match[] = [];
  const ids = new Map<Address, string>();
  for (const kind of parentsFirst(kinds)) {
    const found = matchKind(kind, known, ids);
    for (const one of found) matches.push(one);
    for (const [address, id] of idsOf(found)) ids.set(address, id);
  }
  return matches;
}

/** The ledger entry of an address, whether its object is live or not. */
export function knownIn({ entry, gone }: Match): LedgerEntry | undefined {
  return entry ?? gone;
}

/** The ids that others hold to refer to the matched objects. */
export function idsOf(matches: readonly Match[]): ReadonlyMap<Address, string> {
  return new Map(
    matches.flatMap(({ address, kind, live }) => {
      const id = live === undefined ? undefined : referenceId(kind, live.id);
      return id === undefined ? [] : [[address, id] as const];
    }),
  );
}

/** A plan matches listed objects, and again after reads. If the objects are the same, the match is reused. */
export function matchKind(kind: Kind, known: Known, ids: ReadonlyMap<Address, string>): readonly Match[] {
  const declared = desiredOfKind(known.desired, kind);
  // Everything else goes by the ids of parents, or by the objects of other kinds.
  const isAlone = kind.identity.parent === undefined && !declared.some(isTied);
  if (!isAlone) return matched(declared, kind, known, ids);
  const all = lastMatches.get(known.desired) ?? new Map<Kind, MatchedLast>();
  lastMatches.set(known.desired, all);
  const objects = known.objects.get(kind.kind) ?? [];
  const last = all.get(kind);
  if (last !== undefined && last.ledger === known.ledger && areSameObjects(last.objects, objects))
    return last.matches;
  const matches = matched(declared, kind, known, ids);
  all.set(kind, { ledger: known.ledger, objects, matches });
  return matches;
}

interface MatchedLast {
  readonly ledger: LedgerState | undefined;
  readonly objects: readonly LiveObject[];
  readonly matches: readonly Match[];
}

const lastMatches = new WeakMap<Known["desired"], Map<Kind, MatchedLast>>();

function isTied({ resource }: Desired): boolean {
  return resource.lifecycle.import !== undefined;
}

/** The same values in the same order. */
export function areSameObjects(one: readonly LiveObject[], other: readonly LiveObject[] | undefined): boolean {
  return one === other || (one.length === other?.length && one.every((object, at) => object === other[at]));
}

function matched(
  declared: readonly Desired[],
  kind: Kind,
  known: Known,
  ids: ReadonlyMap<Address, string>,
): readonly Match[] {
  const context = contextOf(declared, { kind, known, ids });
  const found = declared.map((desired) => matchOne(desired, context));
  const orphans = context.left.map(([address, entry]) =>
    withLive({ address, kind, entry }, context.byId.get(entry.id)),
  );
  return [...found, ...orphans].sort((a, b) => (a.address < b.address ? -1 : 1));
}

function matchOne(desired: Desired, context: KindContext): Match {
  const { kind, known, ids, entries, moves, byId, ofName, left, claimed, renamed } = context;
  const { address, lifecycle } = desired.resource;
  const movedFrom = moves.get(address);
  const entry = entries.get(movedFrom ?? address);
  const base = { address, kind, desired, ...(movedFrom === undefined ? {} : { movedFrom }) };
  const live = entry === undefined ? undefined : byId.get(entry.id);
  const named = lifecycle.import;
  if (named !== undefined && (entry?.id !== named.id || live === undefined))
    return { ...base, ...byImport(named.id, { desired, entry, live }, context) };
  if (entry !== undefined && live !== undefined)
    return { ...base, entry, live, ...(renamed.has(live.id) ? nameHolders(desired, context) : {}) };
  const namesakes = ofName(desired).filter((object) => isNamesake(kind, desired, object, ids));
  const rival = namesakes.length === 0 ? undefined : rivalOf(namesakes, left);
  const free = namesakes.filter(({ id }) => !claimed.has(id));
  const isOpen = free.length > 1 && mayBeOurs(kind, nameOf(kind, desired.spec), free, known.ledger?.intents);
  return {
    ...base,
    ...found(entry, isOpen ? [] : free),
    ...(rival === undefined ? {} : { rival: rival[0] }),
    ...holderOf(desired, context),
  };
}

/** Other objects that have the name that a live object is to get. */
function nameHolders(desired: Desired, context: KindContext): Pick<Match, "holder" | "rival" | "nameTakenBy"> {
  const { kind, ids, ofName, left, claimed } = context;
  const namesakes = ofName(desired).filter((object) => isNamesake(kind, desired, object, ids));
  const rival = rivalOf(namesakes, left);
  const foreign = namesakes.find(({ id }) => !claimed.has(id));
  return {
    ...holderOf(desired, context),
    ...(rival === undefined ? {} : { rival: rival[0] }),
    ...(foreign === undefined ? {} : { nameTakenBy: foreign.id }),
  };
}

/** The resource whose live object still has the name that this one is to have. */
function holderOf(desired: Desired, { ofName, renamed }: KindContext): Pick<Match, "holder"> {
  const holders = ofName(desired).flatMap(({ id }) => renamed.get(id) ?? []);
  const holder = holders.find((address) => address !== desired.resource.address);
  return holder === undefined ? {} : { holder };
}

interface Tied {
  readonly desired: Desired;
  readonly entry: LedgerEntry | undefined;
  /** The object of the entry. */
  readonly live: LiveObject | undefined;
}

/** What is known of an address whose manifest names its live object. */
function byImport(
  id: string,
  { desired, entry, live }: Tied,
  { kind, known, entries, ids }: KindContext,
): Pick<Match, "entry" | "gone" | "live" | "isImported" | "importProblem"> {
  const named = known.objects.get(kind.kind)?.find((object) => object.id === id);
  const parent = named === undefined ? undefined : parentId(kind, named.id);
  const problem = importProblem(id, {
    kind,
    spec: desired.spec,
    live: named,
    tied: live === undefined ? undefined : entry?.id,
    owner: [...entries].find(([, other]) => other.id === id && other !== entry)?.[0],
    isElsewhere: parent !== undefined && parent !== declaredParentId(kind, desired, ids),
    otherKind: [...known.objects].find(([, objects]) => objects.some((object) => object.id === id))?.[0],
  });
  if (problem !== undefined)
    return {
      ...(entry === undefined ? {} : { entry }),
      ...(live === undefined ? {} : { live }),
      importProblem: problem,
    };
  return {
    ...(entry === undefined ? {} : { gone: entry }),
    ...(named === undefined ? {} : { live: named }),
    isImported: true,
  };
}

function rivalOf(namesakes: readonly LiveObject[], left: readonly (readonly [Address, LedgerEntry])[]) {
  const ids = new Set(namesakes.map(({ id }) => id));
  return left.find(([, { id, replaced }]) => replaced !== true && ids.has(id));
}

/** What is known of an address whose own object is not live, by the objects of its name that no entry knows. */
function found(
  entry: LedgerEntry | undefined,
  namesakes: readonly LiveObject[],
): Pick<Match, "entry" | "gone" | "live" | "candidates"> {
  const [namesake, ...others] = namesakes;
  if (namesake === undefined) return entry === undefined ? {} : { entry };
  const gone = entry === undefined ? {} : { gone: entry };
  if (others.length === 0) return { ...gone, live: namesake };
  return { ...gone, candidates: namesakes.map(({ id }) => id).sort() };
}

function isNamesake(
  kind: Kind,
  desired: Desired,
  object: LiveObject,
  ids: ReadonlyMap<Address, string>,
): boolean {
  if (kind.identity.parent !== undefined) {
    const parent = declaredParentId(kind, desired, ids);
    if (parent === undefined || parent !== parentId(kind, object.id)) return false;
    if (kind.identity.singleton === true) return true;
  }
  const name = nameOf(kind, desired.spec);
  return name !== undefined && name === nameOf(kind, object.spec);
}

function withLive(base: Omit<Match, "live">, live: LiveObject | undefined): Match {
  return live === undefined ? base : { ...base, live };
}
