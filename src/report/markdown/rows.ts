import { columns, cut, hanging } from "../layout.ts";
import { counted } from "../phrases.ts";
import type { Body, CaptionedDiff, Row } from "../row.ts";
import { paint, type Span } from "../style.ts";
import type { TextDiff } from "../text-diff.ts";
import { diffLines, wordSpans } from "../text/diff.ts";
import type { Words } from "../words.ts";
import { code, prose } from "./escape.ts";
import { fixed, type Piece } from "./page.ts";

/** Longer values stand below the table, as text. */
const WIDEST_CELL = 72;
const PLAIN = { colour: false, width: 100 };
const DIFF = { ...PLAIN, indent: 0, signed: true, full: true } as const;
/** Longer diffs are folded. */
const MOST_OPEN_LINES = 40;

/** The rows of one resource: what needs no value in a list, short values in a table, long ones each as a diff. */
export function rowPieces(rows: readonly Row[]): readonly Piece[] {
  const bare = rows.filter(isBare);
  const short = rows.filter((row) => !isBare(row) && cellsOf(row) !== undefined);
  const long = rows.filter((row) => !isBare(row) && cellsOf(row) === undefined);
  return [
    ...listPieces(bare),
    ...tablePieces(short),
    ...short.flatMap(wholePieces),
    ...long.flatMap(longPieces),
  ];
}

/** What the table tells in short can be read in full. */
function wholePieces(row: Row): readonly Piece[] {
  const { body } = row;
  if (body.type !== "value" || body.whole === undefined) return [];
  if (!body.whole.hasText && short([body.text])) return [];
  return [diffPiece({ ...row, note: undefined }, wholly(row, body.whole.lines()), { isFolded: true })];
}

function isBare({ sign, body }: Row): boolean {
  return body.type === "none" || (sign === "=" && cellsOf({ sign, body, label: "" }) !== undefined);
}

function listPieces(rows: readonly Row[]): readonly Piece[] {
  if (rows.length === 0) return [];
  const rest = (cut: number) => `- … ${counted(cut, "field")} cut`;
  return [{ type: "lines", rank: 2, head: "", lines: rows.map(bareLine), foot: "", rest }];
}

function bareLine({ sign, label, note, body }: Row): string {
  const value = body.type === "value" ? ` ${code(valueText(body) ?? "")}` : "";
  const mark = body.type !== "none" ? "" : { "+": "added", "-": "removed", "~": "", "=": "" }[sign];
  const remarks = [mark, note === undefined ? "" : prose(note)].filter(Boolean).join(", ");
  return `- ${code(label)}${value}${remarks === "" ? "" : `: ${remarks}`}`;
}

/** One table for each set of columns, because a conflict has more pictures than a change. */
function tablePieces(rows: readonly Row[]): readonly Piece[] {
  const [first] = rows;
  const oneSided = first !== undefined && first.sign !== "~" && rows.every(({ sign }) => sign === first.sign);
  const tables = new Map<string, { readonly heads: readonly string[]; readonly lines: string[] }>();
  for (const row of rows) {
    const { heads, cells } = oneSided ? valueCells(row) : (cellsOf(row) ?? NO_CELLS);
    const table = tables.get(heads.join("|")) ?? { heads, lines: [] };
    tables.set(heads.join("|"), table);
    table.lines.push(tableLine([fieldCell(row), ...cells]));
  }
  return [...tables.values()].map(({ heads, lines }) => tablePiece(["Field", ...heads], lines, 2, "field"));
}

export function tablePiece(
  heads: readonly string[],
  lines: readonly string[],
  rank: 2 | 3,
  noun: string,
): Piece {
  const line = tableLine(heads.map(() => ":--"));
  const rest = (cut: number) => tableLine([`… ${counted(cut, noun)} cut`, ...heads.slice(1).map(() => "")]);
  return { type: "lines", rank, head: `${tableLine(heads)}\n${line}`, lines, foot: "", rest };
}

interface Cells {
  readonly heads: readonly string[];
  readonly cells: readonly string[];
}

const NO_CELLS: Cells = { heads: [], cells: [] };

/** Nothing but additions, or removals: the empty column says nothing. */
function valueCells(row: Row): Cells {
  const cells = cellsOf(row)?.cells ?? [];
  return { heads: ["Value"], cells: [cells.find((cell) => cell !== "") ?? ""] };
}

export function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function fieldCell({ label, note }: Row): string {
  return `${code(label)}${note === undefined ? "" : `<br>${prose(note)}`}`;
}

const CHANGE_HEADS = ["Before", "After"];

/** `undefined` where a value is too long for a table. */
function cellsOf({ sign, body, file }: Row): Cells | undefined {
  switch (body.type) {
    case "change":
      return short([body.before, body.after])
        ? { heads: CHANGE_HEADS, cells: [code(body.before), code(body.after)] }
        : undefined;
    case "sides":
      return short(body.sides.map(({ text }) => text))
        ? {
            heads: body.sides.map(({ name }) => capital(name)),
            cells: body.sides.map(({ text }) => code(text)),
          }
        : undefined;
    case "value": {
      const text = valueText(body);
      if (text === undefined) return undefined;
      const cell = `${code(text)}${file === undefined ? "" : ` ${code(file)}`}`;
      return {
        heads: CHANGE_HEADS,
        cells: [sign === "+" ? "" : cell, sign === "-" ? "" : cell],
      };
    }
    default:
      return undefined;
  }
}

function valueText({ text, lines, outline }: Extract<Body, { type: "value" }>): string | undefined {
  if (short([text])) return text;
  if (lines.length > 0) return undefined;
  const about = outline ?? text;
  return cut(about, WIDEST_CELL);
}

function short(texts: readonly string[]): boolean {
  return texts.every((text) => columns(text) <= WIDEST_CELL);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function longPieces(row: Row): readonly Piece[] {
  const { body } = row;
  if (body.type === "text") return body.diffs.map((one) => diffPiece(row, numbered(one.diff), { diff: one }));
  if (body.type === "change" && body.diff !== undefined) return [diffPiece(row, plainly(body.diff))];
  if (body.type === "change") {
    return [diffPiece(row, [...marked(body.words.before, "removed"), ...marked(body.words.after, "added")])];
  }
  if (body.type === "value") return [diffPiece(row, wholly(row, body.lines))];
  if (body.type === "sides") return sidePieces(row, body);
  return [];
}

/** Every line begins with a sign, a number or four spaces, so that none can end the fence. */
function numbered(diff: TextDiff): readonly string[] {
  return diffLines(diff, { ...DIFF, numbered: true }).map((line) => paint(line, PLAIN));
}

function plainly(diff: TextDiff): readonly string[] {
  return diffLines(diff, { ...DIFF, numbered: false, gap: 3 }).map((line) => paint(line, PLAIN));
}

function marked(words: readonly Words[], tone: "added" | "removed"): readonly string[] {
  return signed(tone === "added" ? "+" : "-", wordSpans(words, tone, false));
}

function wholly({ sign }: Row, lines: readonly string[]): readonly string[] {
  return lines.flatMap((text) => signed(sign === "+" || sign === "-" ? sign : " ", [{ text }]));
}

function signed(sign: string, line: readonly Span[]): readonly string[] {
  const start = sign.padEnd(4);
  return hanging({ text: start }, line, PLAIN.width, start).map((row) => paint(row, PLAIN));
}

function sidePieces(row: Row, { sides }: Extract<Body, { type: "sides" }>): readonly Piece[] {
  const head = caption(row);
  return [fixed([head, ...sides.map(({ name, text }) => `- ${capital(name)}: ${code(text)}`)].join("\n"))];
}

function caption(row: Row, diff?: CaptionedDiff): string {
  const parts = [
    ...(row.label === "" ? [] : [`**${code(row.label)}**`]),
    ...(row.file === undefined ? [] : [code(row.file)]),
    ...(diff?.caption === undefined ? [] : [prose(diff.caption)]),
    ...(diff === undefined ? [] : [`+${diff.diff.added} −${diff.diff.removed}`]),
    ...(row.note === undefined ? [] : [`(${prose(row.note)})`]),
  ];
  return `${parts.filter((part) => part !== "").join(" ")}\n`;
}

function diffPiece(
  row: Row,
  lines: readonly string[],
  { diff, isFolded = false }: { readonly diff?: CaptionedDiff; readonly isFolded?: boolean } = {},
): Piece {
  const isLong = isFolded || lines.length > MOST_OPEN_LINES;
  const fold = isLong ? `<details><summary>${counted(lines.length, "line")}</summary>\n\n` : "";
  return {
    type: "lines",
    rank: 1,
    head: `${caption(row, diff)}\n${fold}\`\`\`diff`,
    lines,
    foot: `\`\`\`${isLong ? "\n\n</details>" : ""}`,
    rest: (cut) => `    ⋮   ${counted(cut, "line")} cut`,
  };
}
