import { isMap, isPair, isScalar, type YAMLMap, type YAMLSeq } from "yaml";
import { isYamlNode } from "./yaml-text.ts";

/** The elements or members between the brackets of a collection, and what stands between them. */
export interface FlowPieces {
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

/** One element stands on a line of its own where the only one does. */
function separatorOf(first: string): string {
  return first.includes("\n") ? `,${first}` : ", ";
}
