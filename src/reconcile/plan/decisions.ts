import type { Address } from "../../model/address.ts";
import { grouped } from "../../model/grouped.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { PlanChoices } from "../../model/plan-choices.ts";
import { pointer, segments } from "../../model/pointer.ts";
import type { Resource } from "../../model/resource.ts";
import { hintsOf } from "../compare/hints.ts";
import { withComparableDigests } from "../compare/outdated-digests.ts";
import { targetsOf } from "../compare/references.ts";
import { decide, type DecideOptions, type Decision, writes } from "../decide/decide.ts";
import { observedIn } from "../decide/observed.ts";
import { dependencyOf } from "../observe/dependent-kinds.ts";
import { desiredResources } from "../observe/desired.ts";
import { idsOf, match, type Match } from "../observe/match.ts";
import { parentId, parentRule } from "../../model/object-ids.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import { withPromotions } from "./promotion.ts";
import { type Steps, stepsOf } from "./steps.ts";

/** What decisions are made from. */
export interface DecisionInput {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly resources: readonly Resource[];
  readonly ledger: LedgerState | undefined;
  readonly snapshot: Snapshot;
  readonly options: PlanOptions;
}

export interface PlanOptions extends PlanChoices {
  /** Everything in this environment is protected. */
  readonly protectAll: boolean;
  /** Everything in this environment is observed. */
  readonly observeAll?: boolean;
  /** Which live objects are ignored. */
  readonly isIgnored?: NonNullable<DecideOptions["isIgnored"]>;
  /** As in `DecideOptions`. */
  readonly compare?: NonNullable<DecideOptions["compare"]>;
}

/** What is to be done, before any policy. */
export interface Decisions extends Steps {
  /** All resources, those included about which nothing is decided. */
  readonly matches: readonly Match[];
  /** The same with all manifests, also where everything is to be destroyed. */
  readonly declaredMatches: readonly Match[];
  readonly ids: ReadonlyMap<Address, string>;
  readonly decisions: readonly Decision[];
  /** The resources that are observed, selected or not. */
  readonly observed: ReadonlySet<Address>;
}

export function makeDecisions({ kinds, resources, ledger, snapshot, options }: DecisionInput): Decisions {
  const matchedTo = (manifests: readonly Resource[]) =>
    match([...kinds.values()], {
      desired: desiredResources(manifests, kinds),
      ledger,
      objects: snapshot.objects,
    });
  const matched = matchedTo(options.destroy === true ? [] : resources).map(comparable);
  const ids = idsOf(matched);
  const matches = matched.map((one) => withResolvedIgnores(one, ids));
  const observed = observedIn(matches, { ...options, declaredObservation: observationIn(resources) });
  const decided = decideAll(selected(matches, options.only), ids, {
    ...options,
    observed,
    declaredProtection: protectionIn(resources),
  });
  const decisions = withPromotions(decided, matches);
  const declaredMatches = options.destroy === true ? matchedTo(resources) : matches;
  return { matches, declaredMatches, ids, decisions, observed, ...stepsOf(decisions, matches) };
}

function comparable(one: Match): Match {
  const { entry, live, desired, kind } = one;
  if (entry === undefined || live === undefined) return one;
  const values = { live: live.spec, desired: desired?.spec };
  const fresh = withComparableDigests(entry, values, hintsOf(kind));
  return fresh === undefined ? one : { ...one, entry: fresh, isOutdated: true };
}

/** Ignored paths go by the ids of the elements; manifests name elements that are references by their addresses. */
function withResolvedIgnores(one: Match, ids: ReadonlyMap<Address, string>): Match {
  const { desired } = one;
  const paths = desired?.resource.lifecycle.ignore ?? [];
  if (desired === undefined || !paths.some((path) => path.includes("~1"))) return one;
  const ignore = paths.map((path) =>
    pointer(segments(path).map((segment) => ids.get(segment as Address) ?? segment)),
  );
  const { resource } = desired;
  const lifecycle = { ...resource.lifecycle, ignore };
  return { ...one, desired: { ...desired, resource: { ...resource, lifecycle } } };
}

function protectionIn(resources: readonly Resource[]): ReadonlyMap<Address, boolean> {
  return new Map(
    resources.flatMap(({ address, lifecycle: { protect, movedFrom } }) =>
      protect === undefined ? [] : [...movedFrom, address].map((one) => [one, protect] as const),
    ),
  );
}

function observationIn(resources: readonly Resource[]): ReadonlySet<Address> {
  return new Set(
    resources.flatMap(({ address, lifecycle: { observe, movedFrom } }) =>
      observe === true ? [...movedFrom, address] : [],
    ),
  );
}

/** What refers to an object that is to be replaced refers to one that does not exist yet. */
function decideAll(
  matches: readonly Match[],
  ids: ReadonlyMap<Address, string>,
  options: DecideOptions,
): readonly Decision[] {
  const decisions = withParentsKept(matches.map((one) => decide(one, ids, options)));
  const replaced = decisions.flatMap(({ match: { address }, action }) =>
    action === "replace" && ids.has(address) ? [address] : [],
  );
  if (replaced.length === 0) {
    const written = grouped(decisions.filter(writes), ({ match: { live } }) => live?.id);
    return decisions.map((decision) => markCascadeDelete(decision, written));
  }
  const lasting = new Map(ids);
  for (const address of replaced) lasting.delete(address);
  return decideAll(matches, lasting, options);
}

/** What an object lives under is not deleted either. */
function withParentsKept(decisions: readonly Decision[]): readonly Decision[] {
  const kept = new Map(
    decisions.flatMap(({ isKept, match: { kind, live, address } }) => {
      const parent = isKept === true && live !== undefined ? parentId(kind, live.id) : undefined;
      return parent === undefined ? [] : [[`${parentRule(kind)?.to} ${parent}`, address] as const];
    }),
  );
  if (kept.size === 0) return decisions;
  return decisions.map((decision): Decision => {
    const { kind, live } = decision.match;
    const child = kept.get(`${kind.kind} ${live?.id}`);
    if (child === undefined || decision.action !== "delete") return decision;
    const reason = `it is kept because of ${child}, which .rollcallignore keeps`;
    return Object.assign({}, decision, { action: "no-op" as const, reason, isKept: true as const });
  });
}

/** A dependent child that left the manifests and that the write to its parent removes counts as deleted. */
function markCascadeDelete(
  decision: Decision,
  written: ReadonlyMap<string | undefined, readonly Decision[]>,
): Decision {
  const { match, action } = decision;
  const { kind, live, desired } = match;
  const isDependent = kind.identity.singleton === true && dependencyOf(kind) !== undefined;
  if (!isDependent || action !== "no-op" || desired !== undefined || live === undefined) return decision;
  const parent = written.get(live.id)?.find((other) => other.match.kind !== kind);
  if (parent === undefined) return decision;
  const reason = `no longer in the manifests, and the write to ${parent.match.address} removes it`;
  return { ...decision, action: "delete", reason };
}

/**
 * The chosen addresses, every resource that does not exist yet and that they refer to, and the dependent children of all
 * of these.
 */
function selected(matches: readonly Match[], only: ReadonlySet<Address> | undefined): readonly Match[] {
  if (only === undefined) return matches;
  const byAddress = new Map(matches.map((one) => [one.address, one]));
  const childrenOf = grouped(dependentChildren(matches), ({ parent }) => parent);
  const wanted = new Set<Address>();
  const add = (address: Address): void => {
    const one = byAddress.get(address);
    if (one === undefined || wanted.has(address)) return;
    wanted.add(address);
    const targets = one.desired === undefined ? [] : targetsOf(one.kind, one.desired.spec);
    for (const target of targets) if (byAddress.get(target)?.live === undefined) add(target);
    for (const child of childrenOf.get(address) ?? []) add(child.address);
  };
  for (const address of only) add(address);
  return matches.filter(({ address }) => wanted.has(address));
}

interface DependentChild {
  readonly address: Address;
  readonly parent: Address;
}

function dependentChildren(matches: readonly Match[]): readonly DependentChild[] {
  const byId = grouped(matches, ({ live }) => live?.id);
  return matches.flatMap(({ kind, desired, live, address }): readonly DependentChild[] => {
    const rule = dependencyOf(kind);
    if (rule === undefined) return [];
    if (desired !== undefined) return targetsOf(kind, desired.spec).map((parent) => ({ address, parent }));
    const parents = byId.get(live?.id)?.filter((other) => other.kind.kind === rule.to) ?? [];
    return parents.map((parent) => ({ address, parent: parent.address }));
  });
}
