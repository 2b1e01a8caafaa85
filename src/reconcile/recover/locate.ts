import type { Address } from "../../model/address.ts";
import { equal } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { entriesIn, type Intent, type LedgerEntry, type LedgerState } from "../../model/ledger.ts";
import type { LiveObject, Provider } from "../../model/provider.ts";
import { hintsOf } from "../compare/hints.ts";
import { withLiveDigests } from "../compare/outdated-digests.ts";
import { byAddress, isSuperseded, makesObject } from "./intents.ts";
import { ownId, parentRule, parentsFirst } from "../../model/object-ids.ts";
import { nameOf } from "../observe/natural-name.ts";
import { isAsMeant, isSameThing, resolvedIntent } from "./own-writes.ts";
import { parentIn, resolve } from "../compare/references.ts";

/** How an object was found: by the id in the ledger, by the id that the API answered, or only by its name. */
export type Via = "entry" | "answer" | "name";

export interface Place {
  readonly live?: LiveObject;
  readonly via?: Via;
}

export interface Search {
  readonly provider: Provider;
  readonly groups: ReadonlyMap<Address, readonly Intent[]>;
  readonly entries: ReadonlyMap<Address, LedgerEntry>;
  readonly places: Map<Address, Place>;
  readonly ids: Map<Address, string>;
  readonly list: (kind: string, parent: string | undefined) => Promise<readonly LiveObject[]>;
  readonly isManaged: (address: Address) => boolean;
  /** Addresses with creations that were given up for others: several objects of a name can be ours. */
  readonly superseded: ReadonlySet<Address>;
}

export function newSearch(
  provider: Provider,
  state: LedgerState,
  intents: readonly Intent[],
  isManaged: Search["isManaged"],
): Search {
  const [writes, others] = [intents.filter((one) => !isSuperseded(one)), intents.filter(isSuperseded)];
  const entries = new Map(entriesIn(state.entries));
  const lists = new Map<string, Promise<readonly LiveObject[]>>();
  const list: Search["list"] = (kind, parent) => {
    const key = `${kind} ${parent ?? ""}`;
    const known = lists.get(key) ?? provider.list(kind, parent);
    lists.set(key, known);
    return known;
  };
  return {
    provider,
    groups: byAddress(writes),
    entries,
    places: new Map(),
    ids: new Map([...entries].map(([address, { id }]) => [address, ownId(id)])),
    list,
    isManaged,
    superseded: new Set(others.map(({ address }) => address)),
  };
}

/** Kinds by depth: parents are located before their children. */
export function ranks({ kinds }: Provider): readonly ReadonlySet<string>[] {
  const [all, result] = [parentsFirst([...kinds.values()]), [] as Set<string>[]];
  const depth = new Map<string, number>();
  for (const kind of all) {
    const parent = parentRule(kind)?.to;
    const rank = parent === undefined ? 0 : (depth.get(parent) ?? -1) + 1;
    depth.set(kind.kind, rank);
    (result[rank] ??= new Set()).add(kind.kind);
  }
  return result;
}

export async function locate(address: Address, group: readonly Intent[], search: Search): Promise<Place> {
  const { provider } = search;
  const kind = provider.kinds.get(group[0]?.kind ?? "");
  if (kind === undefined) return {};
  const entry = entryAt(address, group, search);
  const creations = group.filter(makesObject);
  if (entry !== undefined && !creations.some(({ replaces }) => replaces === entry.id)) {
    const live = await provider.read(kind.kind, entry.id);
    if (live !== undefined) return { live, via: "entry" };
  }
  const ids = [...new Set(group.flatMap(({ objectId }) => objectId ?? []))];
  for (const id of ids.filter((one) => one !== entry?.id).reverse()) {
    const live = await provider.read(kind.kind, id);
    if (live !== undefined) return { live, via: "answer" };
  }
  const unanswered = creations.filter(({ action, objectId }) => action === "create" && objectId === undefined);
  const live = await namesake(kind, unanswered.at(-1), search);
  return live === undefined ? {} : { live, via: "name" };
}

type Placed = readonly [Address, Place];

/** An object has one address: a match by name is dropped if another address has the same object. */
export function eachOnce(found: readonly Placed[]): readonly Placed[] {
  const taken = new Set(found.flatMap(([, { live, via }]) => (via === "name" || !live ? [] : [live.id])));
  return found.map(([address, place]): Placed => {
    const { live, via } = place;
    if (live === undefined || via !== "name") return [address, place];
    if (taken.has(live.id)) return [address, {}];
    taken.add(live.id);
    return [address, place];
  });
}

export function entryAt(
  address: Address,
  group: readonly Intent[],
  { entries }: Search,
): LedgerEntry | undefined {
  const former = group.findLast(({ movedFrom }) => movedFrom !== undefined)?.movedFrom;
  return entries.get(address) ?? (former === undefined ? undefined : entries.get(former));
}

/** The object with that name that is in no ledger entry. */
async function namesake(
  kind: Kind,
  creation: Intent | undefined,
  search: Search,
): Promise<LiveObject | undefined> {
  if (creation === undefined) return undefined;
  const { provider, entries, ids, list } = search;
  const after = resolve(kind, creation.after ?? {}, (address) => ids.get(address));
  const parent = parentIn(kind, after);
  if (kind.identity.parent !== undefined && parent === undefined) return undefined;
  if (kind.identity.singleton === true)
    return parent === undefined ? undefined : provider.read(kind.kind, parent);
  const known = new Set([...entries.values()].filter((entry) => entry.kind === kind.kind).map(({ id }) => id));
  const name = nameOf(kind, after);
  const listed = await list(kind.kind, parent);
  const found = listed.filter(({ id, spec }) => !known.has(id) && equal(nameOf(kind, spec), name));
  const [only, ...others] = await Promise.all(found.map(({ id: own }) => provider.read(kind.kind, own)));
  return others.length === 0 ? only : likeliest(kind, creation, [only, ...others], search);
}

/**
 * Of several objects with the name of a creation, the one that looks most like it. What is not managed can only be
 * deleted or looked at, and the key of the creation then tells which of them this project made. Otherwise the plan chooses.
 */
function likeliest(
  kind: Kind,
  creation: Intent,
  found: readonly (LiveObject | undefined)[],
  { ids, isManaged, superseded }: Search,
): LiveObject | undefined {
  const isLeft = isManaged(creation.address) || kind.createsWithoutKey === true;
  if (isLeft && !superseded.has(creation.address)) return undefined;
  const hints = hintsOf(kind);
  const intent = resolvedIntent(creation, kind, (address) => ids.get(address));
  const alike = (isAlike: typeof isAsMeant) => (live: LiveObject | undefined) =>
    live !== undefined &&
    isAlike(live.spec, withLiveDigests(intent, live.spec, hints, true).after ?? {}, hints);
  return found.find(alike(isAsMeant)) ?? found.find(alike(isSameThing));
}
