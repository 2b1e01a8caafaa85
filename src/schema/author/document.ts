import { Document, Pair, Scalar, YAMLMap, YAMLSeq, type Node, type Tags } from "yaml";
import { stringTag } from "yaml/util";
import { parseAddress } from "../../model/address.ts";
import { valueIn } from "../../model/at-path.ts";
import { isList, isObject, mapItems, membersOf, type Json, type JsonObject } from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import { API_VERSION } from "../check/envelope-schema.ts";
import { looksLikeFile } from "../write/include-form.ts";
import { inlineText } from "../write/render.ts";
import { escaped } from "../write/template.ts";
import type { ManifestDraft } from "./draft.ts";
import { below, hintFor, topOf, rankAt, type SpecPlace } from "./spec-place.ts";
import { keyNode, rawNode, TAGS, textNode } from "./text-style.ts";
import type { Kind } from "../../model/kind.ts";
import { segments, pointer, type Pointer } from "../../model/pointer.ts";

const OPTIONS = {
  schema: "failsafe",
  customTags: (tags: Tags): Tags => [...TAGS, ...tags.filter((tag) => tag !== stringTag)],
} as const;
const STYLE = { lineWidth: 0, indent: 2, indentSeq: true } as const;
const WIDEST_LIST = 80;

/** One manifest as text, ending in a line end. */
export function manifestText(draft: ManifestDraft): string {
  const { address, kind, lifecycle, environments, remarks = new Map() } = draft;
  const spec = inOrder(draft.spec, kind);
  const root = new YAMLMap();
  add(root, "apiVersion", API_VERSION);
  add(root, "kind", kind.kind);
  const name = parseAddress(address)?.name ?? "";
  add(root, "metadata", { name, ...(environments !== undefined && { environments }) });
  if (lifecycle !== undefined) add(root, "lifecycle", lifecycle);
  const placed = remarksIn(spec, remarks);
  const key = keyNode("spec");
  key.commentBefore = commentAt(placed, []) ?? null;
  root.add(new Pair(key, nodeOf(spec, topOf(kind, spec), placed)));
  const document = new Document(null, OPTIONS);
  document.contents = root as never;
  return document.toString(STYLE);
}

function add(map: YAMLMap, key: string, value: Json): void {
  map.add(new Pair(keyNode(key), plainNode(value)));
}

/** What stands around `spec`. */
function plainNode(value: Json): Node {
  if (typeof value === "string") return textNode(escaped(value), false);
  if (isList(value) && isShort(value)) return shortList(value);
  if (!isList(value) && !isObject(value)) return new Scalar(value);
  if (isList(value)) {
    const list = new YAMLSeq();
    list.items = value.map(plainNode);
    return list;
  }
  const map = new YAMLMap();
  for (const [key, item] of Object.entries(value)) add(map, key, item);
  return map;
}

function nodeOf(value: Json, place: SpecPlace, remarks: Remarks): Node {
  if (isList(value)) return listNode(value, place, remarks);
  if (isObject(value)) return mapNode(value, place, remarks);
  if (typeof value !== "string") return new Scalar(value);
  return textNode(escaped(value), hintFor(place).multiline === true);
}

function mapNode(value: JsonObject, place: SpecPlace, remarks: Remarks): YAMLMap {
  const map = new YAMLMap();
  map.flow = isReference(value) || looksLikeFile(value) || isPosition(value);
  const isTop = place.path.length === 0 && Object.keys(value).length >= MANY_FIELDS;
  let isAfterBlock = false;
  for (const [index, [key, item]] of Object.entries(value).entries()) {
    const node = keyNode(key);
    const at = below(place, key, item);
    node.commentBefore = commentAt(remarks, at.path) ?? null;
    const isBlock = isTop && isLarge(item);
    // Large blocks of a spec stand apart, as paragraphs do.
    node.spaceBefore = index > 0 && (isBlock || isAfterBlock);
    isAfterBlock = isBlock;
    map.add(new Pair(node, nodeOf(item, at, remarks)));
  }
  return map;
}

const MANY_FIELDS = 6;
const MANY_VALUES = 5;

function isLarge(value: Json): boolean {
  return (isObject(value) || isList(value)) && !looksLikeFile(value) && valuesIn(value) >= MANY_VALUES;
}

function valuesIn(value: Json): number {
  if (isList(value) && isShort(value)) return 1;
  if (!isList(value) && !isObject(value)) return 1;
  return Object.values(value).reduce<number>((sum, item: Json) => sum + valuesIn(item), 0);
}

const WIDEST_POSITION = 30;

/** A few numbers, such as a position, or nothing. */
function isPosition(value: JsonObject): boolean {
  return (
    Object.values(value).every((one) => typeof one === "number") && inlineText(value).length <= WIDEST_POSITION
  );
}

function listNode(value: readonly Json[], place: SpecPlace, remarks: Remarks): Node {
  const places = value.map((item, index) => below(place, String(index), item));
  const comments = places.map((at) => commentAt(remarks, at.path));
  if (isShort(value) && comments.every((comment) => comment === undefined)) return shortList(value);
  const list = new YAMLSeq();
  list.items = value.map((item, index) => {
    const node = nodeOf(item, places[index] ?? place, remarks);
    node.commentBefore = comments[index] ?? null;
    return node;
  });
  return list;
}

function shortList(value: readonly Json[]): Node {
  return rawNode(inlineText(value.map((item) => (typeof item === "string" ? escaped(item) : item))));
}

/** Fits on a line, between brackets. */
function isShort(value: readonly Json[]): boolean {
  const isSimple = (item: Json) => !isObject(item) && !isList(item) && !String(item).includes("\n");
  return value.every(isSimple) && inlineText(value).length <= WIDEST_LIST;
}

/**
 * The spec with its fields in the order in which the documentation has them, what it is called first; free content stays
 * as it is.
 */
function inOrder(spec: JsonObject, kind: Kind): JsonObject {
  const { parent, name } = kind.identity;
  const first = [parent, name].flatMap((one) => (one === undefined ? [] : segments(one).slice(0, 1)));
  const rest = ordered(spec, topOf(kind, spec));
  const named = first.filter((key) => Object.hasOwn(spec, key)).map((key) => [key, null] as const);
  return { ...Object.fromEntries(named), ...membersOf(rest) };
}

function ordered(value: Json, place: SpecPlace): Json {
  if (hintFor(place).whole === true) return value;
  if (isList(value)) return mapItems(value, (item, index) => ordered(item, below(place, String(index), item)));
  if (!isObject(value)) return value;
  const rank = rankAt(place);
  const last = rank.size;
  const keys = Object.keys(value).toSorted((a, b) => (rank.get(a) ?? last) - (rank.get(b) ?? last));
  return Object.fromEntries(
    keys.map((key) => [key, ordered(value[key] as Json, below(place, key, value[key] as Json))]),
  );
}

/** Comments by the places at which there is something: where they are about, or around that. */
type Remarks = ReadonlyMap<Pointer, string>;

function remarksIn(spec: JsonObject, remarks: Remarks): Remarks {
  const placed = new Map<Pointer, string>();
  for (const [at, text] of remarks) {
    const path = segments(at);
    const depth = path.findIndex((_, index) => !isRoom(spec, path.slice(0, index + 1)));
    const there = pointer(depth < 0 ? path : path.slice(0, depth));
    const known = placed.get(there);
    placed.set(there, known === undefined ? text : `${known}\n${text}`);
  }
  return placed;
}

/** There is a value, and not one inside of a reference, which stands on one line. */
function isRoom(spec: JsonObject, path: readonly string[]): boolean {
  return valueIn(spec, path) !== undefined && !isReference(valueIn(spec, path.slice(0, -1)));
}

/** The comment at a place, as the lines of a document have it behind the `#`. */
function commentAt(remarks: Remarks, path: readonly string[]): string | undefined {
  if (remarks.size === 0) return undefined;
  return remarks
    .get(pointer(path))
    ?.split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => ` ${line.replaceAll(/[^\P{C}\u200D]/gu, "\uFFFD")}`.trimEnd())
    .join("\n");
}
