import type { Address } from "../../../model/address.ts";
import type { Kind } from "../../../model/kind.ts";
import type { LedgerState } from "../../../model/ledger.ts";
import { type Resource } from "../../../model/resource.ts";
import { desiredResources } from "../../../reconcile/observe/desired.ts";
import { parentsFirst } from "../../../model/object-ids.ts";
import type { LoadedProject } from "../../../schema/load.ts";
import type { Account } from "../../account/account.ts";
import { type AccountObject, ownAddress, under } from "../../account/inventory.ts";
import { ownersIn } from "../../account/owners.ts";
import type { PullChoices } from "../choices.ts";
import type { Named } from "../drafts.ts";
import { keyOf, type Gathered } from "../gather.ts";
import { isDeclared, pairs, parentOf, type Candidate } from "./fitting.ts";

/** A live object, and the resource that it is in this environment. */
export interface Tied extends Named {
  readonly resource: Resource;
  /** Another environment has the resource, too. */
  readonly isShared: boolean;
}

export interface Ties {
  readonly tied: readonly Tied[];
  /** With the objects that were listed to find ties. */
  readonly gathered: Gathered;
  /** Resources that other environments have, and that no object of this one is. */
  readonly without: readonly Resource[];
}

interface TieInput {
  readonly account: Account;
  readonly loaded: LoadedProject;
  readonly ledger: LedgerState | undefined;
  /** The addresses that objects are to get, by `keyOf`. */
  readonly named?: PullChoices["addresses"];
}

/**
 * The objects that the ledger does not know, and that have a manifest: by the id in it, or by name, parent and type. Where several objects or manifests have these, those are one that are more like
 * each other than like any other one.
 */
export async function tiesOf(gathered: Gathered, input: TieInput): Promise<Ties> {
  const { account, loaded, ledger, named } = input;
  const { kinds } = account.provider;
  const candidates = candidatesIn(loaded, kinds, ledger);
  if (candidates.length === 0) return { tied: [], gathered, without: [] };
  const search: Search = {
    chosen: new Map(gathered.chosen.map((object) => [keyOf(object), object])),
    listed: new Map(gathered.listed.map((object) => [keyOf(object), object])),
    addresses: managed(gathered.listed, ledger),
  };
  const found = new Map<string, Candidate>();
  for (const kind of parentsFirst([...kinds.values()])) {
    const own = candidates.filter(({ desired }) => desired.resource.kind === kind.kind);
    if (own.length === 0) continue;
    await listNested(kind, own, search, account);
    const isOpen = (key: string) => !search.addresses.has(key) && named?.has(key) !== true;
    const objects = [...search.listed.values()].filter((one) => one.kind === kind && isOpen(keyOf(one)));
    for (const [key, candidate] of pairs(objects, own, search.addresses)) {
      found.set(key, candidate);
      search.addresses.set(key, candidate.desired.resource.address);
    }
  }
  return {
    tied: tiedIn(found, search),
    gathered: { chosen: [...search.chosen.values()], listed: [...search.listed.values()] },
    without: withoutObject(candidates, found),
  };
}

/** What is known so far, by `keyOf`. */
interface Search {
  readonly chosen: Map<string, AccountObject>;
  readonly listed: Map<string, AccountObject>;
  readonly addresses: Map<string, Address>;
}

function managed(objects: readonly AccountObject[], ledger: LedgerState | undefined): Map<string, Address> {
  const known = objects.flatMap((object) => {
    const own = ownAddress(object);
    const isKnown = own !== undefined && ledger?.entries[own] !== undefined;
    return isKnown ? [[keyOf(object), own] as const] : [];
  });
  return new Map(known);
}

/** Lists what lives under the objects whose manifests have children; what a manifest declares of it is chosen with them. */
async function listNested(
  kind: Kind,
  candidates: readonly Candidate[],
  { chosen, listed, addresses }: Search,
  account: Account,
): Promise<void> {
  const declared = new Set(candidates.map((candidate) => parentOf(kind, candidate)));
  const parents = [...listed].filter(([key]) => declared.has(addresses.get(key)));
  if (kind.identity.parent === undefined || parents.length === 0) return;
  const owners = ownersIn(account);
  const children = await Promise.all(parents.map(([, parent]) => under(account, kind, { parent, owners })));
  for (const [index, [parent]] of parents.entries()) {
    for (const object of children[index] ?? []) {
      const key = keyOf(object);
      if (!listed.has(key)) listed.set(key, object);
      if (chosen.has(parent) && !chosen.has(key) && isDeclared(kind, object, candidates))
        chosen.set(key, object);
    }
  }
}

function tiedIn(found: ReadonlyMap<string, Candidate>, { chosen }: Search): readonly Tied[] {
  return [...found].flatMap(([key, { desired, isShared, isHere }]): readonly Tied[] => {
    const { resource } = desired;
    const object = chosen.get(key);
    if (object === undefined || !(isShared || isHere)) return [];
    return [{ ...object, address: resource.address, resource, isShared }];
  });
}

function withoutObject(
  candidates: readonly Candidate[],
  found: ReadonlyMap<string, Candidate>,
): readonly Resource[] {
  const matched = new Set(found.values());
  return candidates
    .filter((candidate) => candidate.isShared && candidate.isHere && !matched.has(candidate))
    .map(({ desired }) => desired.resource);
}

/** Resources that the ledger does not know. */
function candidatesIn(
  { resources, absent, environmentsOf, environment }: LoadedProject,
  kinds: ReadonlyMap<string, Kind>,
  ledger: LedgerState | undefined,
): readonly Candidate[] {
  const here = new Set(resources.map(({ address }) => address));
  return [...desiredResources([...resources, ...absent], kinds).values()]
    .filter(({ resource: { address } }) => ledger?.entries[address] === undefined)
    .map((desired): Candidate => {
      const { address } = desired.resource;
      const isShared = (environmentsOf.get(address) ?? []).some((name) => name !== environment.name);
      return { desired, isShared, isHere: here.has(address) };
    });
}
