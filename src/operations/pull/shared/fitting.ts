import type { Address } from "../../../model/address.ts";
import { equal } from "../../../model/json.ts";
import type { Kind } from "../../../model/kind.ts";
import { segments } from "../../../model/pointer.ts";
import { isReference } from "../../../model/resource.ts";
import { canonical } from "../../../reconcile/compare/canonical.ts";
import { hintsOf } from "../../../reconcile/compare/hints.ts";
import { importProblem } from "../../../reconcile/compare/imports.ts";
import { valueAt } from "../../../reconcile/compare/difference.ts";
import { linksOf } from "../../../reconcile/compare/references.ts";
import type { Desired } from "../../../reconcile/observe/desired.ts";
import { nameOf } from "../../../reconcile/observe/natural-name.ts";
import { parentId, parentRule } from "../../../model/object-ids.ts";
import { objectKey } from "../../../schema/author/slugs.ts";
import type { AccountObject } from "../../account/inventory.ts";
import { keyOf } from "../gather.ts";

/** A resource that may be an object of this environment. */
export interface Candidate {
  readonly desired: Desired;
  /** Another environment has it, too. */
  readonly isShared: boolean;
  /** It exists in this environment. */
  readonly isHere: boolean;
}

/**
 * Each object with the manifest that has its id, or with the one that it fits. `addresses` are those of the objects that
 * are known, by `keyOf`.
 */
export function pairs(
  objects: readonly AccountObject[],
  candidates: readonly Candidate[],
  addresses: ReadonlyMap<string, Address>,
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
    const all = open.filter((candidate) => isFitting(object, candidate, addresses));
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

function isFitting(
  { kind, live }: AccountObject,
  candidate: Candidate,
  addresses: ReadonlyMap<string, Address>,
): boolean {
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

export function parentOf(kind: Kind, { desired: { spec } }: Candidate): Address | undefined {
  const { parent } = kind.identity;
  const reference = parent === undefined ? undefined : valueAt(spec, segments(parent));
  return isReference(reference) ? reference.ref : undefined;
}

/** One of the manifests has its name. */
export function isDeclared(kind: Kind, { live }: AccountObject, candidates: readonly Candidate[]): boolean {
  if (kind.identity.singleton === true) return true;
  return candidates.some(({ desired: { spec } }) => nameOf(kind, spec) === nameOf(kind, live.spec));
}
