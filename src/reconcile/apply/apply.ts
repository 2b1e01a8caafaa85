import type { Address } from "../../model/address.ts";
import type { ApplyEvent, ApplyResult, StepOutcome } from "../../model/event.ts";
import {
  LedgerError,
  type Fact,
  type Intent,
  type LedgerSession,
  type LedgerState,
} from "../../model/ledger.ts";
import type { Plan, Step } from "../../model/plan.ts";
import { ProviderError, type LiveObject, type Provider } from "../../model/provider.ts";
import type { Runtime } from "../../model/runtime.ts";
import { dependentChildrenIn } from "./dependent-children.ts";
import { execute } from "./execute.ts";
import { listedIn, type Execution, type Listed } from "./execution.ts";
import { grouped } from "../../model/grouped.ts";
import { byAddress, byObject, intentsOf, standingIntents } from "../recover/intents.ts";
import { ownId } from "../observe/match.ts";
import { isDone, runInOrder, type Outcomes } from "./run-in-order.ts";

export interface ApplyOptions {
  /** Who started the run: on record with every intent. */
  readonly who: string;
  /** How many independent steps run side by side. */
  readonly parallelism: number;
  readonly commit?: string;
  /** When it is aborted, what is in flight is finished and nothing new is started. */
  readonly signal?: AbortSignal;
  readonly onEvent: (event: ApplyEvent) => void;
}

/** Carries out a plan step by step. A failed step blocks what depends on it; the rest goes on. */
export async function applyPlan(
  plan: Plan,
  provider: Provider,
  session: LedgerSession,
  runtime: Runtime,
  options: ApplyOptions,
): Promise<ApplyResult> {
  const { account } = session.state;
  const before = standingIntents(session.state, plan.steps);
  const { byStep, fresh } = intentsOf(plan, provider.kinds, { runtime, who: options.who }, before);
  const isNewKey = account !== provider.target.account;
  const intended = [...resumedIn(session.state, byStep), ...fresh];
  if (intended.length > 0 || isNewKey)
    await session.commit([
      ...(isNewKey ? [{ fact: "keyed" as const, account: provider.target.account }] : []),
      ...adoptions(plan, session),
      { fact: "intended", intents: intended },
    ]);
  const execution: Execution = {
    provider,
    session,
    runtime,
    ids: new Map<Address, string>(Object.entries(plan.names).map(([id, address]) => [address, id])),
    knownIds: new Set(Object.keys(plan.names)),
    listed: await listings(plan, provider),
    children: dependentChildrenIn(plan),
    intents: new Map(byStep),
    steps: grouped(plan.steps, ({ address }) => address),
    open: byAddress(before),
    openByObject: byObject(before),
    ...(options.commit === undefined ? {} : { commit: options.commit }),
  };
  const bugs: unknown[] = [];
  let stopped: string | undefined;
  const outcomes = await runInOrder(plan.steps, {
    parallelism: options.parallelism,
    mayStart: () => {
      if (options.signal?.aborted === true) stopped ??= "interrupted";
      if (bugs.length > 0) stopped ??= "an internal error";
      return stopped === undefined;
    },
    run: async (step) => {
      options.onEvent({ type: "step-started", step });
      const began = runtime.now().getTime();
      const outcome = await attempt(step, execution, (bug) => bugs.push(bug));
      stopped ??= stopReason(outcome);
      options.onEvent({ type: "step-ended", step, outcome, milliseconds: runtime.now().getTime() - began });
      return outcome;
    },
  });
  await closeUndone(plan, outcomes, new Set(fresh.map(({ id }) => id)), execution);
  if (bugs.length > 0) throw bugs[0];
  const because = stopped === "interrupted" ? "interrupted" : "stopped";
  const results = plan.steps.map((step) => ({
    step,
    outcome: outcomes.get(step.id) ?? ({ status: "not-started", because } as const),
  }));
  return { steps: results, serial: session.state.serial, ...(stopped === undefined ? {} : { stopped }) };
}

/** What this run goes on with, where people were told that it was not done: what becomes of it now is news. */
function resumedIn({ intents = [] }: LedgerState, byStep: ReadonlyMap<string, Intent>): readonly Intent[] {
  const ids = new Set([...byStep.values()].map(({ id }) => id));
  return intents.filter(({ id, reported }) => reported === true && ids.has(id)).map(unreported);
}

function unreported(intent: Intent): Intent {
  const { reported: _, ...rest } = intent;
  return rest;
}

/**
 * An object that is adopted with changes is in the ledger before the first of them is sent, as after an import: a run
 * that is killed then leaves no doubt about whose it is.
 */
function adoptions({ steps, changes }: Plan, session: LedgerSession): readonly Fact[] {
  const before = new Map(changes.map((change) => [change.address, change.before]));
  return steps.flatMap(({ action, address, kind, objectId, movedFrom, protect }): readonly Fact[] => {
    const observed = before.get(address);
    if ((action !== "update" && action !== "ensure") || objectId === undefined || observed === undefined)
      return [];
    if (movedFrom !== undefined || session.entry(address)?.id === objectId) return [];
    const entry = { kind, id: objectId, applied: {}, observed, ...(protect === true && { protect }) };
    return [{ fact: "adopted", address, entry }];
  });
}

/**
 * Intents of this run that were certainly not carried out are closed. One that an earlier run had is not: what became
 * of that attempt is still to be seen.
 */
async function closeUndone(
  plan: Plan,
  outcomes: Outcomes,
  fresh: ReadonlySet<string>,
  { session, intents }: Execution,
): Promise<void> {
  // The ledger does not answer any more: there is nothing to write the end into.
  if (isLost(outcomes)) return;
  const standing = new Set((session.state.intents ?? []).map(({ id }) => id));
  const undone = plan.steps.flatMap((step) => {
    const { id } = intents.get(step.id) ?? { id: "" };
    const outcome = outcomes.get(step.id);
    const isClosed = isDone(outcome) || (fresh.has(id) && !isOpen(outcome));
    return isClosed && standing.has(id) ? [id] : [];
  });
  if (undone.length > 0) await session.commit([{ fact: "closed", intents: undone }]);
}

/** What the plan did not know of, by the listings once more, so that an object which someone else has made since the plan is not made twice. */
async function listings(plan: Plan, provider: Provider): Promise<ReadonlyMap<string, Listed>> {
  const names = new Set(plan.steps.filter(({ action }) => action === "create").map(({ kind }) => kind));
  const kinds = [...names].flatMap((name) => provider.kinds.get(name) ?? []);
  const roots = kinds.filter(({ identity }) => identity.parent === undefined);
  const unknown = ({ id }: LiveObject) => !Object.hasOwn(plan.names, ownId(id));
  const lists = roots.map(async (kind) => {
    return [kind.kind, listedIn(kind, (await provider.list(kind.kind)).filter(unknown))] as const;
  });
  return new Map(await Promise.all(lists));
}

async function traced(step: Step, execution: Execution): Promise<StepOutcome> {
  const { provider } = execution;
  if (provider.traced === undefined) return execute(step, execution);
  const requestIds: string[] = [];
  const outcome = await execute(step, {
    ...execution,
    provider: provider.traced((requestId) => requestIds.push(requestId)),
  });
  return outcome.status === "applied" && requestIds.length > 0 ? { ...outcome, requestIds } : outcome;
}

/** A bug is thrown on when everything in flight has ended, so that its ledger entries are not lost. */
async function attempt(step: Step, execution: Execution, onBug: (bug: unknown) => void): Promise<StepOutcome> {
  try {
    return await traced(step, execution);
  } catch (error) {
    if (error instanceof ProviderError) {
      const { failure } = error;
      return { status: "failed", failure: { why: "request", failure }, wrote: failure.effect === "unknown" };
    }
    if (error instanceof LedgerError) {
      return { status: "failed", failure: { why: "ledger", message: error.message }, wrote: true };
    }
    onBug(error);
    return { status: "not-started", because: "stopped" };
  }
}

/** A key that is refused is refused for everything; without a ledger nothing more is to be done. */
function stopReason(outcome: StepOutcome): string | undefined {
  if (outcome.status !== "failed") return undefined;
  const { failure } = outcome;
  if (failure.why === "ledger") return failure.message;
  if (failure.why !== "request") return undefined;
  const { reason, message } = failure.failure;
  return reason === "authentication" || reason === "permission" ? message : undefined;
}

/** Whether a step took effect must be found out by the next run. */
function isOpen(outcome: StepOutcome | undefined): boolean {
  return outcome?.status === "failed" && outcome.wrote;
}

function isLost(outcomes: Outcomes): boolean {
  return [...outcomes.values()].some(
    (outcome) => outcome.status === "failed" && outcome.failure.why === "ledger",
  );
}
