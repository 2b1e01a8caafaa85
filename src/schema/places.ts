import type { Address } from "../model/address.ts";
import type { SourceRange } from "../model/diagnostic.ts";
import { hintAt, keyOf } from "../model/field-hints.ts";
import type { Finding } from "../model/finding.ts";
import { isSensitive, schemasAt } from "../model/json-schema.ts";
import { isList, isObject, type Json, type JsonObject, property } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import { children, type Node, nodeAt, nodesAt, toJson } from "../model/node.ts";
import { type Pointer, segments } from "../model/pointer.ts";
import { type Place, rangeOf, type Source } from "../model/source.ts";
import { masked, struckOut } from "./diagnostics/credentials/find.ts";
import type { ProjectText } from "./project/read-project.ts";
import type { Resolved } from "./resolve/resolve-manifests.ts";

export interface Places {
  locate(address: Address, pointer: Pointer): SourceRange | undefined;
  includedFile(address: Address, pointer: Pointer): string | undefined;
  sourceText(file: string): string | undefined;
  readonly digests: Readonly<Record<string, string>>;
}

/** Where everything was written. */
export function placesOf(
  text: ProjectText,
  manifests: readonly Resolved[],
  findings: readonly Finding[],
): Places {
  const byAddress = new Map(manifests.map((manifest) => [manifest.address, manifest]));
  const sources = new Map<string, Source>(text.sources);
  for (const [file, result] of text.included) if ("source" in result) sources.set(file, result.source);
  // Files that could not be used are quoted too.
  for (const { at } of findings) {
    if (at !== undefined && !sources.has(at.source.file)) sources.set(at.source.file, at.source);
  }
  const find = (address: Address, pointer: Pointer): Node | undefined => {
    const manifest = byAddress.get(address);
    return manifest && nodeAt(manifest.spec, positions(manifest, segments(pointer)));
  };
  return {
    locate: (address, pointer) => {
      const node = find(address, pointer);
      return node && rangeOf(node);
    },
    includedFile: (address, pointer) => {
      if (text.included.size === 0) return undefined;
      const node = find(address, pointer);
      return node?.type === "scalar" ? node.included?.file : undefined;
    },
    sourceText: (file) => {
      const source = sources.get(file);
      return source && masked(withoutSecrets(source, manifests, findings));
    },
    digests: Object.fromEntries([...sources.values()].map(({ file, digest }) => [file, digest])),
  };
}

/** Struck out letter by letter, so that positions stay. */
function withoutSecrets(source: Source, manifests: readonly Resolved[], findings: readonly Finding[]): string {
  const places = [
    ...manifests.flatMap(({ spec, kind }) => secretPlaces(spec, kind)),
    ...findings.flatMap(({ secret }) => secret ?? []),
  ];
  return struckOut(
    source.text,
    places.filter((place) => place.source === source),
  );
}

/** The path with keys of list elements replaced by their positions. */
function positions({ kind, spec }: Resolved, path: readonly string[]): readonly string[] {
  const result: string[] = [];
  for (const segment of path) {
    const list = nodeAt(spec, result);
    const keyedBy = list?.type === "list" ? hintAt(kind.fields, result).keyedBy : undefined;
    const index =
      list?.type === "list" && keyedBy !== undefined
        ? list.items.findIndex((item) => keyOf(toJson(item), keyedBy) === segment)
        : -1;
    result.push(index < 0 ? segment : String(index));
  }
  return result;
}

/** Where the values of sensitive fields are written, so that excerpts leave them out. Templates name their secret. */
function secretPlaces(spec: Node, kind: Kind): readonly Place[] {
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
