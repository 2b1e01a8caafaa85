import { applyHtml } from "../../report/html/apply.ts";
import { driftHtml } from "../../report/html/drift.ts";
import { planHtml } from "../../report/html/plan.ts";
import type { ApplyReport, DriftResult, PlanResult } from "./format.ts";
import * as json from "./json.ts";

export function plan(result: PlanResult): string {
  const { plan, planId, showUnmanaged = false } = result;
  return planHtml(plan, {
    json: json.plan(result),
    showUnmanaged,
    ...(planId === undefined ? {} : { planId }),
  });
}

export function apply(report: ApplyReport): string {
  const { plan, result, milliseconds } = report;
  const options = { json: json.apply(report), milliseconds };
  return result === undefined ? planHtml(plan, options) : applyHtml(result, plan, options);
}

export function drift(result: DriftResult): string {
  return driftHtml(result.plan, { json: json.drift(result) });
}
