import type { LedgerState } from "../model/ledger.ts";
import type { Plan, Step } from "../model/plan.ts";
import type { Provider } from "../model/provider.ts";
import { findBystanders } from "../reconcile/policy/bystanders.ts";
import type { Resource } from "../model/resource.ts";
import { desiredOf } from "../reconcile/observe/desired.ts";
import { recover, recoveredState } from "../reconcile/recover/recover.ts";
import { makePlan, type PlanInput } from "../reconcile/plan/plan.ts";
import type { Bystander } from "../reconcile/policy/policy.ts";
import type { Reading } from "../reconcile/observe/list-check.ts";
import { reread, takeSnapshot, type Snapshot } from "../reconcile/observe/snapshot.ts";
import { refusalsOfOthers } from "./other-ledgers.ts";
import type { PlanChoices, Workspace } from "./workspace.ts";

/** Whose undeclared companions, such as canaries, are looked for: of what is to be written, or of everything. */
export type Lookout = "written" | "managed";

/** What is looked at beyond the lists. By default what is to be written, and a sample of the rest. */
export interface Scope {
  readonly lookout: Lookout;
  readonly reading: Reading;
}

/** Reads what is live and compares, and asks the ledgers of the other environments. Writes nothing. */
export async function planProject(
  workspace: Workspace,
  choices: PlanChoices,
  ledger: LedgerState | undefined,
): Promise<Plan> {
  const plan = await comparedPlan(workspace, choices, ledger);
  const refusals = await refusalsOfOthers(workspace, plan, choices);
  return refusals.length === 0 ? plan : { ...plan, refusals: [...plan.refusals, ...refusals] };
}

/**
 * Reads what is live and compares. Writes nothing. What the listings show to differ is read once more by id, so
 * that a plan rests on the same answers as the write that follows it.
 */
export async function comparedPlan(
  workspace: Workspace,
  choices: PlanChoices,
  ledger: LedgerState | undefined,
  { lookout, reading }: Scope = scopeOf(workspace, choices),
): Promise<Plan> {
  const { provider } = workspace;
  const desired = desiredOf(workspace.resources, provider.kinds);
  const first = await takeSnapshot(provider, desired, ledger, reading);
  const draft = makePlan(inputOf(workspace, choices, ledger, first, []));
  const touched = draft.steps.filter(({ action }) => action !== "forget").flatMap(objectOf);
  const unread = touched.filter(({ id }) => !first.read.has(id));
  const written = draft.steps.filter(({ action }) => action === "update").flatMap(objectOf);
  const managed = draft.changes.flatMap(({ address, kind, id }) =>
    id === undefined ? [] : [{ address, kind, id }],
  );
  const [snapshot, bystanders] = await Promise.all([
    unread.length === 0 ? first : reread(provider, first, unread),
    findBystanders(provider, desired, ledger, lookout === "managed" ? managed : written),
  ]);
  const plan =
    snapshot === first && bystanders.length === 0
      ? draft
      : makePlan(inputOf(workspace, choices, ledger, snapshot, bystanders));
  return reading.mode === "lists" ? { ...plan, unread: unreadIn(plan, snapshot, provider.kinds) } : plan;
}

/** A saved plan is compared with one of the same sample: another one may find what nobody has reviewed. */
function scopeOf({ runtime }: Workspace, { turn }: PlanChoices): Scope {
  return { lookout: "written", reading: { mode: "sample", turn: turn ?? runtime.now().getTime() } };
}

/** Objects of which nothing is known but what a list says. */
function unreadIn({ changes }: Plan, { read }: Snapshot, kinds: Provider["kinds"]): number {
  return changes.filter(
    ({ kind, id }) => id !== undefined && !read.has(id) && kinds.get(kind)?.identity.singleton !== true,
  ).length;
}

/** What the plan sees to: nothing is declared where everything is to go. */
export function plannedResources(
  { resources }: Workspace,
  { destroy }: Pick<PlanChoices, "destroy">,
): readonly Resource[] {
  return destroy === true ? [] : resources;
}

/** The ledger as the next apply will find it: what an interrupted run had done is counted in. Writes nothing. */
export async function currentLedger(
  workspace: Workspace,
  choices: Pick<PlanChoices, "destroy"> = {},
): Promise<LedgerState | undefined> {
  const { ledger, provider } = workspace;
  const state = await ledger.read();
  if (state === undefined) return undefined;
  return recoveredState(state, await recover(provider, state, plannedResources(workspace, choices)));
}

function objectOf({ address, kind, objectId }: Step) {
  return objectId === undefined ? [] : [{ address, kind, id: objectId }];
}

function inputOf(
  workspace: Workspace,
  choices: PlanChoices,
  ledger: LedgerState | undefined,
  snapshot: Snapshot,
  bystanders: readonly Bystander[],
): PlanInput {
  const { project, environment, provider, resources, commit, protectAll, includedFile } = workspace;
  return {
    project,
    environment,
    target: provider.target,
    kinds: provider.kinds,
    resources,
    ledger,
    snapshot,
    includedFile,
    ...(commit === undefined ? {} : { commit }),
    options: { ...choices, protectAll, bystanders },
  };
}
