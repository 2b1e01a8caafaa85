import type { ListNode, MapNode, Member, Node, ScalarNode } from "../../model/node.ts";
import type { Source } from "../../model/source.ts";
import { badCharacter } from "./read-file.ts";
import { FORBIDDEN_KEYS, plainValue } from "./scalar.ts";

/** A value on one line. `after` is where the text goes on. */
export interface Found<Value> {
  readonly value: Value;
  readonly after: number;
}

/** A key: where it stands is from the offset that was asked for to `end`, and `after` is behind its colon. */
export interface Key {
  readonly text: string;
  readonly end: number;
  readonly after: number;
}

const WORD = /[A-Za-z_][\w./$-]{0,200}(?=:(?:[ \n]|$))/y;
// oxlint-disable-next-line no-control-regex -- they do not stand in a quoted text
const DOUBLE = /"(?:[^"\\\0-\x1F]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y;
const SINGLE = /'(?:[^'\n]|'')*'/y;
/** Plain text does not begin with an indicator; a hyphen may begin a number. */
const BLOCK_PLAIN = /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-(?=\S))[^\n]*/y;
const FLOW_PLAIN = /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|-(?=[^\s,[\]{}]))[^\n,[\]{}]*/y;
const DEEPEST_FLOW = 20;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? text.slice(at, pattern.lastIndex) : undefined;
}

export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32) at++;
  return at;
}

/** A word, or a text in quotes, with its colon. */
export function keyAt(text: string, at: number): Key | undefined {
  const word = matchAt(WORD, text, at);
  if (word !== undefined) return typeof checked(word) === "string" ? keyTo(word, at + word.length) : undefined;
  const quoted = quotedAt(text, at);
  if (quoted === undefined || !/^:(?:[ \n]|$)/.test(text.slice(quoted.after, quoted.after + 2)))
    return undefined;
  return quoted.after - at > 200 ? undefined : keyTo(quoted.value, quoted.after);
}

function keyTo(text: string, end: number): Key | undefined {
  return FORBIDDEN_KEYS.has(text) ? undefined : { text, end, after: end + 1 };
}

function checked(text: string): ScalarNode["value"] | undefined {
  const plain = plainValue(text);
  return "problem" in plain ? undefined : plain.value;
}

function quotedAt(text: string, at: number): Found<string> | undefined {
  const double = matchAt(DOUBLE, text, at);
  if (double !== undefined) {
    const value = double.includes("\\") ? (JSON.parse(double) as string) : double.slice(1, -1);
    return badCharacter(value) === undefined ? { value, after: at + double.length } : undefined;
  }
  const single = matchAt(SINGLE, text, at);
  if (single === undefined) return undefined;
  return { value: single.slice(1, -1).replaceAll("''", "'"), after: at + single.length };
}

/** A scalar or a flow collection that ends on its line, outside of other flow collections. */
export function inlineAt(source: Source, at: number): Found<Node> | undefined {
  return flowOrQuotedAt(source, at, 0) ?? plainAt(source, at, BLOCK_PLAIN);
}

function flowOrQuotedAt(source: Source, at: number, depth: number): Found<Node> | undefined {
  const opening = source.text[at];
  if (depth > DEEPEST_FLOW) return undefined;
  if (opening === "{") return flowMapAt(source, at, depth);
  if (opening === "[") return flowListAt(source, at, depth);
  const quoted = quotedAt(source.text, at);
  if (quoted === undefined) return undefined;
  const { value, after } = quoted;
  return { value: { type: "scalar", value, source, start: at, end: after }, after };
}

/** Up to a comment, without the spaces at the end. What has another key in it is not simple. */
function plainAt(source: Source, at: number, pattern: RegExp): Found<Node> | undefined {
  const line = matchAt(pattern, source.text, at);
  if (line === undefined) return undefined;
  const comment = line.indexOf(" #");
  const plain = withoutSpaces(comment < 0 ? line : line.slice(0, comment));
  if (plain.includes(": ") || plain.endsWith(":")) return undefined;
  const value = checked(plain);
  const end = at + plain.length;
  return value === undefined
    ? undefined
    : { value: { type: "scalar", value, plain, source, start: at, end }, after: end };
}

function withoutSpaces(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 32) end--;
  return text.slice(0, end);
}

function flowValueAt(source: Source, at: number, depth: number): Found<Node> | undefined {
  const found = flowOrQuotedAt(source, at, depth) ?? plainAt(source, at, FLOW_PLAIN);
  return found && { value: found.value, after: skipSpaces(source.text, found.after) };
}

function flowMapAt(source: Source, at: number, depth: number): Found<MapNode> | undefined {
  const { text } = source;
  const members = new Map<string, Member>();
  let here = skipSpaces(text, at + 1);
  while (text[here] !== "}") {
    const key = keyAt(text, here);
    if (key === undefined || members.has(key.text)) return undefined;
    const found = flowValueAt(source, skipSpaces(text, key.after), depth + 1);
    if (found === undefined) return undefined;
    members.set(key.text, { key: { source, start: here, end: key.end }, value: found.value });
    if (text[found.after] !== "," && text[found.after] !== "}") return undefined;
    here = text[found.after] === "," ? skipSpaces(text, found.after + 1) : found.after;
  }
  return { value: { type: "map", members, source, start: at, end: here + 1 }, after: here + 1 };
}

function flowListAt(source: Source, at: number, depth: number): Found<ListNode> | undefined {
  const { text } = source;
  const items: Node[] = [];
  let here = skipSpaces(text, at + 1);
  while (text[here] !== "]") {
    const found = flowValueAt(source, here, depth + 1);
    if (found === undefined) return undefined;
    items.push(found.value);
    if (text[found.after] !== "," && text[found.after] !== "]") return undefined;
    here = text[found.after] === "," ? skipSpaces(text, found.after + 1) : found.after;
  }
  return { value: { type: "list", items, source, start: at, end: here + 1 }, after: here + 1 };
}
