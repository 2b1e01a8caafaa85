import type { Plan } from "../../model/plan.ts";
import { driftViews, isDrift, uncomparedViews, type DriftView, type UncomparedView } from "../drift-view.ts";
import { counted, listed } from "../phrases.ts";
import type { Row } from "../rows.ts";
import type { Style } from "../style.ts";
import type { Line } from "./diff.ts";
import { rowLines } from "./rows.ts";
import { foreignLine, headerLine, heading, spaced, toText, type HeaderOptions } from "./sections.ts";

/** What was changed outside Git, for a terminal. */
export function driftText(plan: Plan, options: HeaderOptions): string {
  const { style } = options;
  const views = driftViews(plan);
  const [drift, uncompared] = [views.filter(isDrift), uncomparedViews(plan)];
  const informal = views
    .filter(({ unmanaged }) => unmanaged.length > 0)
    .map(({ address, unmanaged }) => ({ title: address, unmanaged }));
  const sections = [
    [headerLine(plan, options)],
    section("Changed outside Git since the last apply", drift, ({ rows }) => rows, style),
    section(
      "Different, and without a baseline nobody can tell who changed it",
      uncompared,
      ({ rows }) => rows,
      style,
    ),
    section(
      "For information: changed where nobody declared anything",
      informal,
      ({ unmanaged }) => unmanaged,
      style,
    ),
    [...summary(drift, uncompared), ...foreignLine(plan)],
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

export function driftLines(title: string, rows: readonly Row[], style: Style): readonly Line[] {
  return [[{ text: `  # ${title}`, tone: "title" }], ...rowLines(rows, style)];
}

function summary(drift: readonly DriftView[], uncompared: readonly UncomparedView[]): readonly Line[] {
  const count = (what: DriftView["what"]) => drift.filter((view) => view.what === what).length;
  const parts = [
    [count("changed"), "changed"],
    [count("deleted"), "deleted"],
    [count("appeared"), "with something new"],
    [uncompared.length, "without a baseline"],
  ] as const;
  const found = parts.filter(([number]) => number > 0);
  if (found.length === 0) return [[{ text: "No drift. What runs is what was last applied.", tone: "title" }]];
  const texts = found.map(
    ([number, what], index) => `${index === 0 ? counted(number, "resource") : number} ${what}`,
  );
  return [
    [{ text: `Drift: ${listed(texts)}.`, tone: "title" }],
    [{ text: "Apply puts back what is declared; to keep a live value, take it into the manifest." }],
  ];
}
