import type { Address } from "../../model/address.ts";
import type { ApplyEvent, ApplyResult, StepOutcome } from "../../model/event.ts";
import { LedgerError, type Fact, type Intent, type LedgerSession } from "../../model/ledger.ts";
import type { Plan, Step } from "../../model/plan.ts";
import { ProviderError, type LiveObject, type Provider } from "../../model/provider.ts";
import type { Runtime } from "../../model/runtime.ts";
import { dependentChildrenIn } from "./dependent-children.ts";
import { execute } from "./execute.ts";
import { listedIn, type Execution, type Listed } from "./execution.ts";
import { grouped } from "../../model/grouped.ts";
import { byAddress, byObject, intentsOf, isSuperseded, standingIntents } from "../recover/intents.ts";
import { dependencyOf } from "../observe/dependent-kinds.ts";
import { ownId, parentId } from "../../model/object-ids.ts";
import { isDone, runInOrder, type Outcomes } from "./run-in-order.ts";

export interface ApplyOptions {
  /** Who started the run; every intent records it. */
  readonly who: string;
  /** How many independent steps run side by side. */
  readonly parallelism: number;
  readonly commit?: string;
  /** When it is aborted, running steps finish and no new step starts. */
  readonly signal?: AbortSignal;
  readonly onEvent: (event: ApplyEvent) => void;
}

/** Everything outside that an apply reaches. */
export interface ApplyPorts {
  readonly provider: Provider;
  readonly session: LedgerSession;
  readonly runtime: Runtime;
}

/** Applies a plan step by step. A failed step blocks the steps that depend on it; the others continue. */
export async function applyPlan(plan: Plan, ports: ApplyPorts, options: ApplyOptions): Promise<ApplyResult> {
  const { session } = ports;
  const known = await recordIntents(plan, ports, options.who);
  const execution = await executionOf(plan, ports, known, options.commit);
  const run = await runSteps(plan, execution, options);
  await closeUndone(plan, run.outcomes, new Set(known.fresh.map(({ id }) => id)), execution);
  if (run.bugs.length > 0) throw run.bugs[0];
  const { stopped } = run;
  const because = stopped === "interrupted" ? "interrupted" : "stopped";
  const results = plan.steps.map((step) => ({
    step,
    outcome: run.outcomes.get(step.id) ?? ({ status: "not-started", because } as const),
  }));
  return { steps: results, serial: session.state.serial, ...(stopped === undefined ? {} : { stopped }) };
}

interface Intents extends ReturnType<typeof intentsOf> {
  /** What earlier runs have left open. */
  readonly open: readonly Intent[];
}

/** Before the first write the ledger learns what the run intends. */
async function recordIntents(
  plan: Plan,
  { provider, session, runtime }: ApplyPorts,
  who: string,
): Promise<Intents> {
  const open = standingIntents(session.state, plan.steps).filter((intent) => !isSuperseded(intent));
  const { byStep, fresh } = intentsOf(plan, provider.kinds, { runtime, who }, open);
  const { account } = provider.target;
  const isNewKey = session.state.account !== account;
  const intents = [...byStep.values()];
  if (intents.length > 0 || isNewKey)
    await session.commit([
      ...(isNewKey ? [{ fact: "keyed" as const, account }] : []),
      ...adoptions(plan, session),
      { fact: "intended", intents },
    ]);
  return { byStep, fresh, open };
}

async function executionOf(
  plan: Plan,
  ports: ApplyPorts,
  { byStep, open }: Intents,
  commit: string | undefined,
): Promise<Execution> {
  return {
    ...ports,
    ids: new Map<Address, string>(Object.entries(plan.names).map(([id, address]) => [address, id])),
    knownIds: new Set(Object.keys(plan.names)),
    listed: await listings(plan, ports.provider),
    children: dependentChildrenIn(plan),
    intents: new Map(byStep),
    steps: grouped(plan.steps, ({ address }) => address),
    open: byAddress(open),
    openByObject: byObject(open),
    deletedIds: [],
    ...(commit === undefined ? {} : { commit }),
  };
}

interface Run {
  readonly outcomes: Outcomes;
  /** Why no further step was started. */
  readonly stopped: string | undefined;
  readonly bugs: readonly unknown[];
}

async function runSteps(
  { steps }: Plan,
  execution: Execution,
  { parallelism, signal, onEvent }: ApplyOptions,
): Promise<Run> {
  const { runtime } = execution;
  const bugs: unknown[] = [];
  let stopped: string | undefined;
  const outcomes = await runInOrder(steps, {
    parallelism,
    mayStart: () => {
      if (signal?.aborted === true) stopped ??= "interrupted";
      if (bugs.length > 0) stopped ??= "an internal error";
      return stopped === undefined;
    },
    run: async (step) => {
      onEvent({ type: "step-started", step });
      const began = runtime.now().getTime();
      const outcome = await attempt(step, execution, (bug) => bugs.push(bug));
      stopped ??= stopReason(outcome);
      if (isOpen(outcome)) execution.children.unverifiedParents.add(step.address);
      onEvent({ type: "step-ended", step, outcome, milliseconds: runtime.now().getTime() - began });
      return outcome;
    },
    runsAfter: restoresAfter,
  });
  return { outcomes, stopped, bugs };
}

/** The write to its parent took effect, so it may have removed the child, whatever else of it failed. */
function restoresAfter({ action, parent }: Step, { address }: Step, outcome: StepOutcome): boolean {
  return action === "restore" && parent === address && isOpen(outcome);
}

/**
 * An object that is adopted with changes is in the ledger before the first of them is sent, as after an import: a run
 * that is killed then leaves no doubt about whose it is.
 */
function adoptions({ steps, changes }: Plan, session: LedgerSession): readonly Fact[] {
  const before = new Map(changes.map((change) => [change.address, change.before]));
  return steps.flatMap(({ action, address, kind, objectId, movedFrom, protect }): readonly Fact[] => {
    const observed = before.get(address);
    if ((action !== "update" && action !== "restore") || objectId === undefined || observed === undefined)
      return [];
    if (movedFrom !== undefined || session.entry(address)?.id === objectId) return [];
    const entry = { kind, id: objectId, applied: {}, observed, ...(protect === true && { protect }) };
    return [{ fact: "adopted", address, entry }];
  });
}

/**
 * Intents of this run that were certainly not carried out are closed. Intents of earlier runs stay open until their
 * result is known.
 */
async function closeUndone(
  plan: Plan,
  outcomes: Outcomes,
  fresh: ReadonlySet<string>,
  { session, intents, provider, children }: Execution,
): Promise<void> {
  // The ledger failed: nothing can be committed to it.
  if (isLost(outcomes)) return;
  // The write to its parent may have removed it. From the intent, the next run knows that this project removed it.
  const isRemoved = ({ action, kind, objectId = "" }: Step): boolean => {
    const known = provider.kinds.get(kind);
    if (known === undefined || dependencyOf(known) === undefined) return false;
    const parent = parentId(known, objectId);
    return ["restore", "delete"].includes(action) && parent !== undefined && children.written.has(parent);
  };
  const standing = new Set((session.state.intents ?? []).map(({ id }) => id));
  const undone = plan.steps.flatMap((step) => {
    const { id } = intents.get(step.id) ?? { id: "" };
    const outcome = outcomes.get(step.id);
    const isClosed = isDone(outcome) || (fresh.has(id) && !isOpen(outcome) && !isRemoved(step));
    return isClosed && standing.has(id) ? [id] : [];
  });
  if (undone.length > 0) await session.commit([{ fact: "closed", intents: undone }]);
}

/** Lists again what the plan did not know of, so that an object that somebody created since the plan is not created twice. */
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

/** A bug is thrown after the running steps have ended, so that their ledger entries are not lost. */
async function attempt(step: Step, shared: Execution, onBug: (bug: unknown) => void): Promise<StepOutcome> {
  const execution = { ...shared, deletedIds: [] };
  const outcome = await outcomeOf(step, execution, onBug);
  return withDeletions(outcome, execution.deletedIds);
}

/** The outcome says what else was deleted, also if the step failed. */
function withDeletions(outcome: StepOutcome, deletedIds: readonly string[]): StepOutcome {
  if (deletedIds.length === 0) return outcome;
  if (outcome.status === "failed") return { ...outcome, wrote: true, deletedIds };
  return outcome.status === "applied" ? { ...outcome, deletedIds } : outcome;
}

async function outcomeOf(
  step: Step,
  execution: Execution,
  onBug: (bug: unknown) => void,
): Promise<StepOutcome> {
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

/** A rejected API key fails every further request, and without a ledger nothing more may be written. */
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
