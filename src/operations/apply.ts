import type { ApplyEvent, ApplyResult } from "../model/event.ts";
import { Interrupted, unlessInterrupted } from "../model/interrupted.ts";
import { LedgerError, type LedgerSession, type LockHolder } from "../model/ledger.ts";
import type { Plan, Refusal } from "../model/plan.ts";
import type { Runtime } from "../model/runtime.ts";
import { applyPlan } from "../reconcile/apply/apply.ts";
import { settledIntents } from "../reconcile/recover/intents.ts";
import { recover, recoveredState, type Recovery } from "../reconcile/recover/recover.ts";
import { planAdopting, type AdoptingPlan, type Manifests } from "./adopt-conflicts.ts";
import { plannedResources } from "./plan.ts";
import type { PlanChoices } from "../model/plan-choices.ts";
import type { Workspace } from "./workspace.ts";
import { isWriting, leavesChanges } from "../model/plan-states.ts";

export interface ApplyChoices extends PlanChoices {
  readonly parallelism: number;
  readonly holder: LockHolder;
  /** Milliseconds to wait for the lock. */
  readonly lockTimeout: number;
  /** Before the first write it ends the run with `Interrupted`; from then on what is in flight is finished. */
  readonly signal?: AbortSignal;
  /** What else may be wrong with the plan, and the texts that it writes: that it is not the one which was reviewed. */
  readonly check?: (plan: Plan, texts: ReadonlyMap<string, string>) => readonly Refusal[];
  /** Where live values are written that are to be kept; without it, every conflict that is to be adopted is refused. */
  readonly manifests?: Manifests;
  /** Asked when there is something to do and nothing refuses it. */
  readonly approve: (plan: Plan) => Promise<boolean>;
  /** Called with a plan that is applied without approval and shows what somebody else changed. */
  readonly show?: (plan: Plan) => Promise<void>;
  readonly onEvent: (event: ApplyEvent) => void;
  /** Called with what an interrupted run had done. A step that it had not done is reported once. */
  readonly onRecovery?: (recovery: Recovery) => void;
}

/** How an apply ended. `declined` and `refused` wrote nothing. */
export type ApplyOutcome =
  | { readonly status: "nothing-to-do" | "refused" | "declined"; readonly plan: Plan }
  | { readonly status: "done"; readonly plan: Plan; readonly result: ApplyResult };

/** Plans under the lock, asks for approval, and applies. */
export async function applyProject(workspace: Workspace, choices: ApplyChoices): Promise<ApplyOutcome> {
  const session = await workspace.ledger.open(choices.holder, choices.lockTimeout, choices.signal);
  let isReported = false;
  try {
    const adopting = await planUnderLock(workspace, choices, session);
    const { plan, texts } = adopting;
    if (plan.refusals.length > 0) return { status: "refused", plan };
    if (plan.steps.length === 0 && texts.size === 0) {
      await closeIntents(session, plan, workspace.runtime);
      return { status: "nothing-to-do", plan };
    }
    if (!(await isApproved(adopting, choices))) return { status: "declined", plan };
    const result = await applied(workspace, choices, session, adopting);
    const lost = await closed(session, plan, workspace.runtime);
    isReported = lost !== undefined;
    return { status: "done", plan, result: lost === undefined ? result : { ...result, stopped: lost } };
  } finally {
    await session.release().catch((error: unknown) => {
      if (!isReported) throw error;
    });
  }
}

/** The plan, with what interrupted runs had done counted in. */
async function planUnderLock(
  workspace: Workspace,
  choices: ApplyChoices,
  session: LedgerSession,
): Promise<AdoptingPlan> {
  const { signal, manifests } = choices;
  const { state } = session;
  const recovery = await unlessInterrupted(signal, () =>
    recover(workspace.provider, state, plannedResources(workspace, choices)),
  );
  if (recovery !== undefined && recovery.recovered.length > 0) choices.onRecovery?.(recovery);
  const known = state.serial === 0 ? undefined : recoveredState(state, recovery);
  const { plan, texts } = await unlessInterrupted(signal, () =>
    planAdopting(workspace, choices, known, manifests),
  );
  // The plan rests on the ledger as it was found: what a recovery has learnt does not make a saved plan stale.
  if (recovery !== undefined && recovery.facts.length > 0) await session.commit(recovery.facts);
  return { plan: { ...plan, refusals: [...plan.refusals, ...(choices.check?.(plan, texts) ?? [])] }, texts };
}

/** If nothing is written live, no approval is needed. What somebody else changed is shown. */
async function isApproved({ plan, texts }: AdoptingPlan, { approve, show }: ApplyChoices): Promise<boolean> {
  if (texts.size > 0 || isWriting(plan)) return approve(plan);
  if (leavesChanges(plan)) await show?.(plan);
  return true;
}

/** Writes adopted values into the manifests, then carries out the steps. */
async function applied(
  { provider, runtime, commit }: Workspace,
  { signal, manifests, parallelism, onEvent, holder }: ApplyChoices,
  session: LedgerSession,
  { plan, texts }: AdoptingPlan,
): Promise<ApplyResult> {
  if (texts.size > 0) {
    if (signal?.aborted === true) throw new Interrupted("interrupted");
    await manifests?.write(texts);
  }
  const ports = { provider, session, runtime };
  return applyPlan(plan, ports, {
    parallelism,
    onEvent,
    who: holder.who,
    ...(commit === undefined || texts.size > 0 ? {} : { commit }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Ends the session after writes. They are not undone by a ledger that fails then: in words, why it does. */
async function closed(session: LedgerSession, plan: Plan, runtime: Runtime): Promise<string | undefined> {
  try {
    await closeIntents(session, plan, runtime);
    await session.release();
    return undefined;
  } catch (error) {
    if (error instanceof LedgerError) return error.message;
    throw error;
  }
}

/** Closes the intents of interrupted runs whose resources are as declared now. */
async function closeIntents(session: LedgerSession, plan: Plan, runtime: Runtime): Promise<void> {
  const over = settledIntents(session.state, plan, runtime.now());
  if (over.length > 0) await session.commit([{ fact: "closed", intents: over }]);
}
