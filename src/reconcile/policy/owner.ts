import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import { entriesIn, type Intent, type LedgerState } from "../../model/ledger.ts";
import type { Step } from "../../model/plan.ts";
import type { Decision } from "../decide/decide.ts";
import { parentIn } from "../compare/references.ts";
import type { Match } from "../observe/match.ts";
import { parentId } from "../../model/object-ids.ts";
import { nameOf } from "../observe/natural-name.ts";

/** The ledger of another environment of the project: what it knows, or why it could not be read. */
export type OtherState =
  | {
      readonly environment: string;
      readonly state: LedgerState | undefined;
      /** The project has no such environment any more. */
      readonly isRemoved?: true;
    }
  | { readonly environment: string; readonly problem: string };

interface Planned {
  readonly decisions: readonly Decision[];
  readonly steps: readonly Step[];
}

/** True when steps touch live objects that another environment may own. */
export function concernsOthers({ decisions, steps }: Planned, kinds: ReadonlyMap<string, Kind>): boolean {
  const adopted = adoptedIn(decisions);
  return steps.some((step) => objectsOf(step, kinds.get(step.kind), adopted).length > 0);
}

/** The environment whose ledger knows a live object, or the one that it lives under. */
export function ownerElsewhere(kind: Kind, id: string, others: readonly OtherState[]): Owner | undefined {
  const ids = [id, parentId(kind, id)].filter((one) => one !== undefined);
  return ownerOf({ ids, kind }, others);
}

export function adoptedIn(decisions: readonly Decision[]): ReadonlyMap<Address, Match> {
  return new Map(
    decisions.filter(({ action }) => action === "adopt").map(({ match }) => [match.address, match] as const),
  );
}

/** The live objects that a step writes to, deletes or adopts, and those that they live under. */
export function objectsOf(
  { action, address, objectId, desired }: Step,
  kind: Kind | undefined,
  adopted: ReadonlyMap<Address, unknown>,
): readonly string[] {
  if (kind === undefined || action === "forget" || (action === "refresh-state" && !adopted.has(address)))
    return [];
  const parent = objectId === undefined ? parentIn(kind, desired ?? {}) : parentId(kind, objectId);
  return [objectId, parent].filter((id) => id !== undefined);
}

export interface Owner {
  readonly environment: string;
  readonly address: Address;
  readonly id?: string;
  readonly isRemoved?: true;
}

interface Sought {
  readonly ids: readonly string[];
  readonly kind: Kind;
  /** The resource that adopts the object. */
  readonly adopted?: Match | undefined;
}

export function ownerOf({ ids, kind, adopted }: Sought, others: readonly OtherState[]): Owner | undefined {
  for (const other of others) {
    if (!("state" in other) || other.state === undefined) continue;
    const { environment, state, isRemoved } = other;
    const where = { environment, ...(isRemoved && { isRemoved }) };
    for (const id of ids) {
      const address = knowerOf(id, state);
      if (address !== undefined) return { ...where, address, id };
    }
    const creation = adopted === undefined ? undefined : creationOf(adopted, kind, state);
    if (creation !== undefined) return { ...where, address: creation };
  }
  return undefined;
}

/**
 * Ids are unique among kinds, except that a canary has the id of its assistant: whoever owns one owns both. What is only
 * observed there is not owned.
 */
function knowerOf(id: string, { entries, intents = [] }: LedgerState): Address | undefined {
  const known = entriesIn(entries).find(([, entry]) => entry.id === id && entry.observe !== true);
  const created = ({ action, objectId }: Intent) => action === "create" && objectId === id;
  return known?.[0] ?? intents.find(created)?.address;
}

/** A creation of that name which is under way there: the object may be its outcome. */
function creationOf({ live }: Match, kind: Kind, { intents = [] }: LedgerState): Address | undefined {
  const name = nameOf(kind, live?.spec ?? {});
  const isOfName = ({ action, kind: of, objectId, after }: Intent) =>
    action === "create" && of === kind.kind && objectId === undefined && nameOf(kind, after ?? {}) === name;
  return name === undefined || kind.identity.parent !== undefined ? undefined : intents.find(isOfName)?.address;
}
