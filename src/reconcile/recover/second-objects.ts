import type { Address } from "../../model/address.ts";
import { grouped } from "../../model/grouped.ts";
import { equal, sorted, stringify } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { replacedAddress, type Fact, type Intent } from "../../model/ledger.ts";
import type { LiveObject } from "../../model/provider.ts";
import { withLiveDigests } from "../compare/outdated-digests.ts";
import { hintsOf } from "../compare/hints.ts";
import { parentIn } from "../compare/references.ts";
import { redacted } from "../compare/redact.ts";
import { entryOf } from "../observe/entry.ts";
import { nameOf } from "../observe/natural-name.ts";
import type { Finding } from "./judge.ts";
import type { Search } from "./locate.ts";
import { isAsMeant, isSameThing, resolvedIntent } from "./own-writes.ts";

/** A live object that a superseded creation may have made. */
interface Candidate {
  readonly live: LiveObject;
  /** It has the values of the creation, and nobody has touched it before or after. */
  readonly isOurs: boolean;
}

/**
 * Objects of creations that were given up for others and executed nevertheless: nothing declares them, and this project
 * made them. Each gets an entry like an object that was replaced: the plan shows its deletion. `taken` are objects that
 * belong to other intents.
 */
export async function secondObjects(
  superseded: readonly Intent[],
  search: Search,
  taken: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const known = new Set([...taken, ...[...search.entries.values()].map(({ id }) => id)]);
  const findings: Finding[] = [];
  for (const [, intents] of grouped(superseded, sameCreation)) {
    const [first] = intents;
    const kind = search.provider.kinds.get(first?.kind ?? "");
    if (first === undefined || kind === undefined) continue;
    if (isLeftToPlan(first.address, search)) continue;
    const found = await candidates(intents, kind, search, known);
    const ours = found.filter(({ isOurs }) => isOurs);
    // More of them than requests: which of them are ours is not known.
    const isClear = ours.length <= intents.length;
    for (const { live, isOurs } of found) {
      known.add(live.id);
      const intent = intents[ours.findIndex((one) => one.live === live)];
      if (isOurs && isClear && intent !== undefined) {
        const address = freeAddress(intent.address, [search, findings]);
        findings.push(second(address, live, kind, intent));
      } else findings.push({ about: intents, recovered: doubtful(first.address, live), facts: [] });
    }
  }
  return findings;
}

/** The manifest has no object: the plan matches one by its name. */
function isLeftToPlan(address: Address, { entries, places, isManaged }: Search): boolean {
  return isManaged(address) && !entries.has(address) && places.get(address)?.live === undefined;
}

/** Creations of the same object are told apart by nothing. */
function sameCreation({ kind, address, after }: Intent): string {
  return stringify(sorted([kind, address, after ?? null]));
}

async function candidates(
  intents: readonly Intent[],
  kind: Kind,
  { ids, list, provider }: Search,
  known: ReadonlySet<string>,
): Promise<readonly Candidate[]> {
  const [first] = intents;
  if (first === undefined) return [];
  const intent = resolvedIntent(first, kind, (address) => ids.get(address));
  const { after = {} } = intent;
  const parent = parentIn(kind, after);
  if (kind.identity.parent !== undefined && parent === undefined) return [];
  const name = nameOf(kind, after);
  const hints = hintsOf(kind);
  const listed = await list(kind.kind, parent);
  const named = listed.filter(({ id, spec }) => !known.has(id) && equal(nameOf(kind, spec), name));
  const read = await Promise.all(named.map(({ id }) => provider.read(kind.kind, id)));
  return read.flatMap((live): readonly Candidate[] => {
    if (live === undefined) return [];
    const meant = withLiveDigests(intent, live.spec, hints, true).after ?? {};
    const isOurs = isAsMeant(live.spec, meant, hints) && intents.some((one) => isOfItsTime(live, one));
    return isOurs || isSameThing(live.spec, meant, hints) ? [{ live, isOurs }] : [];
  });
}

/** Milliseconds by which the clocks of this machine and of the API may differ. */
const CLOCKS = 300_000;

/** The time of its last change: for a version, `createdAt` is that of its parent. */
function isOfItsTime(
  { createdAt, updatedAt = createdAt }: LiveObject,
  { began, superseded = began }: Intent,
): boolean {
  if (updatedAt === undefined) return true;
  const made = Date.parse(updatedAt);
  return made >= Date.parse(began) - CLOCKS && made <= Date.parse(superseded) + CLOCKS;
}

function second(address: Address, live: LiveObject, kind: Kind, intent: Intent): Finding {
  const observed = redacted(live.spec, hintsOf(kind));
  const entry = entryOf(kind, live, { applied: {}, observed, isProtected: false });
  const facts: readonly Fact[] = [
    { fact: "adopted", address, entry: { ...entry, replaced: true } },
    { fact: "closed", intents: [intent.id] },
  ];
  return { about: [intent], recovered: { address, what: "created twice", id: live.id }, facts };
}

function doubtful(address: Address, live: LiveObject): Finding["recovered"] {
  return { address, what: "in doubt", id: live.id };
}

function freeAddress(
  address: Address,
  [{ entries }, findings]: readonly [Search, readonly Finding[]],
): Address {
  const used = new Set<Address>([...entries.keys(), ...findings.map(({ recovered }) => recovered.address)]);
  for (let nth = 1; ; nth += 1) {
    const free = replacedAddress(address, nth);
    if (!used.has(free)) return free;
  }
}
