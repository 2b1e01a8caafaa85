import { fold } from "../../model/fold.ts";
import type { Address } from "../../model/address.ts";
import { entriesIn, type Fact, type Intent, type LedgerState, replacedAddress } from "../../model/ledger.ts";
import type { Provider } from "../../model/provider.ts";
import type { Resource } from "../../model/resource.ts";
import { desiredResources, isManaged, type Desired } from "../observe/desired.ts";
import { ownId } from "../../model/object-ids.ts";
import { isSuperseded, makesObject, standingIntents } from "./intents.ts";
import { judge, nothing, type Finding, type Recovered } from "./judge.ts";
import { eachOnce, locate, newSearch, ranks, type Search } from "./locate.ts";
import { readdressed } from "./readdress.ts";
import { secondObjects } from "./second-objects.ts";

export interface Recovery {
  /** Who started the last run that did not finish, and when. */
  readonly who: string;
  readonly began: string;
  /** What has not been reported yet. */
  readonly recovered: readonly Recovered[];
  /** For the ledger. Intents that are not closed stay, because their keys and values may be needed again. */
  readonly facts: readonly Fact[];
}

/**
 * Finds out what interrupted runs did after their last commit. It looks at the live objects and writes nothing:
 *
 * - a creation is found by the id that the API answered, otherwise by its name;
 * - an update is found by its values, path by path;
 * - a deletion is done if its object is missing.
 *
 * An object that is found only by its name is adopted by the plan if a manifest declares everything that the creation
 * would have written. Otherwise it is added to the ledger, so that the next plan knows it.
 */
export async function recover(
  provider: Provider,
  ledger: LedgerState,
  resources: readonly Resource[],
): Promise<Recovery | undefined> {
  if ((ledger.intents ?? []).length === 0) return undefined;
  const desired = desiredResources(resources, provider.kinds);
  const dropped = unproven(ledger, desired);
  const moved = readdressed(fold(ledger, dropped), desired, provider.kinds);
  const moves: readonly Fact[] = [
    ...dropped,
    ...(moved.length === 0 ? [] : [{ fact: "intended" as const, intents: moved }]),
  ];
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
  const search = newSearch(provider, rest, writes, (address) => isManaged(desired.get(address)));
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
  const judged = [...search.groups].map(([address, group]) => judge(address, group, search, desired));
  const seconds = await secondObjects(writes.filter(isSuperseded), search, takenBy(judged, search));
  return told([...deletions, ...judged, ...seconds], state, moves);
}

/** The objects that the open intents are about. */
function takenBy(judged: readonly Finding[], { places }: Search): ReadonlySet<string> {
  return new Set(
    judged.flatMap(({ recovered: { address, what } }) =>
      OPEN.has(what) ? [] : (places.get(address)?.live?.id ?? []),
    ),
  );
}

/**
 * An object that was found only by its name, with other values than the creation, is in the ledger so that it can be deleted
 * after proof. If its address is declared again, it is like any other object with that name.
 */
function unproven({ entries }: LedgerState, desired: ReadonlyMap<Address, Desired>): readonly Fact[] {
  const former = [...desired.values()].flatMap(({ resource }) => resource.lifecycle.movedFrom);
  const declared = new Set([...desired.keys(), ...former]);
  return entriesIn(entries).flatMap(([address, entry]) =>
    entry.found === true && Object.keys(entry.applied).length === 0 && declared.has(address)
      ? [{ fact: "forgotten" as const, address }]
      : [],
  );
}

const OPEN: ReadonlySet<Recovered["what"]> = new Set(["not done", "not found", "in doubt"]);

/**
 * The result of a recovery. A step that was not done is reported once; `reported` in its intents says so. What is in
 * doubt is reported as long as its intents are open, because nothing else mentions the object.
 */
function told(
  findings: readonly Finding[],
  { intents = [] }: LedgerState,
  moves: readonly Fact[],
): Recovery | undefined {
  const isOpen = ({ recovered: { what } }: Finding) => OPEN.has(what);
  const isKnown = (finding: Finding) =>
    isOpen(finding) && finding.recovered.what !== "in doubt" && finding.about.every(({ reported }) => reported);
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
 * The intents that prove who owns an object; deletions do not. An update proves it only for the object that the ledger has
 * at its address, or that the API answered a creation there with: everybody who can write the ledger can put any other id.
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

/** The state after the recovery is committed. Its serial stays, because nothing is committed yet. */
export function recoveredState(state: LedgerState, recovery: Recovery | undefined): LedgerState {
  if (recovery === undefined || recovery.facts.length === 0) return state;
  return { ...fold(state, recovery.facts), serial: state.serial };
}
