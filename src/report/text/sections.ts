import type { Plan } from "../../model/plan.ts";
import { lineWidth } from "../layout.ts";
import { counted } from "../phrases.ts";
import { visible } from "../../model/visible.ts";
import { paint, type Span, type Style, type Tone } from "../style.ts";
import { hostOf } from "../summary.ts";
import type { Line } from "./diff.ts";

/** Sections with an empty line between them. */
export function toText(sections: readonly (readonly Line[])[], style: Style): string {
  const filled = sections.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.map((line) => paint(line, style)).join("\n")).join("\n\n")}\n`;
}

export function heading(text: string): readonly Line[] {
  return [[{ text, tone: "title" }], []];
}

/** Blocks of lines with an empty line between them. */
export function spaced(blocks: readonly (readonly Line[])[]): readonly Line[] {
  return blocks.flatMap((lines, index) => (index === 0 ? lines : [[], ...lines]));
}

/** What the first line says beside the plan. */
export interface HeaderOptions {
  readonly style: Style;
  readonly requests?: number;
  readonly seconds?: number;
}

const WIDEST_HEADER = 100;

export function headerLine(plan: Plan, { style, requests, seconds }: HeaderOptions): Line {
  const left: Span = {
    text: [plan.project, plan.environment, hostOf(plan), ...(plan.destroy === true ? ["destroy"] : [])]
      .map(visible)
      .join(" · "),
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

/** A line at the end, where there is something to say. */
export function remark(text: string | undefined, tone?: Tone): readonly Line[] {
  if (text === undefined) return [];
  return [[tone === undefined ? { text } : { text, tone }]];
}
