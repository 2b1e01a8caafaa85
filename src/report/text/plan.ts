import type { Plan } from "../../model/plan.ts";
import { hanging } from "../layout.ts";
import type { ResourceView } from "../resource-view.ts";
import type { Style } from "../style.ts";
import { otherRemarks, outcomeText, planRemarks, untouchedText } from "../summary.ts";
import { isEmpty } from "../tally.ts";
import { actionTitle, refusalTitle, untilText } from "../plan-verb.ts";
import { OBSERVED, viewOf, WRITTEN_FIRST, type PlanView, type RefusalView } from "../view.ts";
import type { Line } from "./diff.ts";
import { driftLines } from "./drift.ts";
import { rowLines } from "./rows.ts";
import { headerLine, heading, remark, spaced, toText, type HeaderOptions } from "./sections.ts";

export interface PlanTextOptions extends HeaderOptions {
  readonly showUnmanaged?: boolean;
}

/** What apply would do, and what was changed outside Git, for a terminal. */
export function planText(plan: Plan, options: PlanTextOptions): string {
  const { style } = options;
  const view = viewOf(plan, options);
  const sections = [
    [headerLine(plan, options)],
    driftSection(view, style),
    refusalSection(plan, view, style),
    adoptionSection(view, style),
    actionSection(plan, view, style),
    observedSection(view, style),
    summary(plan, view),
  ];
  return toText(sections, style);
}

function driftSection({ drift }: PlanView, style: Style): readonly Line[] {
  if (drift.length === 0) return [];
  return [
    ...heading("Changed outside Git since the last apply"),
    ...spaced(drift.map((one) => driftLines(one.title, one.rows, style))),
  ];
}

function refusalSection(plan: Plan, { refusals }: PlanView, style: Style): readonly Line[] {
  if (refusals.length === 0) return [];
  return [...heading(refusalTitle(plan)), ...spaced(refusals.map((one) => refusalLines(one, style)))];
}

function adoptionSection({ adoptions }: PlanView, style: Style): readonly Line[] {
  if (adoptions.length === 0) return [];
  return [
    ...heading(WRITTEN_FIRST),
    ...spaced(adoptions.map(({ title, rows }) => driftLines(title, rows, style))),
  ];
}

function refusalLines({ title, message, rows, hint }: RefusalView, style: Style): readonly Line[] {
  return [
    [{ text: `  ! ${title}`, tone: "failure" }],
    ...hanging({ text: "    " }, [{ text: message }], style.width),
    ...rowLines(rows, style),
    ...(hint === undefined ? [] : hanging({ text: "    → " }, [{ text: hint }], style.width)),
  ];
}

function actionSection(plan: Plan, { resources }: PlanView, style: Style): readonly Line[] {
  if (resources.length === 0) return [];
  return [
    ...heading(isEmpty(plan) ? "Unchanged" : actionTitle(plan)),
    ...spaced(resources.map((one) => resourceLines(one, style))),
  ];
}

function observedSection({ observed }: PlanView, style: Style): readonly Line[] {
  if (observed.length === 0) return [];
  return [...heading(OBSERVED), ...spaced(observed.map((one) => resourceLines(one, style)))];
}

function resourceLines({ title, notes, risks, rows, untouched }: ResourceView, style: Style): readonly Line[] {
  return [
    [{ text: `  # ${title}`, tone: "title" }],
    ...notes.map((note): Line => [{ text: `  # (${note})`, tone: "faint" }]),
    ...risks.map((risk): Line => [{ text: `    ! ${risk}`, tone: "risk" }]),
    ...rowLines(rows, style),
    ...(untouched === 0 ? [] : [[{ text: `    = ${untouchedText(untouched)}`, tone: "faint" as const }]]),
  ];
}

/** The lines that people and tools look for. */
function summary(plan: Plan, view: PlanView): readonly Line[] {
  return [
    [{ text: outcomeText(plan, view), tone: "title" }],
    ...planRemarks(plan).flatMap((text) => remark(text)),
    ...refusalSummary(plan),
    ...otherRemarks(plan, view).flatMap((text) => remark(text, "faint")),
  ];
}

function refusalSummary(plan: Plan): readonly Line[] {
  const { refusals } = plan;
  if (refusals.length === 0) return [];
  const points = refusals.length === 1 ? "the point above is" : `the ${refusals.length} points above are`;
  return [[{ text: `Refused: ${untilText(plan).toLowerCase()} ${points} resolved.`, tone: "failure" }]];
}
