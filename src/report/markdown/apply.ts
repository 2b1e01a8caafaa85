import type { ApplyResult } from "../../model/event.ts";
import type { Plan } from "../../model/plan.ts";
import { applyView, type ApplyView, type WaitingView } from "../apply-view.ts";
import type { FailureView } from "../failure.ts";
import { duration, sentence } from "../phrases.ts";
import { applySummary } from "../summary.ts";
import { verbOf } from "../plan-verb.ts";
import { assemble, headed, headline, type MarkdownOptions } from "./assemble.ts";
import { code, prose } from "./escape.ts";
import { fixed, type Piece, type Section } from "./page.ts";
import { rowPieces, tableLine, tablePiece } from "./rows.ts";

export interface ApplyMarkdownOptions extends MarkdownOptions {
  /** How long each step took, by its id. */
  readonly milliseconds?: ReadonlyMap<string, number>;
}

/** What apply did and did not do, for a comment or a job summary. */
export function applyMarkdown(result: ApplyResult, plan: Plan, options: ApplyMarkdownOptions = {}): string {
  const view = applyView(result, plan);
  const [outcome, ...next] = applySummary(view, plan);
  const top = [
    ...headline(verbOf(plan), plan, options),
    fixed(`${view.complete ? "✅" : "❌"} **${prose(outcome)}**`),
    ...next.map((text) => fixed(prose(text))),
    ...donePieces(view, options),
  ];
  const sections = [
    ...headed("Failed", view.failed.map(failureSection)),
    ...headed("Blocked", waitingSections(view.blocked)),
    ...headed("Not started", waitingSections(view.notStarted)),
  ];
  return assemble({ top, sections, bottom: [] }, options);
}

function donePieces({ done }: ApplyView, { milliseconds }: ApplyMarkdownOptions): readonly Piece[] {
  if (done.length === 0) return [];
  const lines = done.map(({ step, address, verb, detail, verified }) => {
    const time = milliseconds?.get(step);
    const cells = [verb, code(detail), time === undefined ? "" : duration(time), verified ? "verified" : ""];
    return tableLine([code(address), ...cells]);
  });
  return [tablePiece(["Resource", "Was", "What", "Took", "Read back"], lines, 3, "step")];
}

/** Failures are what the page is for: they go last. */
function failureSection({ address, verb, lines, rows, next }: FailureView): Section {
  return {
    weight: 3,
    pieces: [
      fixed(`#### ❌ ${code(address)}: ${verb} failed`),
      fixed(lines.map((line) => `- ${prose(sentence(line))}`).join("\n")),
      ...rowPieces(rows),
      fixed(`**What to do:** ${prose(sentence(next))}`),
    ],
  };
}

function waitingSections(waiting: readonly WaitingView[]): readonly Section[] {
  if (waiting.length === 0) return [];
  const lines = waiting.map(({ address, verb, because }) => tableLine([code(address), verb, prose(because)]));
  return [{ weight: 2, pieces: [tablePiece(["Resource", "To do", "Why"], lines, 2, "step")] }];
}
