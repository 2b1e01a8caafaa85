import type { FieldHint } from "../../../model/kind.ts";
import { isList, isObject, type Json, type JsonObject } from "../../../model/json.ts";
import { pointer, segments } from "../../../model/pointer.ts";
import type { Fields } from "./tool-fields.ts";

interface Node {
  readonly children: Map<string, Node>;
  hint: FieldHint;
}

const trees = new WeakMap<Fields, Node>();

/**
 * The body without nulls, except where the API declares the field nullable (the hint says `unset: null`) and in free
 * content. Answers hold nulls in many places; what they would mean in a request is not documented.
 */
export function withoutNulls(body: JsonObject, fields: Fields): JsonObject {
  return membersWithoutNulls(body, [treeOf(fields)]);
}

function membersWithoutNulls(object: JsonObject, nodes: readonly Node[]): JsonObject {
  const members = Object.entries(object).flatMap(([key, value]): (readonly [string, Json])[] => {
    const inner = below(nodes, key);
    const { unset, whole } = merged(inner);
    if (value === null && unset !== null && whole !== true) return [];
    return [[key, valueWithoutNulls(value, inner)]];
  });
  return Object.fromEntries(members);
}

function valueWithoutNulls(value: Json, nodes: readonly Node[]): Json {
  if (merged(nodes).whole === true) return value;
  if (isList(value)) return value.map((item, index) => valueWithoutNulls(item, below(nodes, String(index))));
  return isObject(value) ? membersWithoutNulls(value, nodes) : value;
}

const MASKED = /^\*{3,}$/;

/** Where the body holds a secret that the API has masked: sending it would put the mask in the place of the secret. */
export function maskedSecrets(body: Json, fields: Fields): readonly string[] {
  return masked(body, [treeOf(fields)], []);
}

function masked(value: Json, nodes: readonly Node[], path: readonly string[]): readonly string[] {
  if (typeof value === "string") {
    const isSecret = nodes.some(({ hint }) => hint.sensitive === true);
    return isSecret && MASKED.test(value) ? [pointer(path)] : [];
  }
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, member]: [string, Json]) =>
    masked(member, below(nodes, key), [...path, key]),
  );
}

/** What is said of any member comes before what is said of this one. */
function below(nodes: readonly Node[], segment: string): readonly Node[] {
  return nodes.flatMap(({ children }) =>
    [children.get("*"), children.get(segment)].filter((node) => node !== undefined),
  );
}

function merged(nodes: readonly Node[]): FieldHint {
  return Object.assign({}, ...nodes.map(({ hint }) => hint)) as FieldHint;
}

function treeOf(fields: Fields): Node {
  const known = trees.get(fields);
  if (known !== undefined) return known;
  const root: Node = { children: new Map(), hint: {} };
  for (const [pattern, hint] of Object.entries(fields)) {
    let node = root;
    for (const segment of segments(pattern)) {
      const next: Node = node.children.get(segment) ?? { children: new Map(), hint: {} };
      node.children.set(segment, next);
      node = next;
    }
    node.hint = hint;
  }
  trees.set(fields, root);
  return root;
}
