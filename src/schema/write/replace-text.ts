import { isMap, isPair, isScalar, isSeq, Scalar, type YAMLMap, type YAMLSeq } from "yaml";
import { isList, isObject, type Json } from "../../model/json.ts";
import { blockIn, blockLines, foldedBlock, literalBlock, type Block } from "./block-text.ts";
import { behind, inlineText, written, type Written } from "./render.ts";
import { plain, quoted, scalarText, singleQuoted } from "./scalar-text.ts";
import type { Spot } from "./edits.ts";
import {
  endOf,
  isInFlow,
  lineEndOf,
  lineStart,
  nodeAt,
  pairAt,
  type YamlNode,
  type YamlText,
} from "./yaml-text.ts";

const STEP = 2;

/** The file with another value at a spot, in the ways in which it can be written, the most fitting one first. */
export function* replacements(yaml: YamlText, spot: Spot, value: Json): Generator<string> {
  const node = nodeAt(yaml, spot);
  if (node?.range == null) return;
  const [start, end] = node.range;
  const around = (text: string) => yaml.text.slice(0, start) + text + yaml.text.slice(end);
  const flow = isInFlow(yaml, spot);
  if (flow) {
    if (isScalar(node) && typeof value === "string") yield* styled(node, value, true).map(around);
    yield around(inlineText(value));
    return;
  }
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true;
  const isBelow = isBlock || isBlockScalar(node) || isList(value) || isObject(value);
  if (start === end) yield* whole(yaml, spot, node, value);
  else if (isScalar(node) && typeof value === "string") yield* texts(yaml, spot, node, value);
  else if (!isBelow) yield around(scalarText(value, false));
  else yield* whole(yaml, spot, node, value);
}

/** A text on one line, quoted as it was. */
function styled(node: Scalar, text: string, isFlow: boolean): readonly string[] {
  const old: readonly (string | undefined)[] = [
    node.type === Scalar.QUOTE_SINGLE ? singleQuoted(text) : undefined,
    node.type === Scalar.PLAIN ? plain(text, isFlow) : undefined,
    quoted(text),
  ];
  return old.filter((way) => way !== undefined);
}

/** A text in the place of a text: a block stays one, and what has several lines becomes one. */
function* texts(yaml: YamlText, spot: Spot, node: Scalar, text: string): Generator<string> {
  const { text: source } = yaml;
  const [start, end] = node.range ?? [0, 0];
  const wasBlock = isBlockScalar(node);
  const old = wasBlock ? blockIn(source.slice(start, end)) : undefined;
  const isNews = text.includes("\n") && typeof node.value === "string" && !node.value.includes("\n");
  const ways: readonly (Block | undefined)[] = [
    node.type === Scalar.BLOCK_FOLDED && old !== undefined ? foldedBlock(text, old) : undefined,
    wasBlock || isNews ? literalBlock(text, old) : undefined,
  ];
  const indent = wasBlock ? indentIn(source.slice(start, end)) : (ownColumn(yaml, spot) ?? 0) + STEP;
  const lineEnd = lineEndOf(source);
  for (const block of ways) {
    if (block === undefined) continue;
    const lines = [block.header, ...blockLines(block, indent)].join(lineEnd);
    const tail = wasBlock && !source.slice(start, end).endsWith("\n") ? "" : lineEnd;
    const rest = wasBlock ? source.slice(end) : source.slice(end).replace(/^[ \t]*(?:\r?\n|$)/, "");
    yield source.slice(0, start) + lines + tail + rest;
  }
  const tail = wasBlock && source.slice(start, end).endsWith("\n") ? lineEnd : "";
  for (const way of styled(node, text, false)) yield source.slice(0, start) + way + tail + source.slice(end);
}

function indentIn(block: string): number {
  const line = block
    .split("\n")
    .slice(1)
    .find((each) => each.trim() !== "");
  return /^ */.exec(line ?? "")?.[0].length ?? 0;
}

/** Where the key or the dash before a value stands in its line. */
function ownColumn(yaml: YamlText, spot: Spot): number | undefined {
  const start = holder(yaml, spot)?.start;
  return start === undefined ? undefined : start - lineStart(yaml.text, start);
}

/** The key or the dash before a value: where it begins, and where what follows it begins. */
function holder(
  yaml: YamlText,
  { document, way }: Spot,
): { readonly start: number; readonly end: number } | undefined {
  const parent = nodeAt(yaml, { document, way: way.slice(0, -1) });
  const last = way.at(-1) ?? "";
  if (isMap(parent)) return keyOf(parent, last);
  return isSeq(parent) ? dashOf(parent, Number(last)) : undefined;
}

function keyOf(map: YAMLMap, name: string) {
  const pair = pairAt(map, name);
  const colon = pair?.srcToken?.sep?.find(({ type }) => type === "map-value-ind");
  const key = isPair(pair) && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
  return colon === undefined || key === undefined ? undefined : { start: key, end: colon.offset + 1 };
}

function dashOf(list: YAMLSeq, index: number) {
  const token = list.srcToken?.type === "block-seq" ? list.srcToken.items[index] : undefined;
  const dash = token?.start.find(({ type }) => type === "seq-item-ind");
  return dash === undefined ? undefined : { start: dash.offset, end: dash.offset + 1 };
}

/** Everything behind the key or the dash; a comment stays on its line. */
function* whole(yaml: YamlText, spot: Spot, node: YamlNode, value: Json): Generator<string> {
  const { text } = yaml;
  const found = holder(yaml, spot);
  if (found === undefined) return;
  const column = found.start - lineStart(text, found.start);
  const end = Math.max(found.end, endOf(text, node));
  const inside = COMMENT.exec(text.slice(found.end, end))?.[0] ?? "";
  const behindIt = COMMENT.exec(text.slice(end))?.[0] ?? "";
  const form: Written = written(value, column + STEP);
  const [first = "", ...rest] = behind("", form);
  const isElement = "lines" in form && text[found.end - 1] === "-";
  const lines = isElement ? [` ${rest[0]?.trimStart() ?? ""}`, ...rest.slice(1)] : [first, ...rest];
  lines[0] += inside + behindIt;
  const head = text.slice(0, found.end) + lines.join(lineEndOf(text));
  yield head + text.slice(end + behindIt.length);
  // Empty lines below that were a part of the value.
  yield head + lineEndOf(text) + text.slice(node.range?.[1] ?? end);
}

function isBlockScalar(node: YamlNode): boolean {
  return isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED);
}

const COMMENT = /^[ \t]+#[^\r\n]*/;
