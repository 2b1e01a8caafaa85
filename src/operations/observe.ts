import type { Json } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import type { LedgerState } from "../model/ledger.ts";
import type { Step } from "../model/plan.ts";
import type { PlanChoices } from "../model/plan-choices.ts";
import { linksOf } from "../reconcile/compare/references.ts";
import { desiredResources } from "../reconcile/observe/desired.ts";
import type { Reading } from "../reconcile/observe/list-check.ts";
import { ownId, parentId } from "../model/object-ids.ts";
import { findPending, type Pending } from "../reconcile/observe/pending.ts";
import { reread, takeSnapshot, wasRead, type Snapshot } from "../reconcile/observe/snapshot.ts";
import {
  findUndeclaredChildren,
  type Parent,
  type UndeclaredChild,
} from "../reconcile/observe/undeclared-children.ts";
import { makeDecisions, type Decisions, type PlanOptions } from "../reconcile/plan/decisions.ts";
import { isPromotable } from "../reconcile/plan/promotion.ts";
import { concernsOthers, type OtherState } from "../reconcile/policy/owner.ts";
import { readAll } from "./other-ledgers.ts";
import type { Workspace } from "./workspace.ts";

/** What is read beyond the lists. */
export interface Scope {
  /** The parents whose undeclared dependent children are looked for: those that are written, or all. */
  readonly childScope: "written" | "managed";
  readonly reading: Reading;
  /** Whether the ledgers of the other environments are asked, where the plan concerns them. */
  readonly otherEnvironments: boolean;
  /** Whether it is looked up what is lost with objects that are to be deleted. */
  readonly pending: boolean;
}

/** The complete picture that a plan is made from. */
export interface Observed {
  readonly snapshot: Snapshot;
  /** What follows from the snapshot. */
  readonly decided: Decisions;
  readonly undeclaredChildren: readonly UndeclaredChild[];
  readonly otherEnvironments: readonly OtherState[];
  readonly pending: readonly Pending[];
}

export interface Subject {
  readonly workspace: Workspace;
  readonly choices: PlanChoices;
  readonly ledger: LedgerState | undefined;
}

/**
 * Lists and matches, and reads by id what the lists show to differ, so that a plan rests on the same answers as the
 * write that follows it. Writes nothing.
 */
export async function observe(
  { workspace, choices, ledger }: Subject,
  { childScope, reading, otherEnvironments, pending }: Scope,
): Promise<Observed> {
  const { provider, resources, memory } = workspace;
  const { kinds } = provider;
  const options = optionsOf(workspace, choices);
  const decisionsOf = memory?.decisions ?? makeDecisions;
  const decidedFrom = (snapshot: Snapshot) => decisionsOf({ kinds, resources, ledger, snapshot, options });
  const desired = desiredResources(resources, kinds);
  const listed = await takeSnapshot(provider, desired, ledger, reading);
  const expected = decidedFrom(listed);
  const unread = [
    ...unreadIn(expected.steps, listed),
    ...unreadObserved(expected, listed),
    ...unreadReferrers(expected.steps, listed, kinds),
    ...unreadVersions(expected, listed),
  ];
  const parents = childScope === "managed" ? managedIn(expected) : writtenIn(expected);
  const [snapshot, undeclaredChildren] = await Promise.all([
    unread.length === 0 ? listed : reread(provider, listed, unread),
    findUndeclaredChildren({ provider, desired, ledger }, parents),
  ]);
  const decided = snapshot.objects === listed.objects ? expected : decidedFrom(snapshot);
  const isAsked = otherEnvironments && concernsOthers(decided, kinds);
  return {
    snapshot,
    decided,
    undeclaredChildren,
    otherEnvironments: isAsked ? await readAll(workspace) : [],
    pending: pending ? await findPending(provider, decided.steps) : [],
  };
}

/** What a plan of an environment is made with. */
export function optionsOf(
  { protectAll, observeAll = false, isIgnored }: Workspace,
  choices: PlanChoices,
): PlanOptions {
  return { ...choices, protectAll, observeAll, ...(isIgnored !== undefined && { isIgnored }) };
}

/** Objects of steps that are known only from a list. */
function unreadIn(steps: readonly Step[], listed: Snapshot): readonly Parent[] {
  return steps
    .filter(({ action }) => action !== "forget")
    .flatMap(objectOf)
    .filter((object) => !wasRead(listed, object));
}

/** Observed objects that differ from their manifests according to a list, and that no step reads again. */
function unreadObserved({ decisions }: Decisions, listed: Snapshot): readonly Unread[] {
  return decisions.flatMap(({ match: { kind, live }, observed, refreshesState, comparison }) => {
    const isTold = observed === true && !refreshesState && (comparison?.changes.length ?? 0) > 0;
    if (!isTold || live === undefined || wasRead(listed, { kind: kind.kind, id: live.id })) return [];
    return [{ kind: kind.kind, id: live.id }];
  });
}

/** Objects that prevent a deletion by referring to the object. Lists can still show deleted ones, so these are read. */
function unreadReferrers(
  steps: readonly Step[],
  listed: Snapshot,
  kinds: ReadonlyMap<string, Kind>,
): readonly Unread[] {
  const deleted = steps.filter(({ action }) => action === "delete").flatMap(({ objectId }) => objectId ?? []);
  if (deleted.length === 0) return [];
  const ids = new Set<Json>(deleted.map(ownId));
  const stays = [...kinds.values()].filter(({ identity }) => identity.parent === undefined);
  return stays.flatMap((kind) =>
    (listed.objects.get(kind.kind) ?? [])
      .filter(({ id }) => !wasRead(listed, { kind: kind.kind, id }) && !deleted.includes(id))
      .filter(({ spec }) => linksOf(kind, spec).some(({ value }) => ids.has(value)))
      .map(({ id }) => ({ kind: kind.kind, id })),
  );
}

/** Versions that an update may promote, if their content is what the update will write. */
function unreadVersions({ matches, steps }: Decisions, listed: Snapshot): readonly Unread[] {
  const written = new Set(steps.filter(({ action }) => action === "update").map(({ objectId }) => objectId));
  return matches.filter(isPromotable).flatMap(({ kind, live }) => {
    const object = { kind: kind.kind, id: live?.id ?? "" };
    return written.has(parentId(kind, object.id)) && !wasRead(listed, object) ? [object] : [];
  });
}

type Unread = Pick<Parent, "kind" | "id">;

function writtenIn({ steps }: Decisions): readonly Parent[] {
  return steps.filter(({ action }) => action === "update").flatMap(objectOf);
}

function managedIn({ decisions }: Decisions): readonly Parent[] {
  return decisions.flatMap(({ match: { address, kind, live } }) =>
    live === undefined ? [] : [{ address, kind: kind.kind, id: live.id }],
  );
}

function objectOf({ address, kind, objectId }: Step): readonly Parent[] {
  return objectId === undefined ? [] : [{ address, kind, id: objectId }];
}
