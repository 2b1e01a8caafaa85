import type { Address } from "../../../model/address.ts";
import { equal } from "../../../model/json.ts";
import type { Kind } from "../../../model/kind.ts";
import type { LedgerState } from "../../../model/ledger.ts";
import { segments } from "../../../model/pointer.ts";
import { isReference, type Resource } from "../../../model/resource.ts";
import { canonical } from "../../../reconcile/compare/canonical.ts";
import { hintsOf } from "../../../reconcile/compare/hints.ts";
import { importProblem } from "../../../reconcile/compare/imports.ts";
import { valueAt } from "../../../reconcile/compare/difference.ts";
import { linksOf } from "../../../reconcile/compare/references.ts";
import { desiredResources, type Desired } from "../../../reconcile/observe/desired.ts";
import { nameOf } from "../../../reconcile/observe/natural-name.ts";
import { parentId, parentRule, parentsFirst } from "../../../reconcile/observe/object-ids.ts";
import { objectKey } from "../../../schema/author/slugs.ts";
import type { LoadedProject } from "../../../schema/load.ts";
import type { Account } from "../../account/account.ts";
import { under, type AccountObject } from "../../account/inventory.ts";
import { ownersIn } from "../../account/owners.ts";
import type { PullChoices } from "../choices.ts";
import type { Named } from "../drafts.ts";
import { keyOf, type Gathered } from "../gather.ts";

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
    for (const [key, candidate] of pairs(objects, own, { kind, addresses: search.addresses })) {
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
    const { owner } = object;
    const isOwn =
      owner !== undefined && owner.isElsewhere !== true && ledger?.entries[owner.address] !== undefined;
    return isOwn ? [[keyOf(object), owner.address] as const] : [];
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

interface Candidate {
  readonly desired: Desired;
  /** Another environment has it, too. */
  readonly isShared: boolean;
  /** It exists in this environment. */
  readonly isHere: boolean;
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

interface Fitting {
  readonly kind: Kind;
  /** Of the objects that are known, by `keyOf`. */
  readonly addresses: ReadonlyMap<string, Address>;
}

/** Each object with the manifest that has its id, or with the one that it fits. */
function pairs(
  objects: readonly AccountObject[],
  candidates: readonly Candidate[],
  fitting: Fitting,
): readonly (readonly [string, Candidate])[] {
  const byId = objects.flatMap((object) => {
    const named = candidates.find(({ desired }) => desired.resource.lifecycle.import?.id === object.live.id);
    return named === undefined ? [] : [[keyOf(object), named] as const];
  });
  const known = new Map(byId);
  const used = new Set(known.values());
  const free = objects.filter((object) => !known.has(keyOf(object)) && object.owner === undefined);
  const open = candidates.filter((candidate) => !used.has(candidate));
  const fits = free.flatMap((object): readonly Fit[] => {
    const all = open.filter((candidate) => isFitting(object, candidate, fitting));
    const here = all.filter(({ isHere }) => isHere);
    return (here.length > 0 ? here : all).map((candidate) => ({
      object,
      candidate,
      score: likeness(object, candidate),
    }));
  });
  return [...byId, ...bestPairs(fits).map(({ object, candidate }) => [keyOf(object), candidate] as const)];
}

/** Those that are more like each other than like any other one, again and again among the rest. */
function bestPairs(fits: readonly Fit[]): readonly Fit[] {
  const isRival = (one: Fit, other: Fit) =>
    one !== other && (one.object === other.object || one.candidate === other.candidate);
  const best = fits.filter((fit) => !fits.some((other) => isRival(fit, other) && other.score >= fit.score));
  if (best.length === 0) return [];
  const rest = fits.filter((fit) => !best.includes(fit) && !best.some((other) => isRival(fit, other)));
  return [...best, ...bestPairs(rest)];
}

interface Fit {
  readonly object: AccountObject;
  readonly candidate: Candidate;
  readonly score: number;
}

/** How many declared fields are live so, ids apart: tells objects of one name apart. */
function likeness({ kind, live }: AccountObject, { desired }: Candidate): number {
  const hints = hintsOf(kind);
  const [declared, found] = [desired.spec, live.spec].map((spec) => {
    const links = new Set(linksOf(kind, spec).map(({ path }) => path[0]));
    return Object.entries(canonical(spec, hints)).filter(([key]) => !links.has(key));
  });
  const values = new Map(found);
  return (declared ?? []).filter(([key, value]) => equal(value, values.get(key))).length;
}

function isFitting({ kind, live }: AccountObject, candidate: Candidate, { addresses }: Fitting): boolean {
  const { spec } = candidate.desired;
  const { parent, singleton } = kind.identity;
  if (parent !== undefined) {
    const above = addresses.get(objectKey(parentRule(kind)?.to ?? "", parentId(kind, live.id) ?? ""));
    if (above === undefined || parentOf(kind, candidate) !== above) return false;
    if (singleton === true) return true;
  }
  const name = nameOf(kind, spec);
  return name !== undefined && name === nameOf(kind, live.spec) && isSameType(kind, candidate, live);
}

function isSameType(kind: Kind, { desired: { spec } }: Candidate, live: AccountObject["live"]): boolean {
  const unknown = { tied: undefined, owner: undefined, otherKind: undefined, isElsewhere: false };
  return importProblem(live.id, { kind, spec, live, ...unknown }) === undefined;
}

function parentOf(kind: Kind, { desired: { spec } }: Candidate): Address | undefined {
  const { parent } = kind.identity;
  const reference = parent === undefined ? undefined : valueAt(spec, segments(parent));
  return isReference(reference) ? reference.ref : undefined;
}

/** One of the manifests has its name. */
function isDeclared(kind: Kind, { live }: AccountObject, candidates: readonly Candidate[]): boolean {
  if (kind.identity.singleton === true) return true;
  return candidates.some(({ desired: { spec } }) => nameOf(kind, spec) === nameOf(kind, live.spec));
}
