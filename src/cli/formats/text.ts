export { cloneText as cloned } from "../../report/cloned.ts";
export { importText as imported } from "../../report/imported.ts";
import { proposalText } from "../../report/proposal.ts";
import type { Style } from "../../report/style.ts";
import { applyText } from "../../report/text/apply.ts";
import { driftText } from "../../report/text/drift.ts";
export { migrationText as migration } from "../../report/migration.ts";
import { planText } from "../../report/text/plan.ts";
import { pullText } from "../../report/pull.ts";
import type { ApplyReport, DriftResult, PlanResult, Results } from "./format.ts";

export function plan({ plan, showUnmanaged = false, requests, seconds }: PlanResult, style: Style): string {
  return planText(plan, {
    style,
    showUnmanaged,
    ...(requests === undefined ? {} : { requests }),
    ...(seconds === undefined ? {} : { seconds }),
  });
}

export function apply({ plan, result, milliseconds, effort }: ApplyReport, style: Style): string {
  return result === undefined
    ? planText(plan, { style })
    : applyText(result, plan, { style, milliseconds, effort });
}

export function pull({ result, environment }: Results["pull"], style: Style): string {
  return pullText(result, environment, style);
}

export function drift({ plan, proposal, effort }: DriftResult, style: Style): string {
  const text = driftText(plan, { style, ...effort });
  return proposal === undefined ? text : `${text}\n${proposalText(proposal, style)}`;
}
