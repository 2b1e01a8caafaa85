import { isMap, isPair, isSeq, type YAMLMap, type YAMLSeq } from "yaml";
import { equal, type Json } from "../../model/json.ts";
import { blockPieces, type Piece, flowPieces, flowText } from "./pieces.ts";
import { edited, type Arranged, type Edit } from "./edits.ts";
import { elementLines, inlineText, keyText, memberLines } from "./render.ts";
import { replacements } from "./replace-text.ts";
import { lineEndOf, nodeAt, yamlText, type Parts, type YamlText } from "./yaml-text.ts";

/**
 * The text with one change, everything else letter by letter as it was. Of the ways to write it, the first is taken
 * that is read back as exactly this change; `undefined` where none is.
 */
export function editedText(yaml: YamlText, edit: Edit): YamlText | undefined {
  const wanted = edited(yaml.values, edit);
  if (wanted === undefined) return undefined;
  for (const text of waysToWrite(yaml, edit)) {
    const result = yamlText(text);
    if (result !== undefined && equal(result.values, wanted)) return result;
  }
  return undefined;
}

/** The same for a file of several documents, of which the others are not read again. */
export function editedPart(parts: Parts, edit: Edit): Parts | undefined {
  const part = parts.documents[edit.document];
  const result = part === undefined ? undefined : editedText(part, { ...edit, document: 0 });
  return result && { ...parts, documents: parts.documents.with(edit.document, result) };
}

function waysToWrite(yaml: YamlText, edit: Edit): Iterable<string> {
  if (edit.do === "replace") return replacements(yaml, edit, edit.value);
  const way = edit.do === "remove" ? edit.way.slice(0, -1) : edit.way;
  const node = nodeAt(yaml, { document: edit.document, way });
  if (!isMap(node) && !isSeq(node)) return [];
  const items = itemsOf(node, edit);
  if (node.flow === true) return withFlow(yaml.text, node, items);
  // A text that ends with empty lines would include what is added after it.
  const [last, ...first] = items.toReversed();
  const orders = edit.do === "add" && last !== undefined ? [items, [last, ...first.toReversed()]] : [items];
  return orders.flatMap((order) => withBlock(yaml.text, node, order));
}

/** Old ones by their position; new ones with their key in a mapping. */
type Item = { readonly from: number } | { readonly key?: string; readonly value: Json };

function itemsOf(node: YAMLMap | YAMLSeq, edit: Exclude<Edit, { do: "replace" }>): readonly Item[] {
  if (edit.do === "arrange") return edit.items satisfies readonly Arranged[];
  const all = node.items.map((_, from) => ({ from }));
  if (edit.do === "add") return [...all, { key: edit.key, value: edit.value }];
  return all.filter(({ from }) => keyOf(node.items[from]) !== edit.way.at(-1));
}

function keyOf(item: unknown): string | undefined {
  const key = isPair(item) ? item.key : undefined;
  return typeof key === "object" && key !== null && "value" in key ? String(key.value) : undefined;
}

function withFlow(text: string, node: YAMLMap | YAMLSeq, items: readonly Item[]): readonly string[] {
  const flow = flowPieces(text, node);
  if (flow === undefined) return [];
  const inner = flowText(
    flow,
    items.map((item) => {
      if ("from" in item) return item.from;
      const value = inlineText(item.value);
      return item.key === undefined ? value : `${keyText(item.key)}: ${value}`;
    }),
  );
  return [text.slice(0, flow.start) + inner + text.slice(flow.end)];
}

function withBlock(text: string, node: YAMLMap | YAMLSeq, items: readonly Item[]): readonly string[] {
  const block = blockPieces(text, node);
  if (block === undefined) return [];
  const { column, isBehind, start, end, pieces } = block;
  if (items.length === 0) {
    const [empty, before] = [isMap(node) ? "{}" : "[]", text.slice(0, start)];
    // After a comment it would become a part of it.
    return [`${before.trimEnd()} `, before + " ".repeat(column)].map((head) => head + empty + text.slice(end));
  }
  const inFlow = isSeq(node) && hasFlowElements(node);
  const shown = items.map((item) => pieceOf(item, pieces, column, inFlow));
  const lines = withoutStrays(shown, items, pieces).flatMap((piece) => linesAt(piece, column));
  const joined = lines.join(lineEndOf(text));
  return [text.slice(0, start) + (isBehind ? joined.replace(/^ */, "") : joined) + text.slice(end)];
}

function linesAt({ lead, body: [first = "", ...rest] }: Piece, column: number): readonly string[] {
  return lead.concat(" ".repeat(column) + first, rest);
}

/** The mappings of a list are all written with brackets. */
function hasFlowElements({ items }: YAMLSeq): boolean {
  const maps = items.filter((item) => isMap(item));
  return maps.length > 0 && maps.every(({ flow }) => flow === true);
}

function pieceOf(item: Item, pieces: readonly Piece[], column: number, inFlow: boolean): Piece {
  if ("from" in item) return pieces[item.from] ?? { lead: [], body: [] };
  const apart = pieces.length > 1 && pieces.slice(1).every(({ lead }) => lead[0]?.trim() === "");
  const lead = apart ? [""] : [];
  if (item.key !== undefined) return { lead, body: memberLines(item.key, item.value, column) };
  return { lead, body: inFlow ? [`- ${inlineText(item.value)}`] : elementLines(item.value, column) };
}

/**
 * Comments above a removed piece that are not about it move above the next piece. The first piece gets no new empty line
 * above it.
 */
function withoutStrays(
  shown: readonly Piece[],
  items: readonly Item[],
  pieces: readonly Piece[],
): readonly Piece[] {
  const left = new Set(items.flatMap((item) => ("from" in item ? [item.from] : [])));
  return shown.map((piece, index) => {
    const item = items[index];
    const from = item !== undefined && "from" in item ? item.from : undefined;
    const strays = from === undefined ? [] : straysAbove(from, left, pieces);
    const lead = [...strays, ...piece.lead];
    const isFirst = index === 0 && from !== 0;
    const start = isFirst ? lead.findIndex((line) => line.trim() !== "") : 0;
    return { ...piece, lead: start < 0 ? [] : lead.slice(start) };
  });
}

/** Comments with an empty line below them are about more than the next piece. */
function straysAbove(from: number, left: ReadonlySet<number>, pieces: readonly Piece[]): readonly string[] {
  const strays: string[] = [];
  for (let index = from - 1; index >= 0 && !left.has(index); index--) {
    const lead = pieces[index]?.lead ?? [];
    const last = lead.findLastIndex((line) => line.trim() === "");
    const stray = lead.slice(0, last + 1);
    if (stray.some((line) => line.trim() !== "")) strays.unshift(...stray);
  }
  return strays;
}
