import { stringify } from "../model/json.ts";
import type { Plan } from "../model/plan.ts";
import { planHtml } from "../report/html/plan.ts";
import { gitlabJson } from "../report/json/gitlab.ts";
import { planJson } from "../report/json/plan.ts";
import { planMarkdown } from "../report/markdown/plan.ts";
import type { Style } from "../report/style.ts";
import { planText } from "../report/text/plan.ts";
import type { PlanFormat } from "./plan-formats.ts";
import { version } from "../host/version.ts";

export interface PlanReport {
  readonly style: Style;
  readonly showUnmanaged?: boolean | undefined;
  /** Of a saved plan. */
  readonly planId?: string | undefined;
  /** The plan as data, where it is there already. */
  readonly json?: string;
  readonly requests?: number;
  readonly seconds?: number;
}

/** A plan in one of its formats. */
export function planReport(format: PlanFormat, plan: Plan, report: PlanReport): string {
  const { style, showUnmanaged = false, planId, json, ...effort } = report;
  const data = () => json ?? stringify(planJson(plan, { rollcallVersion: version }), 2);
  const sealed = planId === undefined ? {} : { planId };
  switch (format) {
    case "json":
      return data();
    case "html":
      return planHtml(plan, { json: data(), showUnmanaged, ...sealed });
    case "markdown":
      return planMarkdown(plan, sealed);
    case "gitlab":
      return stringify(gitlabJson(plan));
    case "text":
      return planText(plan, { style, showUnmanaged, ...effort });
  }
}
