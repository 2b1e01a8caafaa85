import { Document, Pair, Scalar, YAMLMap, YAMLSeq, type Node, type Tags } from "yaml";
import { stringTag } from "yaml/util";
import { parseAddress } from "../../model/address.ts";
import { isList, isObject, type Json, type JsonObject } from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import { API_VERSION } from "../check/envelope-schema.ts";
import { looksLikeFile } from "./included.ts";
import { inlineText } from "../write/render.ts";
import { escaped } from "../write/template.ts";
import type { ManifestDraft } from "./draft.ts";
import { inOrder } from "./order.ts";
import { commentAt, remarksIn, type Remarks } from "./remarks.ts";
import { below, hintFor, topOf, type SpecPlace } from "./spec-place.ts";
import { keyNode, rawNode, TAGS, textNode } from "./text-style.ts";

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
