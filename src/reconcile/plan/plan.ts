import type { Address } from "../../model/address.ts";
import type { OnConflict } from "../../model/conflict.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { Plan, Refusal } from "../../model/plan.ts";
import type { Target } from "../../model/provider.ts";
import type { Resource } from "../../model/resource.ts";
import { unaskedAdoptions } from "../decide/adoption.ts";
import { decide, writes, type DecideOptions, type Decision } from "../decide/decide.ts";
import { desiredOf } from "../observe/desired.ts";
import { appeared, driftOf } from "./drift.ts";
import { foreignCounts, foreignIn, foreignObject } from "../observe/foreign.ts";
import { grouped } from "../../model/grouped.ts";
import { specsAfter } from "./inherited.ts";
import { idsOf, match, type Match } from "../observe/match.ts";
import { hintsOf } from "../compare/hints.ts";
import { unfitImports } from "../policy/import-refusals.ts";
import { withComparableDigests } from "../compare/outdated-digests.ts";
import { doubled, heldNames, knownIn, vanished } from "../policy/ownership.ts";
import { refusals, type Bystander, type PolicyOptions } from "../policy/policy.ts";
import { targetsOf } from "../compare/references.ts";
import { stepsOf, type Steps } from "./steps.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import { resourceChange, usersOf, type View } from "./view.ts";

export interface PlanInput {
  readonly project: string;
  readonly environment: string;
  readonly target: Target;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly resources: readonly Resource[];
  readonly ledger: LedgerState | undefined;
  readonly snapshot: Snapshot;
  readonly commit?: string;
  /** The file that the text at a path of a resource was included from. */
  readonly includedFile?: (address: Address, path: string) => string | undefined;
  readonly options: PlanOptions;
}

interface PlanOptions {
  readonly prune: boolean;
  readonly onConflict: OnConflict;
  readonly allowMassChange: boolean;
  /** Objects that are found by their name may be changed. */
  readonly adopt?: boolean;
  readonly protectAll: boolean;
  readonly bystanders: readonly Bystander[];
  /** Name the live objects that nobody declares. */
  readonly showForeign?: boolean;
  /** Every resource is to go, declared or not. */
  readonly destroy?: boolean;
  /** Only these, and what must exist for them. */
  readonly only?: ReadonlySet<Address>;
  /** As in `DecideOptions`. */
  readonly compare?: NonNullable<DecideOptions["compare"]>;
}

/** What apply would do, as data. Pure: the same input gives the same plan. */
export function makePlan(input: PlanInput): Plan {
  const { kinds, ledger, snapshot, options } = input;
  const desired = desiredOf(options.destroy === true ? [] : input.resources, kinds);
  const matches = match([...kinds.values()], { desired, ledger, objects: snapshot.objects }).map(comparable);
  const ids = idsOf(matches);
  const decisions = decisionsOf(selected(matches, options.only), ids, {
    ...options,
    declaredProtection: protectionIn(input.resources),
  });
  const names = Object.fromEntries([...ids].map(([address, id]) => [id, address]));
  const { steps, stuck } = stepsOf(decisions, matches);
  const isOtherKey = ledger?.account !== undefined && ledger.account !== input.target.account;
  const foreign = foreignIn(matches, snapshot, kinds);
  const policy = {
    ...options,
    destroy: options.destroy ?? false,
    declared: input.resources.length,
    managed: matches.flatMap((one) => knownIn(one) ?? []).length,
    bystanders: wiped(options, steps),
    others: othersIn(matches, decisions, foreign),
  };
  const includedFile = input.includedFile ?? (() => undefined);
  const bystanders = options.bystanders.map(({ parent }) => parent);
  const view: View = {
    includedFile,
    names,
    users: usersOf(matches),
    after: specsAfter(matches, decisions),
    resets: resetsIn(steps, bystanders),
    onConflict: options.onConflict,
  };
  return {
    project: input.project,
    environment: input.environment,
    ...(options.destroy === true ? { destroy: true as const } : {}),
    target: input.target,
    ledger: { ...(ledger === undefined ? {} : { lineage: ledger.lineage }), serial: ledger?.serial ?? 0 },
    ...(input.commit === undefined ? {} : { commit: input.commit }),
    changes: decisions.map((decision) => resourceChange(decision, view)),
    drift: [
      ...decisions.flatMap((decision) => driftOf(decision, view)),
      ...options.bystanders.filter(({ isOwn }) => isOwn !== true).map(appeared),
    ],
    refusals: [
      ...refusals(decisions, policy),
      ...cycle(stuck),
      ...doubled(decisions),
      ...heldNames(decisions),
      ...unfitImports(decisions),
      ...(options.adopt === true ? [] : unaskedAdoptions(decisions, { matches, ids, ledger })),
      ...(options.allowMassChange ? [] : vanished(matches, isOtherKey)),
    ],
    steps,
    names,
    foreign: foreignCounts(foreign),
    ...(options.showForeign === true
      ? { foreignObjects: foreign.map(({ kind, object }) => foreignObject(kind, object)) }
      : {}),
    counts: {
      manifests: input.resources.length,
      live: matches.filter(({ live }) => live !== undefined).length,
    },
  };
}

function comparable(one: Match): Match {
  const { entry, live, desired, kind } = one;
  if (entry === undefined || live === undefined) return one;
  const values = { live: live.spec, desired: desired?.spec };
  const fresh = withComparableDigests(entry, values, hintsOf(kind));
  return fresh === undefined ? one : { ...one, entry: fresh, isOutdated: true };
}

function protectionIn(resources: readonly Resource[]): ReadonlyMap<Address, boolean> {
  return new Map(
    resources.flatMap(({ address, lifecycle: { protect, movedFrom } }) =>
      protect === undefined ? [] : [...movedFrom, address].map((one) => [one, protect] as const),
    ),
  );
}

/** What refers to an object that is to be replaced refers to one that does not exist yet. */
function decisionsOf(
  matches: readonly Match[],
  ids: ReadonlyMap<Address, string>,
  options: DecideOptions,
): readonly Decision[] {
  const decisions = matches.map((one) => decide(one, ids, options));
  const replaced = decisions.flatMap(({ match, action }) =>
    action === "replace" && ids.has(match.address) ? [match.address] : [],
  );
  if (replaced.length === 0) {
    const written = grouped(decisions.filter(writes), ({ match: { live } }) => live?.id);
    return decisions.map((decision) => swept(decision, written));
  }
  const lasting = new Map(ids);
  for (const address of replaced) lasting.delete(address);
  return decisionsOf(matches, lasting, options);
}

/** An orphan that the write to its parent removes is deleted, and is to be counted as such. */
function swept(decision: Decision, written: ReadonlyMap<string | undefined, readonly Decision[]>): Decision {
  const { match, action } = decision;
  const { kind, live, desired } = match;
  const isReset =
    kind.identity.singleton === true && kind.references.some((rule) => rule.resetByTarget === true);
  if (!isReset || action !== "no-op" || desired !== undefined || live === undefined) return decision;
  const parent = written.get(live.id)?.find((other) => other.match.kind !== kind);
  if (parent === undefined) return decision;
  const reason = `it left the manifests, and the write to ${parent.match.address} removes it`;
  return { ...decision, action: "delete", reason };
}

/**
 * The chosen addresses, every resource that does not exist yet and that they refer to, and what a write to them may
 * silently remove.
 */
function selected(matches: readonly Match[], only: ReadonlySet<Address> | undefined): readonly Match[] {
  if (only === undefined) return matches;
  const byAddress = new Map(matches.map((one) => [one.address, one]));
  const byId = grouped(matches, ({ live }) => live?.id);
  const companions = matches.flatMap(({ kind, desired, live, address }) => {
    const rule = kind.references.find(({ resetByTarget }) => resetByTarget === true);
    if (rule === undefined) return [];
    if (desired !== undefined) return targetsOf(kind, desired.spec).map((of) => ({ address, of }));
    const parents = byId.get(live?.id)?.filter((other) => other.kind.kind === rule.to) ?? [];
    return parents.map((parent) => ({ address, of: parent.address }));
  });
  const companionsOf = grouped(companions, ({ of }) => of);
  const wanted = new Set<Address>();
  const add = (address: Address): void => {
    const one = byAddress.get(address);
    if (one === undefined || wanted.has(address)) return;
    wanted.add(address);
    const targets = one.desired === undefined ? [] : targetsOf(one.kind, one.desired.spec);
    for (const target of targets) if (byAddress.get(target)?.live === undefined) add(target);
    for (const companion of companionsOf.get(address) ?? []) add(companion.address);
  };
  for (const address of only) add(address);
  return matches.filter(({ address }) => wanted.has(address));
}

/** Former versions of an object are its history, and use nothing. */
function othersIn(
  matches: readonly Match[],
  decisions: readonly Decision[],
  foreign: ReturnType<typeof foreignIn>,
): PolicyOptions["others"] {
  const decided = new Set(decisions.map(({ match }) => match.address));
  const left = matches.flatMap(({ kind, live, address }) =>
    live === undefined || decided.has(address) ? [] : [{ kind, object: live, address }],
  );
  return [...left, ...foreign.filter(({ kind }) => kind.identity.parent === undefined)];
}

/** What a write takes something away from that lives under it. */
function resetsIn(steps: Steps["steps"], bystanders: readonly Address[]): ReadonlySet<Address | undefined> {
  return new Set([
    ...bystanders,
    ...steps.filter(({ action }) => action === "ensure").map(({ parent }) => parent),
  ]);
}

function cycle(stuck: readonly Address[]): readonly Refusal[] {
  return stuck.map((address) => ({
    address,
    rule: "cycle" as const,
    message: `${address} cannot be ordered: it and what it refers to need each other first`,
    hint: "remove one of the references",
  }));
}

/** Bystanders whose parent this plan writes to, but for those that it deletes anyway. */
function wiped({ bystanders, prune, destroy }: PlanOptions, steps: Steps["steps"]): readonly Bystander[] {
  const written = new Set(steps.filter(({ action }) => action === "update").map(({ address }) => address));
  const goes = prune || destroy === true;
  return bystanders.filter(({ parent, isOwn }) => written.has(parent) && !(isOwn === true && goes));
}
