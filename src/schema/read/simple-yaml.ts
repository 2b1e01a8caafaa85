import type { ListNode, MapNode, Member, Node, ScalarNode } from "../../model/node.ts";
import type { Source } from "../../model/source.ts";
import { inlineAt, keyAt, skipSpaces } from "./simple-line.ts";

/** Where the reader is. Lines without content are skipped, so that `line` is one with content, or behind the last. */
interface Reader {
  readonly source: Source;
  line: number;
  /** The spaces before the content of the line; -1 at the end of the document. */
  indent: number;
  /** Comments were skipped before the line. */
  commented: boolean;
  /** Where the value that was read last ends, together with what belongs to it. */
  after: number;
  depth: number;
}

/** So short that it has fewer lexemes than are allowed. */
const LONGEST = 400_000;
const DEEPEST = 40;
/** Tabs, other line ends, byte order marks, and comments that have to do with diagnostics. */
const NOT_SIMPLE = /[\t\r\uFEFF]|rollcall-ignore/;

/**
 * The documents of a file that uses only the common forms of YAML: block mappings and lists, values on one line, and
 * literal texts (`|`). `undefined` for every other file, which may have mistakes: `parse.ts` reads it. It is the same
 * tree, in a tenth of the time.
 */
export function simpleDocuments(source: Source): readonly Node[] | undefined {
  if (source.text.length > LONGEST || NOT_SIMPLE.test(source.text)) return undefined;
  const reader: Reader = { source, line: -1, indent: -1, commented: false, after: 0, depth: 0 };
  const documents: Node[] = [];
  do {
    if (!advance(reader)) return undefined;
    if (reader.indent < 0) continue;
    const document = reader.indent === 0 ? mapAt(reader, 0, startOf(reader)) : undefined;
    if (document === undefined || reader.indent >= 0) return undefined;
    documents.push(document);
  } while (reader.line < source.lines.length);
  return documents.length === 0 ? undefined : documents;
}

function startOf({ source, line }: Reader): number {
  return source.lines[line] ?? source.text.length;
}

function contentOf(reader: Reader): number {
  return startOf(reader) + reader.indent;
}

/** Goes on to the next line with content. False where a comment may belong to the value above it. */
function advance(reader: Reader): boolean {
  const { text, lines } = reader.source;
  let deepest = 0;
  reader.commented = false;
  for (reader.line++; reader.line < lines.length; reader.line++) {
    const start = startOf(reader);
    const at = skipSpaces(text, start);
    if (at === text.length || text[at] === "\n") continue;
    if (text[at] !== "#") {
      reader.indent = isMarker(text, start) ? -1 : at - start;
      return deepest <= Math.max(reader.indent, 0);
    }
    reader.commented = true;
    deepest = Math.max(deepest, at - start);
  }
  reader.indent = -1;
  return deepest === 0;
}

function isMarker(text: string, start: number): boolean {
  return text.startsWith("---\n", start) || (text.startsWith("---", start) && start + 3 === text.length);
}

function isItem(reader: Reader): boolean {
  const at = contentOf(reader);
  return reader.indent >= 0 && reader.source.text.startsWith("- ", at);
}

/** The mapping whose first key is at `start`, in this column. */
function mapAt(reader: Reader, column: number, start: number): MapNode | undefined {
  const { source } = reader;
  if (++reader.depth > DEEPEST) return undefined;
  const members = new Map<string, Member>();
  let at = start;
  do {
    const key = keyAt(source.text, at);
    if (key === undefined || members.has(key.text)) return undefined;
    const value = memberAt(reader, column, key.after);
    if (value === undefined) return undefined;
    members.set(key.text, { key: { source, start: at, end: key.end }, value });
    at = contentOf(reader);
  } while (reader.indent === column);
  reader.depth--;
  return { type: "map", members, source, start, end: reader.after };
}

/** The value of a key, on its line or below. */
function memberAt(reader: Reader, column: number, afterColon: number): Node | undefined {
  const { text } = reader.source;
  const at = skipSpaces(text, afterColon);
  if (!isLineEnd(text, at)) return at > afterColon ? valueAt(reader, column, at, column + 1) : undefined;
  const hasComment = text[at] === "#";
  if (!advance(reader)) return undefined;
  if (reader.indent >= column && isItem(reader)) return listAt(reader, reader.indent);
  if (reader.indent > column) return mapAt(reader, reader.indent, contentOf(reader));
  reader.after = at;
  const nothing = { type: "scalar", value: null, source: reader.source, start: at, end: at } as const;
  return hasComment || reader.commented ? undefined : { ...nothing, plain: "" };
}

function isLineEnd(text: string, at: number): boolean {
  return at === text.length || text[at] === "\n" || (text[at] === "#" && text[at - 1] === " ");
}

function listAt(reader: Reader, column: number): ListNode | undefined {
  const { source } = reader;
  if (++reader.depth > DEEPEST) return undefined;
  const start = contentOf(reader);
  const items: Node[] = [];
  do {
    const at = skipSpaces(source.text, contentOf(reader) + 1);
    const inner = at - startOf(reader);
    const isMap = keyAt(source.text, at) !== undefined;
    const item = isMap ? mapAt(reader, inner, at) : valueAt(reader, column, at, inner);
    if (item === undefined) return undefined;
    items.push(item);
  } while (reader.indent === column && isItem(reader));
  reader.depth--;
  return { type: "list", items, source, start, end: reader.after };
}

/** A value that begins on the line of its key or hyphen. `least`: how deep the lines of a literal text are indented. */
function valueAt(reader: Reader, column: number, at: number, least: number): Node | undefined {
  const { source } = reader;
  if (source.text[at] === "|") return literalAt(reader, at, least);
  const found = inlineAt(source, at);
  if (found === undefined || !isLineEnd(source.text, skipSpaces(source.text, found.after))) return undefined;
  reader.after = source.lines[reader.line + 1] ?? source.text.length;
  // A deeper line would continue the value.
  return advance(reader) && reader.indent <= column ? found.value : undefined;
}

/** `|` or `|-`. The first line says how deep the text is indented, and the first line that is not ends it. */
function literalAt(reader: Reader, at: number, least: number): ScalarNode | undefined {
  const { source } = reader;
  const { text, lines } = source;
  const isStripped = text[at + 1] === "-";
  if (text[skipSpaces(text, at + (isStripped ? 2 : 1))] !== "\n") return undefined;
  const found: string[] = [];
  let indent = -1;
  let empty = 0;
  for (reader.line++; reader.line < lines.length; reader.line++) {
    const start = startOf(reader);
    const end = (lines[reader.line + 1] ?? text.length + 1) - 1;
    const content = skipSpaces(text, start);
    if (content >= end) {
      if (end > start) return undefined;
      empty++;
      continue;
    }
    if (indent < 0) indent = content - start;
    if (indent < least || content - start < indent) break;
    for (; empty > 0; empty--) found.push("");
    found.push(text.slice(start + indent, end));
    reader.after = Math.min(end + 1, text.length);
  }
  if (found.length === 0) return undefined;
  reader.line--;
  if (!advance(reader) || reader.indent >= least) return undefined;
  const value = found.join("\n") + (isStripped ? "" : "\n");
  return { type: "scalar", value, source, start: at, end: reader.after };
}
