import type { StepOutcome } from "../../model/event.ts";
import type { Step } from "../../model/plan.ts";

export type Outcomes = ReadonlyMap<string, StepOutcome>;

export interface Running {
  /** How many steps run side by side. */
  readonly parallelism: number;
  /** Asked before each start; once it says no, nothing more is started. */
  readonly mayStart: () => boolean;
  readonly run: (step: Step) => Promise<StepOutcome>;
  /** Whether a step runs although one that it needs failed. */
  readonly runsAfter: (step: Step, needed: Step, outcome: StepOutcome) => boolean;
}

export function isDone(outcome: StepOutcome | undefined): boolean {
  return outcome?.status === "applied" || outcome?.status === "unchanged";
}

/**
 * Runs steps side by side, each after all that it needs. A step that needs one which was not done is blocked, unless
 * `runsAfter` says otherwise. Steps
 * that were never started have no outcome. Each step and each need is visited once.
 */
export async function runInOrder(steps: readonly Step[], running: Running): Promise<Outcomes> {
  const outcomes = new Map<string, StepOutcome>();
  const byId = new Map(steps.map((step) => [step.id, step]));
  const missing = new Map(steps.map(({ id, needs }) => [id, needs.filter((need) => byId.has(need)).length]));
  const waiters = waitersOf(steps);
  const ready = steps.filter(({ id }) => missing.get(id) === 0);
  let [next, active] = [0, 0];
  return new Promise((resolve, reject) => {
    const ended = (step: Step, outcome: StepOutcome): void => {
      outcomes.set(step.id, outcome);
      for (const waiter of waiters.get(step.id) ?? []) {
        if (outcomes.has(waiter.id)) continue;
        const left = (missing.get(waiter.id) ?? 0) - 1;
        missing.set(waiter.id, left);
        const mayRun = isDone(outcome) || running.runsAfter(waiter, step, outcome);
        if (!mayRun) ended(waiter, { status: "blocked", by: blockers(waiter, byId, outcomes) });
        else if (left === 0) ready.push(waiter);
      }
    };
    const advance = (): void => {
      while (active < running.parallelism && next < ready.length && running.mayStart()) {
        const step = ready[next];
        next += 1;
        if (step === undefined) continue;
        active += 1;
        running.run(step).then((outcome) => {
          active -= 1;
          ended(step, outcome);
          advance();
        }, reject);
      }
      if (active === 0) resolve(outcomes);
    };
    advance();
  });
}

function waitersOf(steps: readonly Step[]): ReadonlyMap<string, readonly Step[]> {
  const waiters = new Map<string, Step[]>();
  for (const step of steps) {
    for (const need of step.needs) {
      const list = waiters.get(need);
      if (list === undefined) waiters.set(need, [step]);
      else list.push(step);
    }
  }
  return waiters;
}

function blockers(step: Step, byId: ReadonlyMap<string, Step>, outcomes: Outcomes) {
  const failed = step.needs.filter((need) => outcomes.has(need) && !isDone(outcomes.get(need)));
  return [...new Set(failed.map((need) => byId.get(need)?.address ?? step.address))];
}
