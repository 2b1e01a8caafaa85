import type { Plan } from "../../model/plan.ts";
import { driftViews, isDrift, uncomparedHeading, uncomparedViews } from "../drift-view.ts";
import { pad, widest } from "../layout.ts";
import type { Row } from "../row.ts";
import { visible } from "../../model/visible.ts";
import type { Style } from "../style.ts";
import { driftSummary, foreignText } from "../summary.ts";
import type { Line } from "./diff.ts";
import { rowLines } from "./rows.ts";
import { headerLine, heading, remark, spaced, toText, type HeaderOptions } from "./sections.ts";

/** What was changed outside Git, for a terminal. */
export function driftText(plan: Plan, options: HeaderOptions): string {
  const { style } = options;
  const views = driftViews(plan);
  const [drift, uncompared] = [views.filter(isDrift), uncomparedViews(plan)];
  const informal = views
    .filter(({ unmanaged }) => unmanaged.length > 0)
    .map(({ address, unmanaged }) => ({ title: address, unmanaged }));
  const [outcome, ...next] = driftSummary(plan, drift, uncompared);
  const sections = [
    [headerLine(plan, options)],
    section("Changed outside Git since the last apply", drift, ({ rows }) => rows, style),
    section(uncomparedHeading(plan), uncompared, ({ rows }) => rows, style),
    section("For information: changes to undeclared fields", informal, ({ unmanaged }) => unmanaged, style),
    foreignSection(plan),
    [
      [{ text: outcome, tone: "title" as const }],
      ...next.map((text) => [{ text }]),
      ...remark(foreignText(plan), "faint"),
    ],
  ];
  return toText(sections, style);
}

function section<View extends { readonly title: string }>(
  title: string,
  views: readonly View[],
  rowsOf: (view: View) => readonly Row[],
  style: Style,
): readonly Line[] {
  if (views.length === 0) return [];
  return [...heading(title), ...spaced(views.map((view) => driftLines(view.title, rowsOf(view), style)))];
}

function foreignSection({ foreignObjects = [] }: Plan): readonly Line[] {
  if (foreignObjects.length === 0) return [];
  const width = widest(foreignObjects.map(({ kind }) => kind));
  return [
    ...heading("Not managed by this project"),
    ...foreignObjects.map(({ kind, id, name }) => [
      { text: `  ${pad(kind, width)}  ${visible(id)}${name === undefined ? "" : `  ${visible(name)}`}` },
    ]),
  ];
}

export function driftLines(title: string, rows: readonly Row[], style: Style): readonly Line[] {
  return [[{ text: `  # ${title}`, tone: "title" }], ...rowLines(rows, style)];
}
