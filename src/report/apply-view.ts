import type { Address } from "../model/address.ts";
import type { ApplyResult, StepOutcome, StepResult } from "../model/event.ts";
import type { Plan, ResourceChange, Step } from "../model/plan.ts";
import { failureView, type FailureView } from "./failure.ts";
import { listed } from "./phrases.ts";
import { visible } from "../model/visible.ts";
import { stepsAt } from "./steps-at.ts";
import { isUpdated } from "./tally.ts";
import { verbOf, type Verb } from "./plan-verb.ts";
import { alreadyDone, DONE, doneVerb, VERBS } from "./verbs.ts";

/** A step that did what it was to do. */
export interface DoneView {
  /** Empty for a deletion that another step included. */
  readonly step: string;
  readonly address: string;
  /** `updated`. */
  readonly verb: string;
  /** `greeting`, `3 fields`, or the id of a new object. */
  readonly detail: string;
  /** Written, read back and found to be as sent. */
  readonly verified: boolean;
}

export interface WaitingView {
  readonly address: string;
  /** `update`. */
  readonly verb: string;
  readonly because: string;
}

/** The end of an apply, ready to be laid out; every text is safe to print. */
export interface ApplyView {
  readonly verb: Verb;
  /** True only when every step of the plan was applied and verified. */
  readonly complete: boolean;
  readonly done: readonly DoneView[];
  readonly failed: readonly FailureView[];
  readonly blocked: readonly WaitingView[];
  readonly notStarted: readonly WaitingView[];
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  /** True when no request can have changed anything. */
  readonly untouched: boolean;
  readonly stopped?: string;
}

export function applyView(result: ApplyResult, plan: Plan): ApplyView {
  const steps = everyStep(result, plan);
  const done = steps.filter(({ outcome }) => isDone(outcome));
  const applied = done.filter(({ outcome }) => outcome.status === "applied").map(({ step }) => step);
  const changes = new Map(plan.changes.map((change) => [change.address, change]));
  const isChanged = ({ address, action }: Step) => {
    const change = changes.get(address);
    return (action === "update" || action === "restore") && change !== undefined && isUpdated(change);
  };
  const verb = verbOf(plan);
  const { environment } = plan;
  return {
    verb,
    complete: done.length === steps.length && result.stopped === undefined && plan.refusals.length === 0,
    done: done.flatMap((one) =>
      isTold(one, changes) ? deletedBefore(one).concat(doneView(one, plan, changes)) : [],
    ),
    failed: steps.flatMap(({ step, outcome }) =>
      outcome.status === "failed"
        ? [failureView(step, outcome, { verb, change: changes.get(step.address), environment })]
        : [],
    ),
    blocked: steps.flatMap(({ step, outcome }) =>
      outcome.status === "blocked" ? [waiting(step, `needs ${listed(outcome.by.map(visible))}`)] : [],
    ),
    notStarted: steps.flatMap(({ step, outcome }) =>
      outcome.status === "not-started" ? [waiting(step, outcome.because)] : [],
    ),
    added: distinct(applied.filter(({ action }) => action === "create")),
    changed: distinct(applied.filter(isChanged)),
    destroyed: distinct(applied.filter(({ action }) => action === "delete")),
    untouched: !steps.some(
      ({ outcome }) => outcome.status === "applied" || (outcome.status === "failed" && outcome.wrote),
    ),
    ...(result.stopped === undefined ? {} : { stopped: visible(result.stopped) }),
  };
}

/** A step that the result does not tell of was not done. */
export function everyStep(result: ApplyResult, plan: Plan): readonly StepResult[] {
  const told = new Set(result.steps.map(({ step }) => step.id));
  const missing = plan.steps.filter(({ id }) => !told.has(id));
  return [
    ...result.steps,
    ...missing.map((step): StepResult => ({ step, outcome: { status: "not-started", because: "stopped" } })),
  ];
}

function isDone({ status }: StepOutcome): boolean {
  return status === "applied" || status === "unchanged";
}

function distinct(steps: readonly Step[]): number {
  return new Set(steps.map(({ address }) => address)).size;
}

type Changes = ReadonlyMap<Address, ResourceChange>;

/** A refreshed ledger entry of an unchanged or an observed resource is not worth a line. */
function isTold({ step }: StepResult, changes: Changes): boolean {
  const change = changes.get(step.address);
  if (step.observe === true) return step.applied === undefined || step.movedFrom !== undefined;
  return (
    step.action !== "refresh-state" ||
    (change !== undefined && (change.action !== "no-op" || change.changes.length > 0))
  );
}

function doneView({ step, outcome }: StepResult, plan: Plan, changes: Changes): DoneView {
  const change = changes.get(step.address);
  const unchanged = outcome.status === "unchanged";
  const id = outcome.status === "applied" || unchanged ? visible(outcome.objectId) : "";
  return {
    step: step.id,
    address: visible(step.address),
    verb: unchanged ? alreadyDone(step) : doneVerb(step, change),
    detail: unchanged ? "" : detailOf(step, plan, change, id),
    verified: outcome.status === "applied" && step.action !== "refresh-state" && step.action !== "forget",
  };
}

/** Objects that interrupted runs created with other values. The step deleted them before it created its own. */
function deletedBefore({ step, outcome }: StepResult): DoneView[] {
  const ids = outcome.status === "applied" ? (outcome.deletedIds ?? []) : [];
  return ids.map((id) => ({
    step: "",
    address: visible(step.address),
    verb: DONE.delete,
    detail: `${visible(id)} of an interrupted run`,
    verified: false,
  }));
}

function detailOf(step: Step, plan: Plan, change: ResourceChange | undefined, id: string): string {
  if (step.action === "complete") {
    const first = stepsAt(plan, step.address).find(({ action }) => action === "create");
    return listed((first?.omit ?? []).map(visible));
  }
  if (step.action === "refresh-state" && step.movedFrom !== undefined) return `from ${visible(step.movedFrom)}`;
  if (step.action === "detach") {
    const from = (step.detaches ?? []).map((one) =>
      Object.hasOwn(plan.names, one) ? (plan.names[one] ?? one) : one,
    );
    return `from ${listed(from.map(visible))}`;
  }
  const written = (change?.changes ?? []).filter((one) => one.class !== "released");
  if (step.action !== "update" || written.length === 0) return id;
  return written.length === 1 ? visible(written[0]?.label ?? "") : `${written.length} fields`;
}

function waiting(step: Step, because: string): WaitingView {
  return { address: visible(step.address), verb: VERBS[step.action], because };
}
