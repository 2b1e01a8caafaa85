import { equal } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { LiveObject } from "../../model/provider.ts";
import { asFarAsTrusted, disagreement, sampleOf, type Disagreement, type Reading } from "./list-check.ts";
import type { Match } from "./match.ts";

/** What the lists of one kind say, matched to addresses. */
export interface Listing {
  readonly kind: Kind;
  readonly listed: readonly LiveObject[];
  readonly matches: readonly Match[];
}

/**
 * Reads what the ledger knows and the list lacks, what is in the way of a resource by its name, and as many of the
 * others as `reading` asks for. Where a read shows that the list is wrong about something that matters, every matched
 * object is read.
 */
export async function verifyList(
  listing: Listing,
  reading: Reading,
  read: (id: string) => Promise<LiveObject | undefined>,
): Promise<readonly LiveObject[]> {
  const { kind, listed, matches } = listing;
  const one = async (id: string) => [id, await read(id)] as const;
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
  const trusted = untrusted.length === 0 ? listed : asTrusted(listing, untrusted);
  return withRead(trusted, all);
}

/** The list as far as it is trusted. */
function asTrusted(
  { kind, listed, matches }: Listing,
  untrusted: readonly (readonly string[])[],
): readonly LiveObject[] {
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
  const isPossible =
    kind.identity.singleton === true || kind.identity.parent === undefined || id?.includes("/") === true;
  return id !== undefined && importProblem?.what === "not-live" && isPossible ? [id] : [];
}

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
