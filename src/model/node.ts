import type { Json } from "./json.ts";
import type { Place, Source } from "./source.ts";

/**
 * A value that knows where it was written. Includes, variables, patches and merge keys make new trees out of old
 * nodes, so that every value still points at the text that it came from.
 */
export type Node = ScalarNode | ListNode | MapNode;

export interface ScalarNode extends Place {
  readonly type: "scalar";
  readonly value: null | boolean | number | bigint | string;
  /** As written, where it is plain text without quotes: `no`, `2024-01-01`. */
  readonly plain?: string;
  /** The file that the text was taken from. */
  readonly included?: Source;
  /** Variables were filled in. */
  readonly substituted?: true;
  /** The text could not be read, which has been reported; nothing else is said about it. */
  readonly unread?: true;
}

export interface ListNode extends Place {
  readonly type: "list";
  readonly items: readonly Node[];
}

export interface MapNode extends Place {
  readonly type: "map";
  readonly members: ReadonlyMap<string, Member>;
}

export interface Member {
  readonly key: Place;
  readonly value: Node;
}

/** The value without its places. */
export function toJson(node: Node): Json {
  if (node.type === "scalar") return node.value;
  if (node.type === "list") return node.items.map(toJson);
  const object: Record<string, Json> = {};
  for (const [key, { value }] of node.members) object[key] = toJson(value);
  return object;
}

export function member(node: Node | undefined, key: string): Node | undefined {
  return node?.type === "map" ? node.members.get(key)?.value : undefined;
}

export function textOf(node: Node | undefined): string | undefined {
  return node?.type === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

/** The value, written again, is another text: `+1`, `007`, `1.10`, `0x1F`, `1e3`, `True`. */
export function losesForm({ value, plain }: ScalarNode): boolean {
  if (value === null) return plain !== "null" && plain !== "~" && plain !== "";
  return String(value) !== plain;
}

/** The node at a path, or `undefined`. */
export function nodeAt(node: Node, path: readonly string[]): Node | undefined {
  let here: Node | undefined = node;
  for (const segment of path) here = here === undefined ? undefined : childOf(here, segment);
  return here;
}

function childOf(node: Node, segment: string): Node | undefined {
  if (node.type === "map") return node.members.get(segment)?.value;
  if (node.type === "list" && /^(?:0|[1-9]\d*)$/.test(segment)) return node.items[Number(segment)];
  return undefined;
}

/** The deepest node on the way to a path that exists. */
function nearestNode(node: Node, path: readonly string[]): Node {
  let here = node;
  for (const segment of path) {
    const next = childOf(here, segment);
    if (next === undefined) return here;
    here = next;
  }
  return here;
}

/** The key under which a value stands, or the value itself in a list. */
export function keyPlace(root: Node, path: readonly string[]): Place {
  const parent = nodeAt(root, path.slice(0, -1));
  const last = path.at(-1);
  if (parent?.type === "map" && last !== undefined) {
    const found = parent.members.get(last);
    if (found !== undefined) return found.key;
  }
  return nearestNode(root, path);
}

/** The first key of a mapping, to point at the whole of it; any other value itself. */
export function firstKey(node: Node): Place {
  if (node.type !== "map") return node;
  const first = node.members.values().next();
  return first.done === true ? { ...node, end: node.start + 1 } : first.value.key;
}

/** A string, and where it stands. */
export interface TextAt {
  readonly node: ScalarNode;
  readonly text: string;
  readonly path: readonly string[];
}

/** All strings below a node, depth first, with their paths. */
export function textsIn(node: Node): readonly TextAt[] {
  const texts: TextAt[] = [];
  collectTexts(node, [], texts);
  return texts;
}

function collectTexts(node: Node, path: readonly string[], texts: TextAt[]): void {
  if (node.type === "scalar") {
    if (typeof node.value === "string") texts.push({ node, text: node.value, path });
  } else if (node.type === "list") {
    for (const [index, item] of node.items.entries()) collectTexts(item, [...path, String(index)], texts);
  } else {
    for (const [key, { value }] of node.members) collectTexts(value, [...path, key], texts);
  }
}

/**
 * Says where pieces of a text stand, asked for in their order: in the source where it spells them the same, else the
 * whole value.
 */
export function placeFinder(node: ScalarNode): (piece: string) => Place {
  const source = node.included ?? node.source;
  const last = node.included === undefined ? node.end : source.text.length;
  let from = node.included === undefined ? node.start : 0;
  return (piece) => {
    const at = from < 0 ? -1 : source.text.indexOf(piece, from);
    // Once the source differs from the value, looking further only costs time.
    from = at < 0 || at + piece.length > last ? -1 : at + piece.length;
    return from < 0 ? node : { source, start: at, end: from };
  };
}

/** Says where parts of a text stand, by their offsets in the value; as exact as the source allows. */
export function sliceFinder(node: ScalarNode): (start: number, end: number) => Place {
  const { value, included } = node;
  if (typeof value !== "string") return () => node;
  const source = included ?? node.source;
  const verbatim = source.text.indexOf(value, included === undefined ? node.start : 0);
  const last = included === undefined ? node.end : source.text.length;
  if (verbatim >= 0 && verbatim + value.length <= last) {
    return (start, end) => ({ source, start: verbatim + start, end: verbatim + end });
  }
  const find = placeFinder(node);
  return (start, end) => find(value.slice(start, end).split("\n", 1)[0] ?? "");
}

/** The nodes at a path in which `*` stands for every key and element. */
export function nodesAt(node: Node | undefined, pattern: readonly string[]): readonly Node[] {
  const [segment, ...rest] = pattern;
  if (node === undefined) return [];
  if (segment === undefined) return [node];
  if (segment === "*") return children(node).flatMap((child) => nodesAt(child, rest));
  return node.type === "map" ? nodesAt(node.members.get(segment)?.value, rest) : [];
}

export function children(node: Node): readonly Node[] {
  if (node.type === "list") return node.items;
  return node.type === "map" ? [...node.members.values()].map(({ value }) => value) : [];
}
