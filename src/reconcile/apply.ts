import type { Address } from "../model/address.ts";
import type { ApplyEvent, ApplyResult, StepOutcome } from "../model/event.ts";
import { LedgerError, type LedgerSession } from "../model/ledger.ts";
import type { Plan, Step } from "../model/plan.ts";
import { ProviderError, type LiveObject, type Provider } from "../model/provider.ts";
import type { Runtime } from "../model/runtime.ts";
import { companionsIn } from "./companions.ts";
import { execute } from "./execute.ts";
import type { Execution } from "./execution.ts";
import { journalOf } from "./journal.ts";
import { ownId } from "./match.ts";

export interface ApplyOptions {
  /** For the journal. */
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
  const { journal: before } = session.state;
  const journal = journalOf(plan, provider.kinds, runtime, options.who, before);
  if (journal.intents.length > 0 || before !== undefined) await session.commit([], { begin: journal });
  const ids = new Map<Address, string>(Object.entries(plan.names).map(([id, address]) => [address, id]));
  const listed = await listings(plan, provider);
  const execution: Execution = {
    provider,
    session,
    runtime,
    ids,
    listed,
    companions: companionsIn(plan),
    keys: new Map(journal.intents.map(({ step, idempotencyKey }) => [step, idempotencyKey ?? runtime.uuid()])),
    ...(options.commit === undefined ? {} : { commit: options.commit }),
  };
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const outcomes = new Map<string, StepOutcome>();
  const running = new Map<string, Promise<void>>();
  const bugs: unknown[] = [];
  let stopped: string | undefined;
  const start = async (step: Step): Promise<void> => {
    options.onEvent({ type: "step-started", step });
    const began = runtime.now().getTime();
    const outcome = await attempt(step, execution, (bug) => bugs.push(bug));
    stopped ??= stopReason(outcome);
    outcomes.set(step.id, outcome);
    running.delete(step.id);
    options.onEvent({ type: "step-ended", step, outcome, milliseconds: runtime.now().getTime() - began });
  };
  for (;;) {
    const waiting = plan.steps.filter(({ id }) => !outcomes.has(id) && !running.has(id));
    for (const step of waiting) settleBlocked(step, steps, outcomes);
    const left = waiting.filter((step) => !outcomes.has(step.id));
    // A request to stop that comes during the last steps stops nothing.
    if (options.signal?.aborted === true && left.length > 0) stopped ??= "interrupted";
    if (bugs.length > 0) stopped ??= "an internal error";
    const ready = left.filter((step) => isReady(step, steps, outcomes));
    const free = stopped === undefined ? options.parallelism - running.size : 0;
    for (const step of ready.slice(0, Math.max(0, free))) running.set(step.id, start(step));
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  const settled = plan.steps.filter(({ id }) => !isOpen(outcomes.get(id))).map(({ id }) => id);
  if (session.state.journal !== undefined && !isLost(outcomes)) await session.commit([], { done: settled });
  if (bugs.length > 0) throw bugs[0];
  const because = stopped === "interrupted" ? "interrupted" : "stopped";
  const results = plan.steps.map((step) => ({
    step,
    outcome: outcomes.get(step.id) ?? ({ status: "not-started", because } as const),
  }));
  return { steps: results, serial: session.state.serial, ...(stopped === undefined ? {} : { stopped }) };
}

/** What the plan did not know of, by the listings once more, so that an object which someone else has made since the plan is not made twice. */
async function listings(plan: Plan, provider: Provider): Promise<ReadonlyMap<string, readonly LiveObject[]>> {
  const kinds = new Set(plan.steps.filter(({ action }) => action === "create").map(({ kind }) => kind));
  const roots = [...kinds].filter((kind) => provider.kinds.get(kind)?.identity.parent === undefined);
  const unknown = ({ id }: LiveObject) => !Object.hasOwn(plan.names, ownId(id));
  const lists = roots.map(async (kind) => [kind, (await provider.list(kind)).filter(unknown)] as const);
  return new Map(await Promise.all(lists));
}

async function traced(step: Step, execution: Execution): Promise<StepOutcome> {
  const { provider } = execution;
  if (provider.traced === undefined) return execute(step, execution);
  const { value, requestIds } = await provider.traced(() => execute(step, execution));
  return value.status === "applied" && requestIds.length > 0 ? { ...value, requestIds } : value;
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
  return outcome?.status === "failed" && outcome.wrote && outcome.failure.why !== "stale";
}

/** The ledger does not answer any more: there is nothing to write the end into. */
function isLost(outcomes: Outcomes): boolean {
  return [...outcomes.values()].some(
    (outcome) => outcome.status === "failed" && outcome.failure.why === "ledger",
  );
}

type Outcomes = Map<string, StepOutcome>;
type Steps = ReadonlyMap<string, Step>;

function needed(step: Step, steps: Steps): readonly Step[] {
  return step.needs.map((id) => steps.get(id)).filter((need) => need !== undefined);
}

function isDone(outcome: StepOutcome | undefined): boolean {
  return outcome?.status === "applied" || outcome?.status === "unchanged";
}

function isReady(step: Step, steps: Steps, outcomes: Outcomes): boolean {
  return needed(step, steps).every(({ id }) => isDone(outcomes.get(id)));
}

function settleBlocked(step: Step, steps: Steps, outcomes: Outcomes): void {
  const by = needed(step, steps).filter(({ id }) => outcomes.has(id) && !isDone(outcomes.get(id)));
  if (by.length > 0)
    outcomes.set(step.id, { status: "blocked", by: [...new Set(by.map(({ address }) => address))] });
}
