import type { Plan } from "../../model/plan.ts";
import { sentence } from "../phrases.ts";
import { countedOutcome, type ResourceView } from "../resource-view.ts";
import { otherRemarks, outcomeText, planRemarks, untouchedText } from "../summary.ts";
import { actionTitle, refusalTitle, untilText } from "../plan-verb.ts";
import { OBSERVED, viewOf, WRITTEN_FIRST, type PlanView, type RefusalView } from "../view.ts";
import { changeSection } from "./drift.ts";
import { code, htmlProse, prose } from "./escape.ts";
import { fixed, type Piece, type Section } from "./page.ts";
import { assemble, headed, headline, type MarkdownOptions } from "./assemble.ts";
import { rowPieces, tableLine, tablePiece } from "./rows.ts";

/** What apply would do, for a comment on a pull request. */
export function planMarkdown(plan: Plan, options: MarkdownOptions = {}): string {
  const view = viewOf(plan, {});
  const top = [
    ...headline("plan", plan, options),
    fixed(`**${outcomeText(plan, view)}**`),
    ...refusalNotice(plan, view),
    ...overview(view),
  ];
  const many = view.resources.length + view.observed.length > MOST_OPEN_RESOURCES;
  const sections = [
    ...headed(
      "Changed outside Git since the last apply",
      view.drift.map(({ title, rows }) => changeSection(title, rows, 2)),
    ),
    ...headed(refusalTitle(plan), view.refusals.map(refusalSection)),
    ...headed(
      WRITTEN_FIRST,
      view.adoptions.map(({ title, rows }) => changeSection(title, rows, 2)),
    ),
    ...headed(
      actionTitle(plan),
      view.resources.map((one) => resourceSection(one, many)),
    ),
    ...headed(
      OBSERVED,
      view.observed.map((one) => resourceSection(one, many)),
    ),
  ];
  const end = [...planRemarks(plan), ...otherRemarks(plan, view)];
  return assemble({ top, sections, bottom: end.map((text) => fixed(prose(text))) }, options);
}

const MOST_OPEN_RESOURCES = 10;

function refusalNotice(plan: Plan, { refusals }: PlanView): readonly Piece[] {
  if (refusals.length === 0) return [];
  const points = refusals.length === 1 ? "1 point" : `${refusals.length} points`;
  return [
    fixed(`> ⛔ **${untilText(plan)} ${points} below ${refusals.length === 1 ? "is" : "are"} resolved.**`),
  ];
}

function overview({ resources }: PlanView): readonly Piece[] {
  if (resources.length === 0) return [];
  return [
    tablePiece(
      ["Resource", "Will be", "Risk"],
      resources.map((one) => tableLine([code(one.address), countedOutcome(one), riskText(one)])),
      3,
      "resource",
    ),
  ];
}

function riskText({ risks }: ResourceView): string {
  return risks.length === 0 ? "" : `⚠️ ${risks.map(prose).join(" · ")}`;
}

function refusalSection({ title, message, rows, hint }: RefusalView): Section {
  const next = hint === undefined ? [] : [fixed(`**What to do:** ${prose(sentence(hint))}`)];
  return {
    weight: 3,
    pieces: [fixed(`#### ⛔ ${prose(title)}`), fixed(prose(sentence(message))), ...rowPieces(rows), ...next],
  };
}

function resourceSection(one: ResourceView, many: boolean): Section {
  const { title, notes, risks, rows, untouched } = one;
  const open = many && risks.length === 0 ? "" : " open";
  const remarks = [
    ...(risks.length === 0 ? [] : [`⚠️ **${risks.map(prose).join(" · ")}**`]),
    ...notes.filter((note) => note !== "").map((note) => `_${prose(sentence(note))}_`),
  ];
  const rest = untouched === 0 ? [] : [fixed(`${untouchedText(untouched)}.`)];
  const weight = risks.length === 0 ? 0 : 1;
  if (remarks.length + rows.length + untouched === 0)
    return { weight, pieces: [fixed(prose(sentence(title)))] };
  return {
    weight,
    pieces: [
      fixed(`<details${open}>\n<summary><b>${htmlProse(title)}</b></summary>`),
      ...(remarks.length === 0 ? [] : [fixed(remarks.join("<br>\n"))]),
      ...rowPieces(rows),
      ...rest,
      fixed("</details>"),
    ],
  };
}
