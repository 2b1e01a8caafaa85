import { columns } from "../layout.ts";
import { counted } from "../phrases.ts";
import type { Body, Row, Sign } from "../row.ts";
import { diffFigure, wordsMarkup } from "./diff.ts";
import { joinedLines, markup, type Content, type Markup } from "./markup.ts";

/** Two values of more columns than this stand one under the other. */
const WIDEST_PAIR = 96;
/** A single value that is longer is shown as a block. */
const WIDEST_VALUE = 160;
/** A longer block is folded. */
const MOST_OPEN_LINES = 12;

const SIGNS: Readonly<Record<Sign, string>> = { "+": "add", "~": "mod", "-": "del", "=": "keep" };
const SIGN_WORDS: Readonly<Record<Sign, string>> = {
  "+": "added",
  "~": "changed",
  "-": "removed",
  "=": "stays",
};

/** The rows of one resource: each field with its values, text as diffs. `title` names the resource in labels. */
export function rowList(rows: readonly Row[], title: string): Markup | undefined {
  if (rows.length === 0) return undefined;
  return markup`<dl class="rows">${rows.map((row) => rowMarkup(row, title))}</dl>`;
}

function rowMarkup(row: Row, title: string): Markup {
  const { sign, label, note } = row;
  const mark = sign === "-" ? "−" : sign;
  return markup`<div class="row ${SIGNS[sign]}"><dt><span class="sign" aria-hidden="true">${mark}</span><span class="vh">${SIGN_WORDS[sign]}: </span><code>${breakable(label)}</code>${remark(note)}</dt><dd>${valueOf(row, title)}</dd></div>
`;
}

/** A long path breaks after its dots. */
function breakable(label: string): Content {
  return label.split(".").map((part, index) => [index === 0 ? undefined : markup`.<wbr>`, part]);
}

function remark(note: string | undefined): Markup | undefined {
  return note === undefined ? undefined : markup` <span class="note">${note}</span>`;
}

function valueOf(row: Row, title: string): Content {
  const { body, sign, note } = row;
  switch (body.type) {
    case "none":
      return note === undefined ? markup`<span class="note">${SIGN_WORDS[sign]}</span>` : undefined;
    case "value":
      return markup`${valueMarkup(body)}${fileMarkup(row)}${wholeMarkup(body)}`;
    case "change":
      return changeMarkup(body, row, title);
    case "text":
      return body.diffs.map(({ caption, diff }) =>
        diffFigure(diff, {
          label: `${title}: ${row.label}`,
          caption: [fileMarkup(row), caption === undefined ? undefined : markup` <span>${caption}</span>`],
          isProse: true,
        }),
      );
    case "sides":
      return markup`<dl class="sides">${body.sides.map(
        ({ name, text }) => markup`<div><dt>${name}</dt><dd>${code(text)}</dd></div>`,
      )}</dl>`;
  }
}

function fileMarkup({ file }: Row): Markup | undefined {
  return file === undefined ? undefined : markup` <span class="file">${file}</span>`;
}

function code(text: string): Markup {
  return markup`<code class="v">${text}</code>`;
}

function valueMarkup({ text, lines, outline }: Extract<Body, { readonly type: "value" }>): Markup {
  if (columns(text) <= WIDEST_VALUE) return code(text);
  return lines.length > 0 ? blockMarkup(lines) : code(outline ?? text);
}

/** What is told in short can be read in full. */
function wholeMarkup({ text, whole }: Extract<Body, { readonly type: "value" }>): Markup | undefined {
  if (whole === undefined || !(whole.hasText || columns(text) > WIDEST_VALUE)) return undefined;
  const lines = whole.lines();
  return foldedBlock(lines, `All ${counted(lines.length, "line")}`, whole.isText);
}

function blockMarkup(lines: readonly string[]): Markup {
  return lines.length <= MOST_OPEN_LINES
    ? markup`<pre>${joinedLines(lines)}</pre>`
    : foldedBlock(lines, counted(lines.length, "line"));
}

/** Lines as they are, to be opened. */
function foldedBlock(lines: readonly string[], summary: string, isProse = false): Markup {
  const block = isProse
    ? markup`<pre class="prose">${joinedLines(lines)}</pre>`
    : markup`<pre>${joinedLines(lines)}</pre>`;
  return markup`<details class="more"><summary>${summary}</summary>${block}</details>`;
}

/** True where the page has diffs to lay out. */
export function hasDiff(rows: readonly Row[]): boolean {
  return rows.some(({ body }) => body.type === "text" || (body.type === "change" && body.diff !== undefined));
}

function changeMarkup(body: Extract<Body, { readonly type: "change" }>, row: Row, title: string): Markup {
  const { before, after, words, diff } = body;
  const isShort = columns(before) + columns(after) <= WIDEST_PAIR;
  if (!isShort && diff !== undefined) {
    const caption = fileMarkup(row);
    return diffFigure(diff, { label: `${title}: ${row.label}`, caption, isProse: false });
  }
  const [old, now] = isShort ? [before, after] : [wordsMarkup(words.before), wordsMarkup(words.after)];
  const kind = isShort ? "pair" : "pair tall";
  return markup`<div class="${kind}"><del><span class="vh">before: </span><code class="v">${old}</code></del> <span class="arrow" aria-hidden="true">→</span> <ins><span class="vh">after: </span><code class="v">${now}</code></ins>${fileMarkup(row)}</div>`;
}
