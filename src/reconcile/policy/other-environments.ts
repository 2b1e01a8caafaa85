import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent, LedgerEntry, LedgerState } from "../../model/ledger.ts";
import type { Plan, Refusal, ResourceChange, Step } from "../../model/plan.ts";
import { nameOf, parentId } from "../observe/match.ts";
import { parentIn } from "../compare/references.ts";

/** The ledger of another environment of the project: what it knows, or why it could not be read. */
export type OtherState =
  | { readonly environment: string; readonly state: LedgerState | undefined }
  | { readonly environment: string; readonly problem: string };

/** True when a plan is about live objects that another environment may own. */
export function concernsOthers(plan: Plan, kinds: ReadonlyMap<string, Kind>): boolean {
  const adopted = adoptedIn(plan);
  return plan.steps.some((step) => objectsOf(step, kinds.get(step.kind), adopted).length > 0);
}

/** What a plan does to an object that the ledger of another environment knows is refused. */
export function ownedElsewhere(
  plan: Plan,
  kinds: ReadonlyMap<string, Kind>,
  others: readonly OtherState[],
): readonly Refusal[] {
  const adopted = adoptedIn(plan);
  const told = new Set<Address>();
  return plan.steps.flatMap((step): readonly Refusal[] => {
    const kind = kinds.get(step.kind);
    const ids = objectsOf(step, kind, adopted);
    if (kind === undefined || ids.length === 0 || told.has(step.address)) return [];
    const owner = ownerOf(ids, kind, adopted.get(step.address), others);
    if (owner === undefined) return [];
    told.add(step.address);
    return [refusal(step, owner, adopted.has(step.address))];
  });
}

/** The environment whose ledger knows a live object, or the one that it lives under. */
export function ownerElsewhere(kind: Kind, id: string, others: readonly OtherState[]): Owner | undefined {
  const ids = [id, parentId(kind, id)].filter((one) => one !== undefined);
  return ownerOf(ids, kind, undefined, others);
}

/** Without the ledger of another environment nobody can tell whether an object that was found by its name is free. */
export function undecidedAdoptions(plan: Plan, others: readonly OtherState[]): readonly Refusal[] {
  const unread = others.flatMap((other) => ("problem" in other ? [other] : []));
  const [first] = unread;
  if (first === undefined) return [];
  const names = unread.map(({ environment }) => environment).join(", ");
  return [...adoptedIn(plan).keys()].map((address) => ({
    address,
    rule: "other-environment",
    message: `${address} was found by its name, and whether it belongs to ${names} cannot be told: ${first.problem}`,
    hint: "make that ledger readable for this run; if the object is yours, pass --adopt",
  }));
}

function adoptedIn({ changes }: Plan): ReadonlyMap<Address, ResourceChange> {
  return new Map(changes.filter(({ action }) => action === "adopt").map((change) => [change.address, change]));
}

/** The live objects that a step writes to, deletes or adopts, and those that they live under. */
function objectsOf(
  { action, address, objectId, desired }: Step,
  kind: Kind | undefined,
  adopted: ReadonlyMap<Address, unknown>,
): readonly string[] {
  if (kind === undefined || action === "forget" || (action === "record" && !adopted.has(address))) return [];
  const parent = objectId === undefined ? parentIn(kind, desired ?? {}) : parentId(kind, objectId);
  return [objectId, parent].filter((id) => id !== undefined);
}

interface Owner {
  readonly environment: string;
  readonly address: Address;
  readonly id?: string;
}

function ownerOf(
  ids: readonly string[],
  kind: Kind,
  adopted: ResourceChange | undefined,
  others: readonly OtherState[],
): Owner | undefined {
  for (const other of others) {
    if (!("state" in other) || other.state === undefined) continue;
    const { environment, state } = other;
    for (const id of ids) {
      const address = knowerOf(id, state);
      if (address !== undefined) return { environment, address, id };
    }
    const creation = adopted === undefined ? undefined : creationOf(adopted, kind, state);
    if (creation !== undefined) return { environment, address: creation };
  }
  return undefined;
}

/** Ids are unique among kinds, except that a canary has the id of its assistant: whoever owns one owns both. */
function knowerOf(id: string, { entries, intents = [] }: LedgerState): Address | undefined {
  const known = (Object.entries(entries) as [Address, LedgerEntry][]).find(([, entry]) => entry.id === id);
  const created = ({ action, objectId }: Intent) => action === "create" && objectId === id;
  return known?.[0] ?? intents.find(created)?.address;
}

/** A creation of that name which is under way there: the object may be its outcome. */
function creationOf(
  { before }: ResourceChange,
  kind: Kind,
  { intents = [] }: LedgerState,
): Address | undefined {
  const name = nameOf(kind, before ?? {});
  const isOfName = ({ action, kind: of, objectId, after }: Intent) =>
    action === "create" && of === kind.kind && objectId === undefined && nameOf(kind, after ?? {}) === name;
  return name === undefined || kind.identity.parent !== undefined ? undefined : intents.find(isOfName)?.address;
}

function refusal({ address, action, objectId }: Step, owner: Owner, isAdopted: boolean): Refusal {
  const { environment, id } = owner;
  const what = isAdopted ? "adopted" : WHAT[action];
  const whose =
    id === undefined
      ? `environment ${environment} has begun to create an object of that name (${owner.address})`
      : `${id} belongs to environment ${environment} (${owner.address})`;
  return {
    address,
    rule: "other-environment",
    message: `${address} would be ${what}, but ${whose}`,
    hint:
      isAdopted || objectId === undefined
        ? "give the resource another remote name in this environment, or the environment an account of its own"
        : `let go of it in one of the two, which leaves it live: rollcall ledger forget ${address}, or rollcall ledger forget ${owner.address} --env ${environment}`,
  };
}

const WHAT: Readonly<Record<Step["action"], string>> = {
  create: "created",
  complete: "written",
  update: "written",
  detach: "written",
  delete: "deleted",
  ensure: "written",
  record: "adopted",
  forget: "forgotten",
};
