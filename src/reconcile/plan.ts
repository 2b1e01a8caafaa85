import type { Address } from "../model/address.ts";
import type { Json } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import type { LedgerState } from "../model/ledger.ts";
import type { ForeignObject, Plan, Refusal, ResourceChange, ResourceDrift, Risk } from "../model/plan.ts";
import type { LiveObject, Target } from "../model/provider.ts";
import type { Resource } from "../model/resource.ts";
import { pathChange, redacted, type Wording } from "./change.ts";
import { decide, writes, type Decision } from "./decide.ts";
import { desiredOf } from "./desired.ts";
import { hintsOf } from "./hints.ts";
import { idsOf, isRecreated, match, nameOf, referenceId, type Match } from "./match.ts";
import { refusals, type Bystander } from "./policy.ts";
import { linksOf, targetsOf } from "./references.ts";
import { stepsOf, type Steps } from "./steps.ts";
import type { Snapshot } from "./snapshot.ts";

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

export interface PlanOptions {
  readonly prune: boolean;
  readonly onConflict: "refuse" | "overwrite";
  readonly allowMassChange: boolean;
  readonly protectAll: boolean;
  readonly bystanders: readonly Bystander[];
  /** Name the live objects that nobody declares. */
  readonly showForeign?: boolean;
  /** Every resource is to go, declared or not. */
  readonly destroy?: boolean;
  /** Only these, and what must exist for them. */
  readonly only?: ReadonlySet<Address>;
}

/** What apply would do, as data. Pure: the same input gives the same plan. */
export function makePlan(input: PlanInput): Plan {
  const { kinds, ledger, snapshot, options } = input;
  const desired = desiredOf(options.destroy === true ? [] : input.resources, kinds);
  const matches = match([...kinds.values()], { desired, ledger, objects: snapshot.objects });
  const ids = idsOf(matches);
  const decisions = decisionsOf(selected(matches, options.only), ids, options);
  const names = Object.fromEntries([...ids].map(([address, id]) => [id, address]));
  const { steps, stuck } = stepsOf(decisions, matches);
  const policy = {
    ...options,
    destroy: options.destroy ?? false,
    managed: matches.filter(({ entry }) => entry !== undefined).length,
    bystanders: wiped(options.bystanders, steps),
  };
  const foreign = foreignIn(matches, input);
  const view: View = { input, names, users: usersOf(matches), decisions, steps };
  return {
    project: input.project,
    environment: input.environment,
    target: input.target,
    ledger: { ...(ledger === undefined ? {} : { lineage: ledger.lineage }), serial: ledger?.serial ?? 0 },
    ...(input.commit === undefined ? {} : { commit: input.commit }),
    changes: decisions.map((decision) => resourceChange(decision, view)),
    drift: [...decisions.flatMap((decision) => driftOf(decision, view)), ...options.bystanders.map(appeared)],
    refusals: [...refusals(decisions, policy), ...cycle(stuck)],
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

/** What refers to an object that is to be replaced refers to one that does not exist yet. */
function decisionsOf(
  matches: readonly Match[],
  ids: ReadonlyMap<Address, string>,
  options: PlanOptions,
): readonly Decision[] {
  const decisions = matches.map((one) => decide(one, ids, options));
  const replaced = decisions.flatMap(({ match, action }) =>
    action === "replace" && ids.has(match.address) ? [match.address] : [],
  );
  if (replaced.length === 0) return decisions.map((decision) => swept(decision, decisions));
  const lasting = new Map([...ids].filter(([address]) => !replaced.includes(address)));
  return decisionsOf(matches, lasting, options);
}

/** An orphan that the write to its parent removes is deleted, and is to be counted as such. */
function swept(decision: Decision, all: readonly Decision[]): Decision {
  const { match, action } = decision;
  const { kind, live, desired } = match;
  const isReset =
    kind.identity.singleton === true && kind.references.some((rule) => rule.resetByTarget === true);
  if (!isReset || action !== "no-op" || desired !== undefined || live === undefined) return decision;
  const parent = all.find(
    (other) => other.match.live?.id === live.id && other.match.kind !== kind && writes(other),
  );
  if (parent === undefined) return decision;
  const reason = `it left the manifests, and the write to ${parent.match.address} removes it`;
  return { ...decision, action: "delete", reason };
}

interface View {
  readonly input: PlanInput;
  readonly names: Readonly<Record<string, Address>>;
  /** How many live objects hold each id. */
  readonly users: ReadonlyMap<Json, number>;
  readonly decisions: readonly Decision[];
  readonly steps: Steps["steps"];
}

/** The chosen addresses and every resource that does not exist yet and that they refer to. */
function selected(matches: readonly Match[], only: ReadonlySet<Address> | undefined): readonly Match[] {
  if (only === undefined) return matches;
  const byAddress = new Map(matches.map((one) => [one.address, one]));
  const wanted = new Set<Address>();
  const add = (address: Address): void => {
    const one = byAddress.get(address);
    if (one === undefined || wanted.has(address)) return;
    wanted.add(address);
    const targets = one.desired === undefined ? [] : targetsOf(one.kind, one.desired.spec);
    for (const target of targets) if (byAddress.get(target)?.live === undefined) add(target);
  };
  for (const address of only) add(address);
  return matches.filter(({ address }) => wanted.has(address));
}

function usersOf(matches: readonly Match[]): ReadonlyMap<Json, number> {
  const users = new Map<Json, number>();
  for (const { kind, live } of matches) {
    if (live === undefined) continue;
    const links = linksOf(kind, live.spec).filter(({ rule }) => rule.at !== kind.identity.parent);
    for (const id of new Set(links.map(({ value }) => value))) users.set(id, (users.get(id) ?? 0) + 1);
  }
  return users;
}

function usersIn({ users }: View, { kind, live }: Match): number | undefined {
  const id = live === undefined ? undefined : referenceId(kind, live.id);
  return id === undefined ? undefined : users.get(id);
}

function wordingOf({ match }: Decision, { input, names }: View): Wording {
  const includedFile = (path: string) => input.includedFile?.(match.address, path);
  return { hints: hintsOf(match.kind), names, includedFile };
}

function resourceChange(decision: Decision, view: View): ResourceChange {
  const { match, action, comparison, spec, reason } = decision;
  const wording = wordingOf(decision, view);
  const hints = hintsOf(match.kind);
  const after = comparison?.target ?? spec;
  const shown = action !== "no-op";
  const changes = [...(comparison?.changes ?? []), ...(comparison?.released ?? [])];
  const usedBy = usersIn(view, match);
  return {
    address: match.address,
    kind: match.kind.kind,
    action,
    ...(match.live === undefined ? {} : { id: match.live.id }),
    ...(reason === undefined ? {} : { reason }),
    ...(match.movedFrom === undefined ? {} : { movedFrom: match.movedFrom }),
    changes: changes.map((change) => pathChange(change, wording)),
    unmanaged: (comparison?.unmanaged ?? []).map((path) => pathChange(path, wording)),
    risks: risksOf(decision, view),
    ...(usedBy === undefined ? {} : { usedBy }),
    ...(shown && match.live !== undefined ? { before: redacted(match.live.spec, hints) } : {}),
    ...(shown && after !== undefined && action !== "delete" ? { after: redacted(after, hints) } : {}),
  };
}

function risksOf({ match, action, comparison, protect }: Decision, view: View): readonly Risk[] {
  const writes = (comparison?.changes.length ?? 0) > 0;
  const deletes = action === "delete" || action === "replace";
  const users = usersIn(view, match) ?? 0;
  const resets = view.steps.some(({ action, parent }) => action === "ensure" && parent === match.address);
  return [
    ...(writes && match.kind.reachesCallers === true ? ["reaches-callers" as const] : []),
    ...(writes && resets ? ["canary-reset" as const] : []),
    ...(writes && users > 0 && match.kind.reachesCallers !== true ? ["shared-tool" as const] : []),
    ...(deletes ? ["deletes" as const] : []),
    ...(deletes && protect ? ["protected" as const] : []),
  ];
}

function driftOf(decision: Decision, view: View): readonly ResourceDrift[] {
  const { match, comparison } = decision;
  const { address, kind, entry, live } = match;
  if (entry === undefined) return [];
  const base = { address, kind: kind.kind, id: entry.id };
  if (live === undefined) return [{ ...base, what: "deleted", changes: [], unmanaged: [] }];
  const wording = wordingOf(decision, view);
  const changes = (comparison?.changes ?? [])
    .filter((change) => change.class === "drift" || change.class === "conflict")
    .map((change) => pathChange(change, wording));
  const unmanaged = (comparison?.moved ?? []).map((change) => pathChange(change, wording));
  if (isRecreated(match)) return [{ ...base, id: live.id, what: "recreated", changes, unmanaged }];
  return changes.length + unmanaged.length === 0 ? [] : [{ ...base, what: "changed", changes, unmanaged }];
}

function appeared({ parent, kind, object }: Bystander): ResourceDrift {
  return { address: parent, kind, id: object.id, what: "appeared", changes: [], unmanaged: [] };
}

/** Bystanders whose parent this plan writes to. */
function wiped(bystanders: readonly Bystander[], steps: Steps["steps"]): readonly Bystander[] {
  const written = new Set(steps.filter(({ action }) => action === "update").map(({ address }) => address));
  return bystanders.filter(({ parent }) => written.has(parent));
}

function cycle(stuck: readonly Address[]): readonly Refusal[] {
  return stuck.map((address) => ({
    address,
    rule: "cycle" as const,
    message: `${address} cannot be ordered: it and what it refers to need each other first`,
    hint: "remove one of the references",
  }));
}

interface Foreign {
  readonly kind: Kind;
  readonly object: LiveObject;
}

function foreignIn(matches: readonly Match[], { snapshot, kinds }: PlanInput): readonly Foreign[] {
  const ours = new Set(
    matches.flatMap(({ kind, live }) => (live === undefined ? [] : [`${kind.kind} ${live.id}`])),
  );
  return [...snapshot.objects].flatMap(([name, objects]) => {
    const kind = kinds.get(name);
    if (kind === undefined) return [];
    return objects.filter(({ id }) => !ours.has(`${name} ${id}`)).map((object) => ({ kind, object }));
  });
}

/** Former versions of a managed object are its history, not somebody else's property. */
function foreignCounts(foreign: readonly Foreign[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { kind } of foreign) {
    if (kind.identity.parent === undefined) counts.set(kind.kind, (counts.get(kind.kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort());
}

function foreignObject(kind: Kind, { id, spec }: LiveObject): ForeignObject {
  const name = nameOf(kind, spec);
  return { kind: kind.kind, id, ...(typeof name === "string" ? { name } : {}) };
}
