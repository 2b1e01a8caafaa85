import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  Schema,
  visit,
  type Document,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Json } from "../../model/json.ts";
import { badCharacter } from "../read/read-file.ts";
import { toJson } from "../../model/node.ts";
import { parse } from "../read/parse.ts";
import { sourceOf } from "../../model/source.ts";
import type { Spot } from "./edits.ts";

/** One YAML file, with its tokens to edit and with its values as a loader sees them. */
export interface YamlText {
  readonly text: string;
  readonly documents: readonly Document[];
  /** One for each document; texts as written, before variables are filled in. */
  readonly values: readonly Json[];
}

export type YamlNode = Scalar | YAMLMap | YAMLSeq;

const OPTIONS = {
  // As the loader has it: the same text has the same offsets.
  schema: new Schema({ schema: "failsafe", resolveKnownTags: false }),
  uniqueKeys: false,
  prettyErrors: false,
  keepSourceTokens: true,
  logLevel: "silent",
} as const;

/** `undefined` where the text is not sound. */
export function yamlText(text: string): YamlText | undefined {
  const values = valuesOf(text);
  if (values === undefined) return undefined;
  const parsed = parseAllDocuments(text, OPTIONS);
  const documents = Array.isArray(parsed) ? parsed.filter((document) => !isEmpty(document)) : [];
  return documents.length === values.length ? { text, documents, values } : undefined;
}

/** A file taken apart, so that one of its documents can be read again without the others. */
export interface Parts {
  /** One more than documents. */
  readonly between: readonly string[];
  readonly documents: readonly YamlText[];
}

export function partsOf({ text, documents }: YamlText): Parts | undefined {
  const between: string[] = [];
  const parts: YamlText[] = [];
  let at = 0;
  for (const { range } of documents) {
    const [start, end] = [range?.[0] ?? 0, range?.[2] ?? 0];
    const part = yamlText(text.slice(start, end));
    if (part?.documents.length !== 1) return undefined;
    between.push(text.slice(at, start));
    parts.push(part);
    at = end;
  }
  return { between: [...between, text.slice(at)], documents: parts };
}

export function joined({ between, documents }: Parts): string {
  return between.map((text, index) => text + (documents[index]?.text ?? "")).join("");
}

/** The documents of a text that has no problem. */
export function valuesOf(text: string): readonly Json[] | undefined {
  let sound = badCharacter(text) === undefined;
  const parsed = parse(sourceOf("", text), () => {
    sound = false;
  });
  return sound && parsed.whole ? parsed.documents.map(toJson) : undefined;
}

function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.source === "" && contents.type === "PLAIN");
}

/** What stands in a stretch of the text, which is the whole of a value. */
export function spotAt({ documents }: YamlText, start: number, end: number): Spot | undefined {
  for (const [index, document] of documents.entries()) {
    if (start < (document.range?.[0] ?? 0) || start >= (document.range?.[2] ?? 0)) continue;
    let way: readonly string[] | undefined;
    visit(document, (_, node, path) => {
      if (isPair(node) || typeof node !== "object" || node === null || isAlias(node)) return undefined;
      const range = "range" in node ? (node.range as readonly number[] | undefined) : undefined;
      if (range?.[0] !== start || range[1] !== end) return undefined;
      way = wayOf([...path, node]);
      return visit.BREAK;
    });
    if (way !== undefined) return { document: index, way };
  }
  return undefined;
}

/** A value that is not there stands at the place of its key, and has its way. */
function wayOf(path: readonly unknown[]): readonly string[] {
  const way: string[] = [];
  for (const [depth, node] of path.entries()) {
    if (isPair(node)) way.push(isScalar(node.key) ? String(node.key.value) : "");
    else if (isSeq(node)) {
      const next = path[depth + 1];
      if (next !== undefined) way.push(String(node.items.indexOf(next)));
    }
  }
  return way;
}

/** The value at a spot. */
export function nodeAt({ documents }: YamlText, { document, way }: Spot): YamlNode | undefined {
  let here: unknown = documents[document]?.contents;
  for (const segment of way) {
    if (isMap(here)) here = pairAt(here, segment)?.value;
    else if (isSeq(here)) here = here.items[Number(segment)];
    else return undefined;
  }
  return isYamlNode(here) ? here : undefined;
}

export function pairAt(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

export function isYamlNode(value: unknown): value is YamlNode {
  return isScalar(value) || isMap(value) || isSeq(value);
}

/** The anchor through which what stands at a spot is used elsewhere, too. */
export function sharedBy(yaml: YamlText, { document, way }: Spot): string | undefined {
  const used = new Set<string>();
  const found = yaml.documents[document];
  if (found === undefined) return undefined;
  visit(found, { Alias: (_, { source }) => void used.add(source) });
  for (let depth = 0; used.size > 0 && depth <= way.length; depth++) {
    const anchor = nodeAt(yaml, { document, way: way.slice(0, depth) })?.anchor;
    if (anchor !== undefined && used.has(anchor)) return anchor;
  }
  return undefined;
}

/** True where one of the collections around a spot is written with brackets. */
export function isInFlow(yaml: YamlText, { document, way }: Spot): boolean {
  return way.some((_, depth) => {
    const around = nodeAt(yaml, { document, way: way.slice(0, depth) });
    return (isMap(around) || isSeq(around)) && around.flow === true;
  });
}

/** The line end that the text is written with. */
export function lineEndOf(text: string): string {
  const at = text.indexOf("\n");
  return at > 0 && text[at - 1] === "\r" ? "\r\n" : "\n";
}

/** The offset at which the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Where a node's own text ends, without the white space and the comments behind it. */
export function endOf(text: string, { range }: YamlNode): number {
  return text.slice(0, range?.[1] ?? 0).trimEnd().length;
}
