import stringWidth from "string-width";
import type { Span } from "./style.ts";

/** Characters of Latin letters and signs, each of one column; U+00AD is a hyphen that may not be shown. */
const PLAIN = /^[\u0020-\u007E\u00A0-\u00AC\u00AE-\u02FF]*$/;

/** Made when it is first used: that takes milliseconds. */
let segmenter: Intl.Segmenter | undefined;

function charactersIn(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** Columns that the text takes on a terminal. */
export function columns(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** At most `width` columns, with `…` where something was cut off. */
export function cut(text: string, width: number): string {
  if (columns(text) <= width) return text;
  return `${head(text, Math.max(width, 1) - 1).trimEnd()}…`;
}

/** As much of the beginning as fits; what is one character to the eye is not broken. */
function head(text: string, width: number): string {
  let used = 0;
  for (const { segment, index } of charactersIn(text)) {
    used += columns(segment);
    if (used > width) return text.slice(0, index);
  }
  return text;
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, columns(text)), 0);
}

export function lineWidth(line: readonly Span[]): number {
  return line.reduce((sum, { text }) => sum + columns(text), 0);
}

/** Breaks between words where it can; a word longer than a line is broken where the line ends. */
export function wrap(line: readonly Span[], width: number): readonly (readonly Span[])[] {
  if (lineWidth(line) <= width) return [line];
  const rows: Span[][] = [[]];
  let used = 0;
  for (const span of words(line).flatMap((word) => pieces(word, width))) {
    const size = columns(span.text);
    if (used + columns(span.text.trimEnd()) > width && used > 0) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1)?.push(span);
    used += size;
  }
  return rows.map(joined);
}

/** Wrapped with `start` before the first row, and `again`, or as much space, before the others. */
export function hanging(
  start: Span,
  line: readonly Span[],
  width: number,
  again?: string,
): readonly (readonly Span[])[] {
  const margin = columns(start.text);
  const other = withText(start, again ?? " ".repeat(margin));
  const rows = wrap(line, Math.max(20, width - margin));
  return rows.map((row, index) => [index === 0 ? start : other].concat(row));
}

/** Each word with the space after it. */
function words(line: readonly Span[]): readonly Span[] {
  return line.flatMap((span) => (span.text.match(/\S+\s*|\s+/g) ?? []).map((text) => withText(span, text)));
}

function pieces(span: Span, width: number): readonly Span[] {
  const result: Span[] = [];
  let rest = span.text;
  while (columns(rest.trimEnd()) > width) {
    const text = head(rest, Math.max(width, 2));
    result.push(withText(span, text));
    rest = rest.slice(text.length);
  }
  return [...result, withText(span, rest)];
}

function withText(span: Span, text: string): Span {
  return span.tone === undefined ? { text } : { text, tone: span.tone };
}

function joined(row: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of row) {
    const last = result.at(-1);
    if (last !== undefined && last.tone === span.tone)
      result[result.length - 1] = { ...last, text: last.text + span.text };
    else result.push(span);
  }
  return result;
}
