import { cut, hanging } from "../layout.ts";
import { counted } from "../phrases.ts";
import { paint, type Span, type Tone, type Style } from "../style.ts";
import { textDiff, type DiffLine, type TextDiff } from "../text-diff.ts";
import { elided, type Words } from "../words.ts";
import { visibleLines } from "../../model/visible.ts";

export type Line = readonly Span[];

export interface DiffStyle {
  readonly width: number;
  readonly colour: boolean;
  readonly numbered: boolean;
  /** A text that only comes or only goes is shown to its end. */
  readonly full?: boolean;
  /** Spaces before the sign, and between the sign and text without a number. */
  readonly indent?: number;
  readonly gap?: number;
  /** Repeats the sign where a long line goes on, for readers that colour line by line. */
  readonly signed?: true;
}

const INDENT = 7;
/** Unchanged text kept beside a changed word of a very long line. */
const KEEP = 60;
/** A text that only comes or only goes is shown by its beginning, unless `full` says otherwise. */
const MOST_WHOLE = 12;

/** A diff below the row it belongs to. */
export function diffLines(diff: TextDiff, style: DiffStyle): readonly Line[] {
  const highest = diff.hunks.reduce(
    (most, { lines }) => lines.reduce((high, line) => Math.max(high, numberOf(line)), most),
    1,
  );
  const gutter = style.numbered ? String(highest).length : 0;
  const whole = diff.added === 0 || diff.removed === 0 ? wholeText(diff) : undefined;
  if (whole !== undefined && whole.length > MOST_WHOLE && style.full !== true) {
    const shown = whole.slice(0, MOST_WHOLE - 2).flatMap((line) => diffLine(line, gutter, style));
    return [...shown, fold(`${whole.length - MOST_WHOLE + 2} more lines`, gutter, style)];
  }
  return diff.hunks.flatMap((hunk, index) => [
    ...(index > 0 && hunk.skipped > 0 ? [fold(counted(hunk.skipped, "unchanged line"), gutter, style)] : []),
    ...hunk.lines.flatMap((line) => diffLine(line, gutter, style)),
  ]);
}

function wholeText({ hunks, skipped }: TextDiff): readonly DiffLine[] | undefined {
  const [first, second] = hunks;
  if (first === undefined || second !== undefined || first.skipped + skipped > 0) return undefined;
  return first.lines.every(({ type }) => type !== "same") ? first.lines : undefined;
}

function fold(text: string, gutter: number, { indent = INDENT }: DiffStyle): Line {
  return [{ text: `${" ".repeat(indent + 2)}${"⋮".padStart(gutter)}   ${text}`, tone: "faint" }];
}

function numberOf(line: DiffLine): number {
  return line.type === "removed" ? line.before : line.after;
}

function diffLine(line: DiffLine, gutter: number, style: DiffStyle): readonly Line[] {
  const sign = { same: " ", removed: "-", added: "+" }[line.type];
  const { indent = INDENT, gap = 1 } = style;
  const number = style.numbered ? ` ${String(numberOf(line)).padStart(gutter)}   ` : " ".repeat(gap);
  const start = `${" ".repeat(indent)}${sign}${number}`;
  if (line.type === "same") return [[{ text: cut(start + line.text, style.width), tone: "faint" }]];
  const tone = line.type;
  const again = style.signed === true ? sign.padEnd(start.length) : undefined;
  return hanging({ text: start, tone }, wordSpans(line.words, tone, style.colour), style.width, again);
}

/** Changed words stand in `[-…-]` and `{+…+}`, or in colour. */
export function wordSpans(words: readonly Words[], tone: "added" | "removed", colour: boolean): Line {
  const marked: Tone = tone === "added" ? "addedWords" : "removedWords";
  const [open, close] = tone === "added" ? ["{+", "+}"] : ["[-", "-]"];
  return elided(words, KEEP).map(({ text, changed }): Span => {
    if (!changed) return { text, tone };
    // Blanks have no colour.
    return colour && text.trim() !== "" ? { text, tone: marked } : { text: `${open}${text}${close}`, tone };
  });
}

/** Two texts compared by word. */
export function wordDiffText(before: string, after: string, style: Style): string {
  const diff = textDiff(visibleLines(before), visibleLines(after));
  const lines = diffLines(diff, { ...style, full: true, numbered: true, indent: 2 });
  return lines.map((line) => paint(line, style)).join("\n");
}
