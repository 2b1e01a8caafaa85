import type { Plan } from "../../model/plan.ts";
import type { DriftView } from "../drift-view.ts";
import { lineWidth } from "../layout.ts";
import type { ResourceView } from "../resource-view.ts";
import { visible } from "../safe.ts";
import { paint, type Span, type Style } from "../style.ts";
import { isEmpty, tally } from "../tally.ts";
import { viewOf, type PlanView, type RefusalView } from "../view.ts";
import { counted, listed } from "../phrases.ts";
import type { Line } from "./diff.ts";
import { rowLines } from "./rows.ts";

export interface PlanTextOptions {
  readonly style: Style;
  readonly showUnmanaged?: boolean;
  readonly requests?: number;
  readonly seconds?: number;
}

/** What apply would do, and what was changed outside Git, for a terminal. */
export function planText(plan: Plan, options: PlanTextOptions): string {
  const { style } = options;
  const view = viewOf(plan, options);
  const sections = [
    [headerLine(plan, options)],
    driftSection(view.drift, style),
    refusalSection(view, style),
    actionSection(view, style),
    summary(plan),
  ];
  return toText(sections, style);
}

/** Sections with an empty line between them. */
export function toText(sections: readonly (readonly Line[])[], style: Style): string {
  const filled = sections.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.map((line) => paint(line, style)).join("\n")).join("\n\n")}\n`;
}

const WIDEST_HEADER = 100;

export function headerLine(plan: Plan, { style, requests, seconds }: PlanTextOptions): Line {
  const left: Span = {
    text: [plan.project, plan.environment, hostOf(plan)].map(visible).join(" · "),
    tone: "title",
  };
  const right: Span = {
    text: [
      counted(plan.counts.manifests, "manifest"),
      counted(plan.counts.live, "live object"),
      ...(requests === undefined ? [] : [counted(requests, "request")]),
      ...(seconds === undefined ? [] : [`${seconds.toFixed(1)} s`]),
    ].join(", "),
    tone: "faint",
  };
  const room = Math.min(style.width, WIDEST_HEADER) - lineWidth([left, right]);
  return [left, { text: room >= 3 ? " ".repeat(room) : "   " }, right];
}

function hostOf({ target }: Plan): string {
  return URL.canParse(target.baseUrl) ? new URL(target.baseUrl).host : target.baseUrl;
}

function heading(text: string): readonly Line[] {
  return [[{ text, tone: "title" }], []];
}

/** Blocks of lines with an empty line between them. */
function spaced(blocks: readonly (readonly Line[])[]): readonly Line[] {
  return blocks.flatMap((lines, index) => (index === 0 ? lines : [[], ...lines]));
}

export function driftSection(
  drift: readonly DriftView[],
  style: Style,
  title = "Changed outside Git since the last apply",
): readonly Line[] {
  if (drift.length === 0) return [];
  return [...heading(title), ...spaced(drift.map((one) => driftLines(one, style)))];
}

function driftLines({ title, rows, unmanaged }: DriftView, style: Style): readonly Line[] {
  return [[{ text: `  # ${title}`, tone: "title" }], ...rowLines([...rows, ...unmanaged], style)];
}

function refusalSection({ refusals }: PlanView, style: Style): readonly Line[] {
  if (refusals.length === 0) return [];
  return [...heading("What apply refuses"), ...spaced(refusals.map((one) => refusalLines(one, style)))];
}

function refusalLines({ title, message, rows, hint }: RefusalView, style: Style): readonly Line[] {
  return [
    [{ text: `  ! ${title}`, tone: "failure" }],
    [{ text: `    ${message}` }],
    ...rowLines(rows, style),
    ...(hint === undefined ? [] : [[{ text: `    → ${hint}` }]]),
  ];
}

function actionSection({ resources, refusals }: PlanView, style: Style): readonly Line[] {
  if (resources.length === 0) return [];
  const title = refusals.length === 0 ? "What apply will do" : "What apply would do, once that is settled";
  return [...heading(title), ...spaced(resources.map((one) => resourceLines(one, style)))];
}

function resourceLines({ title, notes, risks, rows, untouched }: ResourceView, style: Style): readonly Line[] {
  return [
    [{ text: `  # ${title}`, tone: "title" }],
    ...notes.map((note): Line => [{ text: `  # (${note})`, tone: "faint" }]),
    ...risks.map((risk): Line => [{ text: `    ! ${risk}`, tone: "risk" }]),
    ...rowLines(rows, style),
    ...(untouched === 0 ? [] : [[untouchedSpan(untouched)]]),
  ];
}

function untouchedSpan(count: number): Span {
  const text =
    count === 1
      ? "1 field that nobody declared stays as it is"
      : `${count} fields that nobody declared stay as they are`;
  return { text: `    = ${text}`, tone: "faint" };
}

/** The lines that people and tools look for. */
function summary(plan: Plan): readonly Line[] {
  const { add, change, destroy, adopt, move, forget } = tally(plan.changes);
  const ledgerOnly = [
    ...(adopt === 0 ? [] : [`${adopt} to adopt`]),
    ...(move === 0 ? [] : [`${move} moved`]),
    ...(forget === 0 ? [] : [`${forget} to forget`]),
  ];
  const main = isEmpty(plan)
    ? "No changes. What runs is what is declared."
    : `Plan: ${add} to add, ${change} to change, ${destroy} to destroy.`;
  return [
    [{ text: main, tone: "title" }],
    ...(ledgerOnly.length === 0 ? [] : [[{ text: `In the ledger: ${listed(ledgerOnly)}.` }]]),
    ...refusalSummary(plan),
    ...foreignLine(plan),
  ];
}

function refusalSummary({ refusals }: Plan): readonly Line[] {
  if (refusals.length === 0) return [];
  const points = refusals.length === 1 ? "the point above is" : `the ${refusals.length} points above are`;
  return [[{ text: `Refused: apply writes nothing until ${points} settled.`, tone: "failure" }]];
}

function foreignLine({ foreign }: Plan): readonly Line[] {
  const kinds = Object.entries(foreign).filter(([, count]) => count > 0);
  if (kinds.length === 0) return [];
  const text = listed(kinds.map(([kind, count]) => `${count} ${visible(kind)}`));
  return [[{ text: `Left alone, because nobody declares them: ${text}.`, tone: "faint" }]];
}
