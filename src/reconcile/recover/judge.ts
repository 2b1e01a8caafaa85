import type { Address } from "../../model/address.ts";
import { equal } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { withVersions } from "../../model/fold.ts";
import { replacedAddress, type Fact, type Intent, type LedgerEntry } from "../../model/ledger.ts";
import type { LiveObject } from "../../model/provider.ts";
import { canonical } from "../compare/canonical.ts";
import { leafDifferences } from "../compare/difference.ts";
import { hintsOf } from "../compare/hints.ts";
import { withLiveDigests } from "../compare/outdated-digests.ts";
import { redacted } from "../compare/redact.ts";
import { declares } from "../compare/threeway.ts";
import { isManaged, type Desired } from "../observe/desired.ts";
import { entryOf } from "../observe/entry.ts";
import { versionOf } from "../../model/object-ids.ts";
import { nameOf } from "../observe/natural-name.ts";
import { endedByParent } from "./ended-by-parent.ts";
import { lastTried, makesObject, REPLAY_LIMIT } from "./intents.ts";
import { entryAt, type Search, type Via } from "./locate.ts";
import { isAsMeant, isSameThing, ownWrites, resolvedIntent, type OwnWrites } from "./own-writes.ts";

/** The result of the intents of a run at one address. */
export interface Recovered {
  readonly address: Address;
  readonly what:
    | "created"
    | "matched by name"
    | "updated"
    | "moved"
    | "deleted"
    | "created twice"
    | "not found"
    | "not done"
    | "in doubt";
  /** Of the object that a creation in doubt may have made, or of the second one. */
  readonly id?: string;
  /** Rollcall looks for a creation that was not found until then. ISO 8601. */
  readonly until?: string;
}

/** The result for the intents at one address, and the facts for the ledger. */
export interface Finding {
  readonly about: readonly Intent[];
  readonly recovered: Recovered;
  readonly facts: readonly Fact[];
}

/** Decides what the intents at one address did. */
export function judge(
  address: Address,
  group: readonly Intent[],
  search: Search,
  desired: ReadonlyMap<Address, Desired>,
): Finding {
  const kind = search.provider.kinds.get(group[0]?.kind ?? "");
  const { live, via } = search.places.get(address) ?? {};
  if (kind === undefined) return nothing(address, group);
  if (via === "name" && live !== undefined && isLeftToPlan(group, live, desired.get(address), kind))
    return byName(address, group);
  const isWritten = isManaged(desired.get(address));
  if (live === undefined && !isWritten && isCreation(group)) return awaited(address, group);
  const entry = entryAt(address, group, search);
  if (live === undefined) return gone(address, group, entry, search);
  if (isElsewhere(live, kind, [address, formerAddress(group, address)], search)) return overAt(address, group);
  if (via === "answer" && isNameless(group, kind)) return nothing(address, group);
  const isProvable = !isWritten && kind.createsWithoutKey !== true;
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
  /**
   * It was found by its name, and nothing writes to it: no manifest declares it, or one observes it. It can only be deleted
   * or looked at. The key of its creation proves before a deletion whether this project created it.
   */
  readonly isProvable: boolean;
}

/** Judges the values of a live object that the intents may have written. */
function judgeLive(located: Located, search: Search): Finding {
  const { address, group, kind, live, via, entry, isProvable } = located;
  const hints = hintsOf(kind);
  const intents = group
    .map((intent) => resolvedIntent(intent, kind, (target) => search.ids.get(target)))
    // An object found by its name is deleted only with proof, so secrets that cannot be compared are ignored here.
    .map((intent) => withLiveDigests(intent, live.spec, hints, via === "name"));
  // Compare with the creation, not with the later write that completes it.
  const creations = intents.filter(({ action }) => action === "create");
  if (via === "name" && !creations.some(({ after }) => isAsMeant(live.spec, after ?? {}, hints))) {
    if (!creations.some(({ after }) => isSameThing(live.spec, after ?? {}, hints)))
      return nothing(address, group);
    if (isProvable) return edited(located);
    return kind.createsWithoutKey === true ? inDoubt(located) : nothing(address, group);
  }
  const baseline = via === "entry" ? entry : undefined;
  const own = ownWrites({ baseline, live: live.spec }, intents, kind);
  if (own.done === 0 && !(baseline === undefined && group.some(makesObject))) return nothing(address, group);
  return written(located, own, search);
}

/**
 * It has the name of a creation and other values: either this project created it and somebody edited it, or somebody else
 * created it. The idempotency key decides that before a deletion. Until then none of its values count as applied.
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

/**
 * The same for an object whose creator cannot be found out by a key: it is not managed, and the user has to check it.
 */
function inDoubt({ address, group, live }: Located): Finding {
  return { about: group, recovered: { address, what: "in doubt", id: live.id }, facts: [] };
}

/** The ledger entry with the values that this project wrote. */
function written({ address, group, kind, live, via, entry }: Located, own: OwnWrites, search: Search): Finding {
  const isNew = via !== "entry" || entry === undefined;
  const known = isNew ? undefined : entry;
  const settled = entryOf(kind, live, {
    base: withMade(known, { kind, live, group, via }, own),
    applied: own.applied,
    observed: own.observed,
    isProtected: group.at(-1)?.protect === true || (!isNew && entry.protect === true),
    isFound: via === "name" && kind.createsWithoutKey !== true,
  });
  // Keep the key of the creation: it proves who created an object that was found by its name.
  const isOver = own.missing === 0 && settled.found !== true;
  const closings = isOver ? [closing(group)] : [];
  // A write that restores applied values changes only the version in the entry.
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

/**
 * The entry with a note that this project made the main version: the write is live as a whole, main is another version than
 * before, and nobody has edited the object besides.
 */
function withMade(
  entry: LedgerEntry | undefined,
  { kind, live, group, via }: Pick<Located, "kind" | "live" | "group" | "via">,
  { missing, edited, observed }: OwnWrites,
): LedgerEntry | undefined {
  const { versionId } = versionOf(kind, live);
  if (entry === undefined || versionId === undefined || versionId === entry.versionId) return entry;
  const isOurs =
    via === "entry" && missing === 0 && edited === 0 && group.every(({ action }) => action === "update");
  const hints = hintsOf(kind);
  const isUnedited = equal(canonical(observed, hints), canonical(redacted(live.spec, hints), hints));
  return isOurs && isUnedited ? withVersions(entry, { ...entry, madeVersions: [versionId] }) : entry;
}

/** Without a name, an id alone proves nothing: everybody who can write the ledger can put any id there. */
function isNameless(group: readonly Intent[], kind: Kind): boolean {
  const isCreated = group.some(({ action }) => action === "create");
  if (kind.identity.name === undefined || !isCreated) return false;
  return group.every(({ after }) => nameOf(kind, after ?? {}) === undefined);
}

/** The ledger has the object at another address: it was moved. */
function isElsewhere({ id }: LiveObject, kind: Kind, own: readonly Address[], { entries }: Search): boolean {
  return [...entries].some(
    ([address, entry]) => entry.kind === kind.kind && entry.id === id && !own.includes(address),
  );
}

function overAt(address: Address, group: readonly Intent[]): Finding {
  return { about: group, recovered: { address, what: "moved" }, facts: [closing(group)] };
}

/**
 * Whether the plan can handle an object that was found by its name like any object with that name: the manifest declares
 * everything that the creation would have written, and the ledger has no other object at the address.
 */
function isLeftToPlan(
  group: readonly Intent[],
  live: LiveObject,
  desired: Desired | undefined,
  kind: Kind,
): boolean {
  if (desired === undefined) return false;
  if (group.some(({ replaces }) => replaces !== undefined)) return false;
  // The plan looks for the currently declared name.
  if (!equal(nameOf(kind, desired.spec), nameOf(kind, live.spec))) return false;
  const hints = hintsOf(kind);
  return group.every(({ after }) =>
    leafDifferences({}, canonical(after, hints)).every(({ path }) => declares(desired.spec, path, hints)),
  );
}

/** The plan adopts it like any object with that name. */
function byName(address: Address, about: readonly Intent[]): Finding {
  return { about, recovered: { address, what: "matched by name" }, facts: [] };
}

export function nothing(address: Address, about: readonly Intent[]): Finding {
  return { about, recovered: { address, what: "not done" }, facts: [] };
}

function isCreation(group: readonly Intent[]): boolean {
  return group.every(({ action }) => action === "create" || action === "complete");
}

/** It is not declared, and lists may not show the created object yet. */
function awaited(address: Address, about: readonly Intent[]): Finding {
  const latest = Math.max(...about.map(lastTried));
  const until = new Date(latest + REPLAY_LIMIT).toISOString();
  return { about, recovered: { address, what: "not found", until }, facts: [] };
}

function closing(group: readonly Intent[]): Fact {
  return { fact: "closed", intents: group.map(({ id }) => id) };
}

function formerAddress(group: readonly Intent[], address: Address): Address {
  return group.findLast(({ movedFrom }) => movedFrom !== undefined)?.movedFrom ?? address;
}

/** The replaced object gets an address of its own until it is deleted. */
function replacedBy(address: Address, group: readonly Intent[], { entries }: Search): readonly Fact[] {
  const old = entries.get(address);
  if (old === undefined || !group.some(({ replaces }) => replaces === old.id)) return [];
  return [{ fact: "observed", address: replacedAddress(address), entry: { ...old, replaced: true } }];
}

/** The object is missing. The intents tell whether this project removed it. */
function gone(
  address: Address,
  group: readonly Intent[],
  entry: LedgerEntry | undefined,
  search: Search,
): Finding {
  if (entry === undefined || !endedByParent(group, entry, search)) return nothing(address, group);
  return { about: group, recovered: { address, what: "deleted" }, facts: [{ fact: "forgotten", address }] };
}
