/** A text as a block: `|` keeps its lines, `>` folds them. */
export interface Block {
  /** With its indicators and its comment: `|-  # why`. */
  readonly header: string;
  /** Without indentation and without empty lines at the end. */
  readonly lines: readonly string[];
}

const HEADER = /^([|>])([+-]?)([ \t].*)?$/;
const NARROWEST = 80;

/** Characters that a block cannot hold as they are: carriage returns and characters without a shape, apart from the joiner of emoji. */
export const UNSEEN = /[^\P{C}\n\t\u200D]|[\u2028\u2029]/u;

/** The block that is written in a stretch of text; none where its indentation is not plain to see. */
export function blockIn(source: string): Block | undefined {
  const [header = "", ...rest] = source.split(/\r?\n/);
  const indent = /^ */.exec(rest.find((line) => line.trim() !== "") ?? "")?.[0].length ?? 0;
  if (!HEADER.test(header) || indent === 0) return undefined;
  const lines = rest.map((line) => line.slice(indent));
  return { header, lines: withoutEmptyEnd(lines) };
}

/** The text as lines below a `|`; `undefined` where that cannot hold it. */
export function literalBlock(text: string, old?: Block): Block | undefined {
  const body = text.replace(/\n+$/, "");
  if (body === "" || /^\s/.test(body)) return undefined;
  return { header: headerFor("|", text, old), lines: [...body.split("\n"), ...endOf(text)] };
}

/** The text folded as it was; `undefined` where lines of it would not fold back. */
export function foldedBlock(text: string, old: Block): Block | undefined {
  const body = text.replace(/\n+$/, "");
  if (body === "" || /^\s|\n[ \t]/.test(body) || old.lines.some((line) => /^\s+\S/.test(line)))
    return undefined;
  const paragraphs = paragraphsOf(old.lines);
  const width = Math.max(NARROWEST, ...old.lines.map((line) => line.length));
  const lines: string[] = [];
  for (const [index, line] of body.split("\n").entries()) {
    if (line === "") lines.push("");
    else lines.push(...(index === 0 ? [] : [""]), ...folded(line, paragraphs, width));
  }
  return { header: headerFor(">", text, old), lines: [...lines, ...endOf(text)] };
}

/** The lines of a block with their indentation. */
export function blockLines({ lines }: Block, indent: number): readonly string[] {
  return lines.map((line) => (line === "" ? line : " ".repeat(indent) + line));
}

/** How many line ends the text has at its end is said by the indicator. */
function headerFor(style: "|" | ">", text: string, old: Block | undefined): string {
  const ends = text.length - text.replace(/\n+$/, "").length;
  const comment = HEADER.exec(old?.header ?? "")?.[3] ?? "";
  return style + (ends === 0 ? "-" : ends === 1 ? "" : "+") + comment;
}

function endOf(text: string): readonly string[] {
  const ends = text.length - text.replace(/\n+$/, "").length;
  return Array.from({ length: Math.max(0, ends - 1) }, () => "");
}

function withoutEmptyEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line.trim() !== "") + 1);
}

function paragraphsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const paragraphs: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() === "") paragraphs.push([]);
    else paragraphs.at(-1)?.push(line);
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

/** One paragraph, its lines broken where they were as far as its words are the same. */
function folded(text: string, old: readonly (readonly string[])[], width: number): readonly string[] {
  const fits = old.map((lines) => keptLines(text, lines));
  const best = fits.reduce((a, b) => (b.head.length + b.tail.length > a.head.length + a.tail.length ? b : a), {
    head: [] as readonly string[],
    tail: [] as readonly string[],
    middle: text,
    isLonger: false,
  });
  const last = best.head.at(-1);
  const longer = `${last} ${best.middle}`;
  if (last !== undefined && best.isLonger && longer.length <= width) {
    return [...best.head.slice(0, -1), longer, ...best.tail];
  }
  return [...best.head, ...wrapped(best.middle, width), ...best.tail];
}

function keptLines(text: string, lines: readonly string[]) {
  const head: string[] = [];
  const tail: string[] = [];
  let middle = text;
  for (const line of lines) {
    if (middle !== line && !middle.startsWith(`${line} `)) break;
    head.push(line);
    middle = middle.slice(line.length + 1);
  }
  for (const line of lines.slice(head.length).reverse()) {
    if (middle !== line && !middle.endsWith(` ${line}`)) break;
    tail.unshift(line);
    middle = middle.slice(0, Math.max(0, middle.length - line.length - 1));
  }
  const isLonger = middle !== "" && head.length + tail.length === lines.length;
  return { head, tail, middle, isLonger };
}

/** Broken at single spaces only: others are part of the text. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text === "" ? [] : text.split(/(?<=\S) (?=\S)/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
