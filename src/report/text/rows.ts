import { columns, cut, hanging, lineWidth, pad, widest } from "../layout.ts";
import type { Body, CaptionedDiff, Row, Sign } from "../row.ts";
import type { Span, Style, Tone } from "../style.ts";
import { diffLines, wordSpans, type Line } from "./diff.ts";

const WIDEST_LABEL = 34;
const BELOW = " ".repeat(8);

const TONES: Readonly<Record<Sign, Tone>> = { "+": "added", "~": "changed", "-": "removed", "=": "faint" };

/** The rows of one resource, their values in one column. */
export function rowLines(rows: readonly Row[], style: Style): readonly Line[] {
  const beside = rows.filter(
    ({ body, note }) => body.type !== "sides" && (body.type !== "none" || note !== undefined),
  );
  const labels = beside.map(({ label }) => label).filter((label) => columns(label) <= WIDEST_LABEL);
  const column = widest(labels);
  return rows.flatMap((row) => linesOf(row, column, style));
}

function linesOf(row: Row, column: number, style: Style): readonly Line[] {
  const { body } = row;
  const label = `    ${row.sign} ${pad(row.label, column)}`;
  const start: Line = [{ text: label.slice(0, 6), tone: TONES[row.sign] }, { text: label.slice(6) }];
  const beside = (...spans: readonly Span[]): Line => [
    ...start,
    ...spans.flatMap((span) => [{ text: "  " }, span]),
  ];
  const remark = remarkOf(row);
  switch (body.type) {
    case "none":
      return [beside(...faint(remark))];
    case "value":
      return valueLines(body, row, beside, style);
    case "change":
      return changeLines(body, beside, remark, style);
    case "text":
      return body.diffs.flatMap((one, index) => textLines(one, index === 0 ? beside : continued, row, style));
    case "sides":
      return [beside(...faint(remark)), ...sideLines(body, style)];
  }
}

type Beside = (...spans: readonly Span[]) => Line;

/** Further diffs of the same path stand under its first. */
function continued(...spans: readonly Span[]): Line {
  return [{ text: "      " }, ...spans.flatMap((span) => [span, { text: "  " }])];
}

function remarkOf({ file, note }: Row): string {
  const parts = [file, note].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : `(${parts.join(", ")})`;
}

function faint(text: string): readonly Span[] {
  return text === "" ? [] : [{ text, tone: "faint" }];
}

function valueLines(
  { text, lines, outline, whole }: Extract<Body, { type: "value" }>,
  row: Row,
  beside: Beside,
  style: Style,
): readonly Line[] {
  const { sign } = row;
  const remark = remarkOf(row);
  const short = beside({ text }, ...faint(remark));
  const isFull = style.full === true && whole !== undefined;
  if (lineWidth(short) <= style.width && !(isFull && whole.hasText)) return [short];
  const shown = isFull ? whole.lines() : lines;
  if (shown.length === 0) {
    const room = style.width - lineWidth(beside({ text: "" }, ...faint(remark)));
    return [beside({ text: cut(outline ?? text, Math.max(room, 12)) }, ...faint(remark))];
  }
  const tone = sign === "+" ? "added" : sign === "-" ? "removed" : "faint";
  return [beside(...faint(remark)), ...shown.flatMap((line) => below([{ text: line, tone }], style))];
}

function changeLines(
  { before, after, words, diff }: Extract<Body, { type: "change" }>,
  beside: Beside,
  remark: string,
  style: Style,
): readonly Line[] {
  const pair: Span = { text: `${before} → ${after}` };
  const whole = beside(pair, ...faint(remark));
  if (lineWidth(whole) <= style.width) return [whole];
  if (diff !== undefined) return [beside(...faint(remark)), ...diffLines(diff, { ...style, numbered: false })];
  const marks = words.common < 0.3 ? unmarked(before, after) : words;
  return [
    beside(...faint(remark)),
    ...below(wordSpans(marks.before, "removed", style.colour), style, "- "),
    ...below(wordSpans(marks.after, "added", style.colour), style, "+ "),
  ];
}

/** Marks on nearly every word are hard to read. */
function unmarked(before: string, after: string) {
  return { before: [{ text: before, changed: false }], after: [{ text: after, changed: false }] };
}

function textLines({ caption, diff }: CaptionedDiff, beside: Beside, row: Row, style: Style): readonly Line[] {
  const head = beside(
    ...(row.file === undefined ? [] : [{ text: row.file }]),
    ...(caption === undefined ? [] : [{ text: caption }]),
    { text: `+${diff.added} −${diff.removed}`, tone: "faint" },
    ...faint(row.note === undefined ? "" : `(${row.note})`),
  );
  return [head, ...diffLines(diff, { ...style, numbered: true })];
}

function sideLines({ sides }: Extract<Body, { type: "sides" }>, style: Style): readonly Line[] {
  const column = widest(sides.map(({ name }) => name));
  return sides.flatMap(({ name, text }) =>
    hanging({ text: `${BELOW}${pad(name, column)}  `, tone: "faint" }, [{ text }], style.width),
  );
}

function below(line: Line, style: Style, sign = ""): readonly Line[] {
  const tone = line[0]?.tone;
  const text = BELOW + sign;
  return hanging(tone === undefined ? { text } : { text, tone }, line, style.width);
}
