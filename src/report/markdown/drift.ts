import type { Plan } from "../../model/plan.ts";
import { driftViews, isDrift, uncomparedHeading, uncomparedViews } from "../drift-view.ts";
import type { Row } from "../row.ts";
import { visible } from "../../model/visible.ts";
import { driftSummary, foreignText } from "../summary.ts";
import { assemble, headed, headline, type MarkdownOptions } from "./assemble.ts";
import { code, prose } from "./escape.ts";
import { fixed, type Section } from "./page.ts";
import { rowPieces, tableLine, tablePiece } from "./rows.ts";

/** What was changed outside Git, for an issue or a job summary. */
export function driftMarkdown(plan: Plan, options: MarkdownOptions = {}): string {
  const views = driftViews(plan);
  const [drift, uncompared] = [views.filter(isDrift), uncomparedViews(plan)];
  const informal = views.filter(({ unmanaged }) => unmanaged.length > 0);
  const [outcome, ...next] = driftSummary(plan, drift, uncompared);
  const top = [
    ...headline("drift", plan, options),
    fixed(`**${prose(outcome)}**`),
    ...next.map((text) => fixed(prose(text))),
  ];
  const sections = [
    ...headed(
      "Changed outside Git since the last apply",
      drift.map(({ title, rows }) => changeSection(title, rows, 2)),
    ),
    ...headed(
      uncomparedHeading(plan),
      uncompared.map(({ title, rows }) => changeSection(title, rows, 1)),
    ),
    ...headed(
      "For information: changes to undeclared fields",
      informal.map(({ address, unmanaged }) => changeSection(address, unmanaged, 0)),
    ),
    ...headed("Not managed by this project", foreignSections(plan)),
  ];
  const foreign = foreignText(plan);
  return assemble({ top, sections, bottom: foreign === undefined ? [] : [fixed(prose(foreign))] }, options);
}

function foreignSections({ foreignObjects = [] }: Plan): readonly Section[] {
  if (foreignObjects.length === 0) return [];
  const lines = foreignObjects.map(({ kind, id, name = "" }) =>
    tableLine([kind, id, name].map((text) => code(visible(text)))),
  );
  return [{ weight: 0, pieces: [tablePiece(["Kind", "Id", "Name"], lines, 2, "object")] }];
}

export function changeSection(title: string, rows: readonly Row[], weight: number): Section {
  return { weight, pieces: [fixed(`#### ${prose(title)}`), ...rowPieces(rows)] };
}
