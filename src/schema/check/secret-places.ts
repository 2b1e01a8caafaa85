import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import { children, nodesAt, toJson, type Node } from "../../model/node.ts";
import { isSensitive, schemasAt } from "../../model/json-schema.ts";
import type { Place } from "../../model/source.ts";

/** Where the values of sensitive fields are written, so that excerpts leave them out. Templates name their secret. */
export function secretPlaces(spec: Node, kind: Kind): readonly Place[] {
  const patterns = Object.entries(kind.fields).flatMap(([pointer, hint]) =>
    hint.sensitive === true ? [segments(pointer)] : [],
  );
  const byPattern = patterns.flatMap((pattern) => nodesAt(spec, pattern));
  const names = sensitiveNames(kind.schema);
  const value = toJson(spec);
  const marked = nodesNamed(spec, names, []).filter(({ path }) =>
    isSensitive(schemasAt(kind.schema, value, path)),
  );
  return [...byPattern, ...marked.map(({ node }) => node)].flatMap(scalarsIn);
}

interface Found {
  readonly node: Node;
  readonly path: readonly string[];
}

/** A name says little; the schema at the path decides. */
function nodesNamed(node: Node, names: ReadonlySet<string>, path: readonly string[]): readonly Found[] {
  if (names.size === 0 || node.type === "scalar") return [];
  if (node.type === "list") {
    return node.items.flatMap((item, index) => nodesNamed(item, names, [...path, String(index)]));
  }
  return [...node.members].flatMap(([key, { value }]) => {
    const below = [...path, key];
    return names.has(key) ? [{ node: value, path: below }] : nodesNamed(value, names, below);
  });
}

function scalarsIn(node: Node): readonly Place[] {
  if (node.type !== "scalar") return children(node).flatMap(scalarsIn);
  const template = typeof node.value === "string" && node.value.includes("{{");
  return template || node.value === null || node.included !== undefined ? [] : [node];
}

const NAMES = new WeakMap<JsonObject, ReadonlySet<string>>();

/** The names of all fields that the schema marks, wherever they stand. */
function sensitiveNames(schema: JsonObject): ReadonlySet<string> {
  const known = NAMES.get(schema) ?? new Set(namesIn(schema));
  NAMES.set(schema, known);
  return known;
}

function* namesIn(schema: Json): Generator<string> {
  if (isList(schema)) for (const item of schema) yield* namesIn(item);
  if (!isObject(schema)) return;
  const properties = schema["properties"];
  for (const [name, sub] of isObject(properties) ? Object.entries(properties) : []) {
    if (property(sub, "x-sensitive") === true) yield name;
  }
  for (const sub of Object.values(schema)) yield* namesIn(sub);
}
