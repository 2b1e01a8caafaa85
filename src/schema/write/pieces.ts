import { isMap, isPair, isScalar, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { commentedText } from "./commented-list.ts";
import { endOf, isYamlNode, lineStart } from "./yaml-text.ts";

/** The elements or members of a collection without brackets, as lines. */
export interface BlockPieces {
  readonly column: number;
  /** The first one stands behind something else: `- name: x`. */
  readonly isBehind: boolean;
  readonly start: number;
  readonly end: number;
  readonly pieces: readonly Piece[];
}

export interface Piece {
  /** Comments and empty lines above it. */
  readonly lead: readonly string[];
  /** The first line without its indentation. */
  readonly body: readonly string[];
}

/** `undefined` for a form that is not taken apart: `? key`, or elements that do not stand below each other. */
export function blockPieces(text: string, node: YAMLMap | YAMLSeq): BlockPieces | undefined {
  const starts = startsOf(node);
  const [first] = starts;
  if (first === undefined || starts.includes(undefined)) return undefined;
  const column = first - lineStart(text, first);
  const isBehind = text.slice(lineStart(text, first), first).trim() !== "";
  const pieces: Piece[] = [];
  let end = isBehind ? first : leadStart(text, lineStart(text, first));
  const start = end;
  for (const [index, at] of starts.entries()) {
    if (at === undefined || at - lineStart(text, at) !== column) return undefined;
    const between = index === 0 && isBehind ? [] : linesIn(text, end, lineStart(text, at));
    const own = index === 0 ? 0 : deeper(between, column);
    const last = pieces.at(-1);
    if (last !== undefined) pieces[index - 1] = { ...last, body: [...last.body, ...between.slice(0, own)] };
    const isLast = index === starts.length - 1;
    const valueLine = lineEnd(text, valueEnd(text, node.items[index]));
    const bodyEnd = isLast ? deeperEnd(text, valueLine, column) : valueLine;
    pieces.push({ lead: between.slice(own), body: text.slice(at, bodyEnd).split(/\r?\n/) });
    end = isLast ? bodyEnd : nextLine(text, bodyEnd);
  }
  return { column, isBehind, start, end, pieces };
}

/** Where each element or member begins. */
function startsOf(node: YAMLMap | YAMLSeq): readonly (number | undefined)[] {
  if (isMap(node)) return node.items.map((pair) => memberStart(pair));
  const token = node.srcToken;
  const items = token?.type === "block-seq" ? token.items : [];
  return node.items.map((_, index) => items[index]?.start.find(({ type }) => type === "seq-item-ind")?.offset);
}

function memberStart(pair: Pair): number | undefined {
  const { key, srcToken } = pair;
  if (srcToken?.start.some(({ type }) => type === "explicit-key-ind") === true) return undefined;
  return isScalar(key) ? key.range?.[0] : undefined;
}

function valueEnd(text: string, item: unknown): number {
  if (!isPair(item)) return isYamlNode(item) ? endOf(text, item) : aliasEnd(item);
  const { key, value } = item;
  if (value !== null) return valueEnd(text, value);
  return isScalar(key) ? (key.range?.[1] ?? 0) + 1 : 0;
}

function aliasEnd(item: unknown): number {
  const range = typeof item === "object" && item !== null && "range" in item ? item.range : undefined;
  return Array.isArray(range) ? Number(range[1]) : 0;
}

/** Comments and empty lines above a line belong to it. */
function leadStart(text: string, line: number): number {
  let start = line;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!/^[ \t]*#/.test(text.slice(above, start))) break;
    start = above;
  }
  return start;
}

/** How many comments at the beginning are indented like the content of the element above. */
function deeper(lines: readonly string[], column: number): number {
  const other = lines.findIndex((line) => !/^ *#/.test(line) || line.search(/\S/) <= column);
  return other < 0 ? lines.length : other;
}

/** The end of the comments below a line that are indented deeper than `column`. */
function deeperEnd(text: string, end: number, column: number): number {
  const next = nextLine(text, end);
  const line = text.slice(next, lineEnd(text, next));
  const isDeeper = next > end && /^ *#/.test(line) && line.search(/\S/) > column;
  return isDeeper ? deeperEnd(text, lineEnd(text, next), column) : end;
}

function linesIn(text: string, start: number, end: number): readonly string[] {
  return start >= end
    ? []
    : text
        .slice(start, end)
        .replace(/\r?\n$/, "")
        .split(/\r?\n/);
}

/** Before the line end. */
function lineEnd(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  if (at < 0) return text.length;
  return text[at - 1] === "\r" && at > offset ? at - 1 : at;
}

function nextLine(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  return at < 0 ? text.length : at + 1;
}

/** The elements or members between the brackets of a collection, and what stands between them. */
interface FlowPieces {
  /** Behind the opening bracket, and at the closing one. */
  readonly start: number;
  readonly end: number;
  readonly isMap: boolean;
  readonly pieces: readonly string[];
  /** Before the first, between two, and behind the last. */
  readonly gaps: readonly string[];
}

export function flowPieces(text: string, node: YAMLMap | YAMLSeq): FlowPieces | undefined {
  const [from, to] = [node.range?.[0] ?? 0, node.range?.[1] ?? 0];
  const pieces: string[] = [];
  const gaps: string[] = [];
  let at = from + 1;
  for (const item of node.items) {
    const stretch = stretchOf(item);
    if (stretch === undefined || stretch[0] < at) return undefined;
    gaps.push(text.slice(at, stretch[0]));
    pieces.push(text.slice(...stretch));
    at = stretch[1];
  }
  gaps.push(text.slice(at, to - 1));
  return { start: from + 1, end: to - 1, isMap: isMap(node), pieces, gaps };
}

function stretchOf(item: unknown): readonly [number, number] | undefined {
  if (!isPair(item)) return rangeIn(item);
  const { key, value } = item;
  const [start, end] = [
    isScalar(key) ? rangeIn(key) : undefined,
    isYamlNode(value) ? rangeIn(value) : undefined,
  ];
  return start === undefined || end === undefined ? undefined : [start[0], Math.max(end[1], start[1])];
}

function rangeIn(item: unknown): readonly [number, number] | undefined {
  const range = typeof item === "object" && item !== null && "range" in item ? item.range : undefined;
  return Array.isArray(range) ? [Number(range[0]), Number(range[1])] : undefined;
}

/** The text between the brackets with other pieces: those that were there by their number, new ones as text. */
export function flowText({ pieces, gaps, isMap }: FlowPieces, items: readonly (number | string)[]): string {
  const padding = isMap ? " " : "";
  if (items.length === 0) return "";
  if (gaps.some((gap) => gap.includes("#"))) return commentedText({ pieces, gaps }, items);
  const separator = pieces.length > 1 ? (gaps[1] ?? ", ") : separatorOf(gaps[0] ?? "");
  const parts = items.map((item, index) => {
    const text = typeof item === "number" ? (pieces[item] ?? "") : item;
    if (index === 0) return text;
    const before = items[index - 1];
    const stayed = typeof item === "number" && before === item - 1;
    return (stayed ? (gaps[item] ?? separator) : separator) + text;
  });
  const [first, last] = pieces.length === 0 ? [padding, padding] : [gaps[0] ?? "", gaps.at(-1) ?? ""];
  return first + parts.join("") + last;
}

/** If the only element is on a separate line, each new one gets its own line, too. */
function separatorOf(first: string): string {
  return first.includes("\n") ? `,${first}` : ", ";
}
