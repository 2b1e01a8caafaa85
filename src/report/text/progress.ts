import type { ApplyEvent, StepOutcome } from "../../model/event.ts";
import type { Step } from "../../model/plan.ts";
import { failureLine } from "../failure.ts";
import { duration, listed } from "../phrases.ts";
import { visible } from "../../model/visible.ts";
import { alreadyDone, DOING, DONE, VERBS } from "../verbs.ts";
import type { Address } from "../../model/address.ts";

/** One line for one event, for standard error: `Assistant/billing: updated (0.4 s)`. */
export function applyProgressLine(event: ApplyEvent): string {
  const name = visible(event.step.address);
  if (event.type === "step-started") return `${name}: ${DOING[event.step.action]} …`;
  return `${name}: ${endOf(event.step, event.outcome, duration(event.milliseconds))}`;
}

function endOf(step: Step, outcome: StepOutcome, time: string): string {
  switch (outcome.status) {
    case "applied":
      return `${DONE[step.action]} (${time})`;
    case "unchanged":
      return `${alreadyDone(step)} (${time})`;
    case "failed":
      return `${VERBS[step.action]} failed (${time}): ${failureLine(outcome.failure)}`;
    case "blocked":
      return `${VERBS[step.action]} blocked by ${listed(outcome.by.map(visible))}`;
    case "not-started":
      return `${VERBS[step.action]} not started: ${outcome.because}`;
  }
}

interface RecoveredWords {
  readonly address: Address;
  readonly what: string;
  readonly until?: string;
  readonly id?: string;
}

interface RecoveryWords {
  readonly who: string;
  readonly began: string;
  readonly recovered: readonly RecoveredWords[];
}

/** What an interrupted run was found to have done, for standard error. */
export function recoveryText({ who, began, recovered }: RecoveryWords): string {
  const lines = recovered.map((one) => `  ${visible(one.address)}: ${outcomeOf(one)}`);
  return [`The run of ${visible(who)} from ${visible(began)} did not finish. Its open steps:`, ...lines].join(
    "\n",
  );
}

function outcomeOf({ what, until, id }: RecoveredWords): string {
  if (what === "created twice") return `${what}: ${visible(id ?? "")}, which lists did not show in time`;
  if (id !== undefined)
    return `${what}: ${visible(id)} has its name, but not its values or its time; if the run created it, delete it`;
  return until === undefined
    ? what
    : `${what}; lists can lag, so each apply searches for it until ${visible(until)}`;
}
