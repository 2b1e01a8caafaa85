import type { Address } from "../model/address.ts";
import { fold } from "../model/fold.ts";
import { equal } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import {
  replacedAddress,
  type Fact,
  type Intent,
  type LedgerEntry,
  type LedgerState,
} from "../model/ledger.ts";
import type { LiveObject, Provider } from "../model/provider.ts";
import type { Resource } from "../model/resource.ts";
import { canonical } from "./canonical.ts";
import { desiredOf, type Desired } from "./desired.ts";
import { leafDifferences } from "./difference.ts";
import { hintsOf } from "./hints.ts";
import { byAddress, standingIntents } from "./intents.ts";
import { nameOf, ownId, parentRule, parentsFirst, versionOf } from "./match.ts";
import { isAsMeant, ownWrites, resolvedIntent } from "./own-writes.ts";
import { withLiveDigests } from "./outdated-digests.ts";
import { parentIn, resolve } from "./references.ts";
import { declares } from "./threeway.ts";

/** What became of what a run set out to do at one address. */
interface Recovered {
  readonly address: Address;
  readonly what: "created" | "found by its name" | "updated" | "moved" | "deleted" | "not done";
}

export interface Recovery {
  /** Who started the last run that did not come to its end, and when. */
  readonly who: string;
  readonly began: string;
  readonly recovered: readonly Recovered[];
  /** What the ledger is to learn. Intents that are not closed stay: their keys and values may be needed again. */
  readonly facts: readonly Fact[];
}

/**
 * Finds out what interrupted runs did after their last commit, by looking at the live objects: a creation by the id
 * that was answered, otherwise by its name; an update by its values, path by path; a deletion by the absence of its
 * object. What is found by nothing but its name is left to the plan, which adopts it, where a manifest declares all that
 * it was meant to have; otherwise it is taken into the ledger, so that nothing of it is forgotten. Writes nothing.
 */
export async function recover(
  provider: Provider,
  state: LedgerState,
  resources: readonly Resource[],
): Promise<Recovery | undefined> {
  const intents = standingIntents(state);
  const last = intents.at(-1);
  if (last === undefined) return undefined;
  const deletions = await Promise.all(
    intents.filter(({ action }) => action === "delete").map((intent) => deletion(intent, provider, state)),
  );
  const rest = fold(
    state,
    deletions.flatMap(({ facts }) => facts),
  );
  const writes = standingIntents(rest).filter(({ action }) => action !== "delete");
  const search = newSearch(provider, rest, writes);
  for (const kinds of ranks(provider)) {
    const groups = [...search.groups].filter(([, [first]]) => kinds.has(first?.kind ?? ""));
    const found = await Promise.all(
      groups.map(async ([address, group]) => [address, await locate(address, group, search)] as const),
    );
    for (const [address, place] of found) {
      search.places.set(address, place);
      if (place.live !== undefined) search.ids.set(address, ownId(place.live.id));
    }
  }
  const desired = desiredOf(resources, provider.kinds);
  const judged = [...search.groups].map(([address, group]) => {
    const { live, via } = search.places.get(address) ?? {};
    return via === "name" && live !== undefined && isLeftToPlan(group, live, desired.get(address), provider)
      ? byName(address)
      : judge(address, group, search);
  });
  const findings = [...deletions, ...judged];
  return {
    who: last.who,
    began: last.began,
    recovered: findings.map(({ recovered }) => recovered),
    facts: findings.flatMap(({ facts }) => facts),
  };
}

async function deletion(intent: Intent, provider: Provider, state: LedgerState): Promise<Finding> {
  const { address, kind, objectId } = intent;
  const isLive = objectId !== undefined && (await provider.read(kind, objectId)) !== undefined;
  if (isLive || objectId === undefined) return nothing(address);
  const at = [address, replacedAddress(address)].find((one) => state.entries[one]?.id === objectId);
  const about = (state.intents ?? []).filter((one) => one.kind === kind && one.objectId === objectId);
  return {
    recovered: { address, what: "deleted" },
    facts: [
      ...(at === undefined ? [] : [{ fact: "forgotten" as const, address: at }]),
      { fact: "closed", intents: about.map(({ id }) => id) },
    ],
  };
}

/** The state as it will be once the recovery is committed; nothing is committed yet, so its serial stays. */
export function recoveredState(state: LedgerState, recovery: Recovery | undefined): LedgerState {
  if (recovery === undefined || recovery.facts.length === 0) return state;
  return { ...fold(state, recovery.facts), serial: state.serial };
}

/** How an object was found: by what the ledger or the API said of it, or by nothing but its name. */
type Via = "entry" | "answer" | "name";

interface Place {
  readonly live?: LiveObject;
  readonly via?: Via;
}

interface Search {
  readonly provider: Provider;
  readonly groups: ReadonlyMap<Address, readonly Intent[]>;
  readonly entries: ReadonlyMap<Address, LedgerEntry>;
  readonly places: Map<Address, Place>;
  readonly ids: Map<Address, string>;
  readonly list: (kind: string, parent: string | undefined) => Promise<readonly LiveObject[]>;
}

function newSearch(provider: Provider, state: LedgerState, intents: readonly Intent[]): Search {
  const entries = new Map(Object.entries(state.entries) as [Address, LedgerEntry][]);
  const lists = new Map<string, Promise<readonly LiveObject[]>>();
  const list: Search["list"] = (kind, parent) => {
    const key = `${kind} ${parent ?? ""}`;
    const known = lists.get(key) ?? provider.list(kind, parent);
    lists.set(key, known);
    return known;
  };
  return {
    provider,
    groups: byAddress(intents),
    entries,
    places: new Map(),
    ids: new Map([...entries].map(([address, { id }]) => [address, ownId(id)])),
    list,
  };
}

/** Kinds by how deep they live: parents are found before what lives under them. */
function ranks({ kinds }: Provider): readonly ReadonlySet<string>[] {
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

async function locate(address: Address, group: readonly Intent[], search: Search): Promise<Place> {
  const { provider } = search;
  const kind = provider.kinds.get(group[0]?.kind ?? "");
  if (kind === undefined) return {};
  const entry = entryAt(address, group, search);
  const creations = group.filter(({ action }) => action === "create" || action === "ensure");
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

function entryAt(address: Address, group: readonly Intent[], { entries }: Search): LedgerEntry | undefined {
  const former = group.findLast(({ movedFrom }) => movedFrom !== undefined)?.movedFrom;
  return entries.get(address) ?? (former === undefined ? undefined : entries.get(former));
}

/** The one object of that name that no ledger entry knows. */
async function namesake(
  kind: Kind,
  creation: Intent | undefined,
  { provider, entries, ids, list }: Search,
): Promise<LiveObject | undefined> {
  if (creation === undefined) return undefined;
  const after = resolve(kind, creation.after ?? {}, (address) => ids.get(address));
  const parent = parentIn(kind, after);
  if (kind.identity.parent !== undefined && parent === undefined) return undefined;
  if (kind.identity.singleton === true)
    return parent === undefined ? undefined : provider.read(kind.kind, parent);
  const known = new Set([...entries.values()].filter((entry) => entry.kind === kind.kind).map(({ id }) => id));
  const name = nameOf(kind, after);
  const listed = await list(kind.kind, parent);
  const found = listed.filter(({ id, spec }) => !known.has(id) && equal(nameOf(kind, spec), name));
  const [only] = found;
  return found.length === 1 && only !== undefined ? provider.read(kind.kind, only.id) : undefined;
}

interface Finding {
  readonly recovered: Recovered;
  readonly facts: readonly Fact[];
}

function judge(address: Address, group: readonly Intent[], search: Search): Finding {
  const kind = search.provider.kinds.get(group[0]?.kind ?? "");
  const { live, via } = search.places.get(address) ?? {};
  if (kind === undefined) return nothing(address);
  const entry = entryAt(address, group, search);
  if (live === undefined) return gone(address, group, entry, search);
  if (isElsewhere(live, kind, [address, formerAddress(group, address)], search)) return overAt(address, group);
  if (via === "answer" && isNameless(group, kind)) return nothing(address);
  const hints = hintsOf(kind);
  const intents = group
    .map((intent) => resolvedIntent(intent, kind, (target) => search.ids.get(target)))
    // What is found by its name is not deleted without proof: a secret that cannot be compared does not hide it.
    .map((intent) => withLiveDigests(intent, live.spec, hints, via === "name"));
  if (via === "name" && !isAsMeant(live.spec, intents.at(-1)?.after ?? {}, hints)) return nothing(address);
  const baseline = via === "entry" ? entry : undefined;
  const own = ownWrites({ baseline, live: live.spec }, intents, kind);
  const isNew = baseline === undefined;
  const creates = group.some(({ action }) => action === "create" || action === "ensure");
  if (own.done === 0 && !(isNew && creates)) return nothing(address);
  const protect = group.at(-1)?.protect === true || (!isNew && entry?.protect === true);
  const settled: LedgerEntry = {
    ...(isNew ? {} : entry),
    kind: kind.kind,
    id: live.id,
    applied: own.applied,
    observed: own.observed,
    ...versionOf(kind, live),
    ...(protect ? { protect: true as const } : {}),
    ...(via === "name" && kind.createsWithoutKey !== true ? { found: true as const } : {}),
  };
  // The key of its creation tells whose an object is that was found by its name.
  const isOver = own.missing === 0 && settled.found !== true;
  const closings = isOver ? [closing(group)] : [];
  if (!isNew && equal(own.applied, entry?.applied) && equal(own.observed, entry?.observed))
    return { recovered: { address, what: "updated" }, facts: closings };
  const what = via === "name" ? "found by its name" : isNew && creates ? "created" : "updated";
  const fact = via === "name" ? ("adopted" as const) : ("observed" as const);
  const at = !isNew && search.entries.get(address) === undefined ? formerAddress(group, address) : address;
  return {
    recovered: { address, what },
    facts: [...replacedBy(address, group, search), { fact, address: at, entry: settled }, ...closings],
  };
}

/** An id alone does not say which object was made: whoever writes the ledger can name any. */
function isNameless(group: readonly Intent[], kind: Kind): boolean {
  const isCreated = group.some(({ action }) => action === "create");
  if (kind.identity.name === undefined || !isCreated) return false;
  return group.every(({ after }) => nameOf(kind, after ?? {}) === undefined);
}

/** The ledger knows the object under another address by now: it was moved. */
function isElsewhere({ id }: LiveObject, kind: Kind, own: readonly Address[], { entries }: Search): boolean {
  return [...entries].some(
    ([address, entry]) => entry.kind === kind.kind && entry.id === id && !own.includes(address),
  );
}

function overAt(address: Address, group: readonly Intent[]): Finding {
  return { recovered: { address, what: "moved" }, facts: [closing(group)] };
}

/**
 * Whether the plan can see to an object that was found by its name, as it does to any object of that name: nothing that
 * was meant for it would be left over, and no other object stands in its place.
 */
function isLeftToPlan(
  group: readonly Intent[],
  live: LiveObject,
  desired: Desired | undefined,
  { kinds }: Provider,
): boolean {
  const [first] = group;
  const kind = kinds.get(first?.kind ?? "");
  if (desired === undefined || kind === undefined) return false;
  if (group.some(({ replaces }) => replaces !== undefined)) return false;
  // The plan looks for the name that is declared by now.
  if (!equal(nameOf(kind, desired.spec), nameOf(kind, live.spec))) return false;
  const hints = hintsOf(kind);
  return group.every(({ after }) =>
    leafDifferences({}, canonical(after, hints)).every(({ path }) => declares(desired.spec, path, hints)),
  );
}

/** The plan adopts it as it does any object of that name. */
function byName(address: Address): Finding {
  return { recovered: { address, what: "found by its name" }, facts: [] };
}

function nothing(address: Address): Finding {
  return { recovered: { address, what: "not done" }, facts: [] };
}

function closing(group: readonly Intent[]): Fact {
  return { fact: "closed", intents: group.map(({ id }) => id) };
}

function formerAddress(group: readonly Intent[], address: Address): Address {
  return group.findLast(({ movedFrom }) => movedFrom !== undefined)?.movedFrom ?? address;
}

/** The object that a creation replaces waits for its deletion at an address of its own. */
function replacedBy(address: Address, group: readonly Intent[], { entries }: Search): readonly Fact[] {
  const old = entries.get(address);
  if (old === undefined || !group.some(({ replaces }) => replaces === old.id)) return [];
  return [{ fact: "observed", address: replacedAddress(address), entry: { ...old, replaced: true } }];
}

/** Nothing of it is live. Whether that is our own doing, the intents tell. */
function gone(
  address: Address,
  group: readonly Intent[],
  entry: LedgerEntry | undefined,
  search: Search,
): Finding {
  if (entry === undefined || !endedByParent(group, entry, search)) return nothing(address);
  return { recovered: { address, what: "deleted" }, facts: [{ fact: "forgotten", address }] };
}

/**
 * An object that a write to its parent removes, such as a canary, is ended by ourselves where that write is seen: the
 * intent of it is closed, or its values are live.
 */
function endedByParent(group: readonly Intent[], entry: LedgerEntry, search: Search): boolean {
  const last = group.findLast(({ action }) => action === "ensure");
  const kind = search.provider.kinds.get(entry.kind);
  const rule = kind?.references.find(({ resetByTarget }) => resetByTarget === true);
  if (last === undefined || rule === undefined) return false;
  const writes = [...search.groups].flatMap(([address, intents]) =>
    intents
      .filter(({ kind: of, objectId, run }) => of === rule.to && objectId === entry.id && run === last.run)
      .map((intent) => ({ address, intent })),
  );
  const parent = search.provider.kinds.get(rule.to);
  return writes.every(({ address, intent }) => {
    const live = search.places.get(address)?.live;
    return (
      live !== undefined &&
      parent !== undefined &&
      ownWrites({ baseline: undefined, live: live.spec }, [intent], parent).done > 0
    );
  });
}
