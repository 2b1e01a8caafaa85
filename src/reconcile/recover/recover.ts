import type { Address } from "../../model/address.ts";
import { fold } from "../../model/fold.ts";
import { equal } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import {
  replacedAddress,
  type Fact,
  type Intent,
  type LedgerEntry,
  type LedgerState,
} from "../../model/ledger.ts";
import type { LiveObject, Provider } from "../../model/provider.ts";
import type { Resource } from "../../model/resource.ts";
import { canonical } from "../compare/canonical.ts";
import { desiredResources, type Desired } from "../observe/desired.ts";
import { leafDifferences } from "../compare/difference.ts";
import { redacted } from "../compare/redact.ts";
import { endedByParent } from "./ended-by-parent.ts";
import { entryOf } from "../observe/entry.ts";
import { hintsOf } from "../compare/hints.ts";
import { REPLAY_LIMIT, standingIntents } from "./intents.ts";
import { eachOnce, entryAt, locate, newSearch, ranks, type Search, type Via } from "./locate.ts";
import { ownId } from "../observe/match.ts";
import { readdressed } from "./readdress.ts";
import { nameOf } from "../observe/natural-name.ts";
import { isAsMeant, isSameThing, ownWrites, resolvedIntent, type OwnWrites } from "./own-writes.ts";
import { withLiveDigests } from "../compare/outdated-digests.ts";
import { declares } from "../compare/threeway.ts";

/** What became of what a run set out to do at one address. */
interface Recovered {
  readonly address: Address;
  readonly what: "created" | "matched by name" | "updated" | "moved" | "deleted" | "not found" | "not done";
  /** Until when a creation that was not found is looked for. ISO 8601. */
  readonly until?: string;
}

export interface Recovery {
  /** Who started the last run that did not finish, and when. */
  readonly who: string;
  readonly began: string;
  /** What nobody has been told of yet. */
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
  ledger: LedgerState,
  resources: readonly Resource[],
): Promise<Recovery | undefined> {
  if ((ledger.intents ?? []).length === 0) return undefined;
  const desired = desiredResources(resources, provider.kinds);
  const moved = readdressed(ledger, desired, provider.kinds);
  const moves: readonly Fact[] = moved.length === 0 ? [] : [{ fact: "intended", intents: moved }];
  const state = fold(ledger, moves);
  const intents = standingIntents(state);
  const deletions = await Promise.all(
    intents.filter(({ action }) => action === "delete").map((intent) => deletion(intent, provider, state)),
  );
  const rest = fold(
    state,
    deletions.flatMap(({ facts }) => facts),
  );
  const writes = claims(standingIntents(rest), rest);
  const search = newSearch(provider, rest, writes);
  for (const kinds of ranks(provider)) {
    const groups = [...search.groups].filter(([, [first]]) => kinds.has(first?.kind ?? ""));
    const found = await Promise.all(
      groups.map(async ([address, group]) => [address, await locate(address, group, search)] as const),
    );
    for (const [address, place] of eachOnce(found)) {
      search.places.set(address, place);
      if (place.live !== undefined) search.ids.set(address, ownId(place.live.id));
    }
  }
  const judged = [...search.groups].map(([address, group]) => {
    const { live, via } = search.places.get(address) ?? {};
    if (via === "name" && live !== undefined && isLeftToPlan(group, live, desired.get(address), provider))
      return byName(address, group);
    return live === undefined && !desired.has(address) && isCreation(group)
      ? awaited(address, group)
      : judge(address, group, search, desired);
  });
  return told([...deletions, ...judged], state, moves);
}

/** What a recovery tells: what was not done is told once, and is on record as told from then on. */
function told(
  findings: readonly Finding[],
  { intents = [] }: LedgerState,
  moves: readonly Fact[],
): Recovery | undefined {
  const isOpen = ({ recovered: { what } }: Finding) => what === "not done" || what === "not found";
  const isKnown = (finding: Finding) => isOpen(finding) && finding.about.every(({ reported }) => reported);
  const news = findings.filter((finding) => !isKnown(finding));
  const ids = new Set(news.filter(isOpen).flatMap(({ about }) => about.map(({ id }) => id)));
  const reported = intents
    .filter(({ id }) => ids.has(id))
    .map((intent): Intent => Object.assign({}, intent, { reported: true as const }));
  const last = news.flatMap(({ about }) => about).at(-1) ?? intents.at(-1);
  if (last === undefined) return undefined;
  return {
    who: last.who,
    began: last.began,
    recovered: news.map(({ recovered }) => recovered),
    facts: [
      ...moves,
      ...(reported.length === 0 ? [] : [{ fact: "intended" as const, intents: reported }]),
      ...findings.flatMap(({ facts }) => facts),
    ],
  };
}

/**
 * The intents that say whose an object is, deletions apart. An update says so only of the object that the ledger knows at
 * its address, or that a creation there was answered with: whoever writes the ledger can name any other.
 */
function claims(intents: readonly Intent[], { entries }: LedgerState): readonly Intent[] {
  const created = new Set(
    intents.filter(makesObject).map(({ address, objectId }) => `${address} ${objectId ?? ""}`),
  );
  return intents.filter((intent) => {
    const { action, address, objectId, movedFrom } = intent;
    if (action === "delete") return false;
    if (objectId === undefined || makesObject(intent) || created.has(`${address} ${objectId}`)) return true;
    const former = movedFrom === undefined ? undefined : entries[movedFrom];
    return objectId === (entries[address] ?? former)?.id;
  });
}

function makesObject({ action }: Intent): boolean {
  return action === "create" || action === "restore";
}

async function deletion(intent: Intent, provider: Provider, state: LedgerState): Promise<Finding> {
  const { address, kind, objectId } = intent;
  const isLive = objectId !== undefined && (await provider.read(kind, objectId)) !== undefined;
  if (isLive || objectId === undefined) return nothing(address, [intent]);
  const at = [address, replacedAddress(address)].find((one) => state.entries[one]?.id === objectId);
  const about = (state.intents ?? []).filter((one) => one.kind === kind && one.objectId === objectId);
  return {
    about,
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

interface Finding {
  readonly about: readonly Intent[];
  readonly recovered: Recovered;
  readonly facts: readonly Fact[];
}

function judge(
  address: Address,
  group: readonly Intent[],
  search: Search,
  desired: ReadonlyMap<Address, Desired>,
): Finding {
  const kind = search.provider.kinds.get(group[0]?.kind ?? "");
  const { live, via } = search.places.get(address) ?? {};
  if (kind === undefined) return nothing(address, group);
  const entry = entryAt(address, group, search);
  if (live === undefined) return gone(address, group, entry, search);
  if (isElsewhere(live, kind, [address, formerAddress(group, address)], search)) return overAt(address, group);
  if (via === "answer" && isNameless(group, kind)) return nothing(address, group);
  const isProvable = !desired.has(address) && kind.createsWithoutKey !== true;
  return judgeLive({ address, group, kind, live, via, entry, isProvable }, search);
}

interface Located {
  readonly address: Address;
  readonly group: readonly Intent[];
  readonly kind: Kind;
  readonly live: LiveObject;
  /** How the live object was found. */
  readonly via: Via | undefined;
  readonly entry: LedgerEntry | undefined;
  /** Found by its name and no longer declared, it can only be deleted: by then the key of its creation tells whose it is. */
  readonly isProvable: boolean;
}

/** Judges the values of a live object that the intents may have written. */
function judgeLive(located: Located, search: Search): Finding {
  const { address, group, kind, live, via, entry, isProvable } = located;
  const hints = hintsOf(kind);
  const intents = group
    .map((intent) => resolvedIntent(intent, kind, (target) => search.ids.get(target)))
    // What is found by its name is not deleted without proof: a secret that cannot be compared does not hide it.
    .map((intent) => withLiveDigests(intent, live.spec, hints, via === "name"));
  // Compare with the creation, not with the later write that completes it.
  const creations = intents.filter(({ action }) => action === "create");
  if (via === "name" && !creations.some(({ after }) => isAsMeant(live.spec, after ?? {}, hints)))
    return isProvable && creations.some(({ after }) => isSameThing(live.spec, after ?? {}, hints))
      ? edited(located)
      : nothing(address, group);
  const baseline = via === "entry" ? entry : undefined;
  const own = ownWrites({ baseline, live: live.spec }, intents, kind);
  if (own.done === 0 && !(baseline === undefined && group.some(makesObject))) return nothing(address, group);
  return written(located, own, search);
}

/**
 * It has the name of a creation and other values: made by this project and edited since, or made by somebody else. The key
 * tells when it is to be deleted. Until then nothing of it counts as applied.
 */
function edited({ address, group, kind, live }: Located): Finding {
  const observed = redacted(live.spec, hintsOf(kind));
  const isProtected = group.at(-1)?.protect === true;
  const entry = entryOf(kind, live, { applied: {}, observed, isProtected, isFound: true });
  return {
    about: group,
    recovered: { address, what: "matched by name" },
    facts: [{ fact: "adopted", address, entry }],
  };
}

/** What the ledger learns of values that this project wrote. */
function written({ address, group, kind, live, via, entry }: Located, own: OwnWrites, search: Search): Finding {
  const isNew = via !== "entry" || entry === undefined;
  const settled = entryOf(kind, live, {
    base: isNew ? undefined : entry,
    applied: own.applied,
    observed: own.observed,
    isProtected: group.at(-1)?.protect === true || (!isNew && entry.protect === true),
    isFound: via === "name" && kind.createsWithoutKey !== true,
  });
  // The key of its creation tells whose an object is that was found by its name.
  const isOver = own.missing === 0 && settled.found !== true;
  const closings = isOver ? [closing(group)] : [];
  // A write that restores what was applied leaves no trace in the entry but the version that it made.
  const isSameMain = own.missing > 0 || settled.versionId === entry?.versionId;
  const isKnown = equal(own.applied, entry?.applied) && equal(own.observed, entry?.observed) && isSameMain;
  if (!isNew && isKnown) return { about: group, recovered: { address, what: "updated" }, facts: closings };
  const creates = isNew && group.some(makesObject);
  const what = via === "name" ? "matched by name" : creates ? "created" : "updated";
  const fact = via === "name" ? ("adopted" as const) : ("observed" as const);
  const at = !isNew && search.entries.get(address) === undefined ? formerAddress(group, address) : address;
  return {
    about: group,
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
  return { about: group, recovered: { address, what: "moved" }, facts: [closing(group)] };
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
function byName(address: Address, about: readonly Intent[]): Finding {
  return { about, recovered: { address, what: "matched by name" }, facts: [] };
}

function nothing(address: Address, about: readonly Intent[]): Finding {
  return { about, recovered: { address, what: "not done" }, facts: [] };
}

function isCreation(group: readonly Intent[]): boolean {
  return group.every(({ action }) => action === "create" || action === "complete");
}

/** Nobody declares it any more, and lists may not show yet what was created. */
function awaited(address: Address, about: readonly Intent[]): Finding {
  const latest = Math.max(...about.map(({ began }) => Date.parse(began)));
  const until = new Date(latest + REPLAY_LIMIT).toISOString();
  return { about, recovered: { address, what: "not found", until }, facts: [] };
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
  if (entry === undefined || !endedByParent(group, entry, search)) return nothing(address, group);
  return { about: group, recovered: { address, what: "deleted" }, facts: [{ fact: "forgotten", address }] };
}
