import { isList, isObject, type Json, type JsonObject, mapMembers } from "../../model/json.ts";
import { OWN_KEYWORDS } from "../../model/json-schema.ts";
import type { Kind } from "../../model/kind.ts";
import { chatScriptSchema } from "../check/chat-script-schema.ts";
import { envelopeSchema } from "../check/envelope-schema.ts";
import { projectSchema } from "../check/project-schema.ts";

/**
 * One JSON Schema (draft 7, which editors know best) for every file of a project: by `kind`, what `spec` takes. More
 * lenient than validation where a manifest is not filled in yet: texts may come from files, and variables may stand for
 * any text.
 */
export function editorSchema(kinds: ReadonlyMap<string, Kind>): JsonObject {
  const all = [...kinds.values()];
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Rollcall",
    description: "A manifest of Rollcall, its project file, or a chat script.",
    // A file, or what follows `---`, may be empty.
    type: ["object", "null"],
    if: IS_SCRIPT,
    // oxlint-disable-next-line unicorn/no-thenable -- so the keyword is called
    then: reference("ChatScript"),
    else: manifestSchema(all),
    definitions: definitionsOf(all),
  };
}

/** No manifest has `turns`; what has an `apiVersion` or a `kind` is meant as one. */
const IS_SCRIPT: JsonObject = {
  required: ["turns"],
  not: { anyOf: [{ required: ["apiVersion"] }, { required: ["kind"] }] },
};

function manifestSchema(all: readonly Kind[]): JsonObject {
  const { apiVersion, metadata, lifecycle } = envelopeSchema.properties;
  const names = [...all.map(({ kind }) => kind), "Project"];
  return {
    properties: {
      apiVersion: plain(apiVersion),
      kind: {
        type: "string",
        description: "The kind of the resource.",
        enum: names,
        enumDescriptions: [...all.map(({ description }) => description), "A project."],
      },
      metadata: plain(metadata),
      lifecycle: lifecycleSchema(lifecycle),
      spec: { type: ["object", "null"], description: envelopeSchema.properties.spec.description },
    },
    required: ["apiVersion", "kind", "metadata"],
    additionalProperties: false,
    allOf: [
      ...all.map(({ kind }) => whenKind(kind, { required: ["spec"], properties: { spec: reference(kind) } })),
      whenKind("Project", {
        properties: {
          spec: reference("Project"),
          lifecycle: false,
          metadata: { properties: { environments: false } },
        },
      }),
    ],
  };
}

/** Of what stands outside of `spec`, only the id of an import may be a variable. */
function lifecycleSchema(lifecycle: typeof envelopeSchema.properties.lifecycle): Json {
  const id = withVariables(lifecycle.properties.import, lifecycle.properties.import);
  return plain({ ...lifecycle, properties: { ...lifecycle.properties, import: id } });
}

function whenKind(kind: string, then: JsonObject): JsonObject {
  // oxlint-disable-next-line unicorn/no-thenable -- so the keyword is called
  return { if: { properties: { kind: { const: kind } }, required: ["kind"] }, then };
}

function reference(name: string): JsonObject {
  return { $ref: `#/definitions/${name}` };
}

function definitionsOf(kinds: readonly Kind[]): JsonObject {
  const definitions: Record<string, Json> = {};
  for (const { kind, schema } of kinds) {
    const { $defs, ...root } = schema;
    definitions[kind] = adapted(root);
    for (const [name, sub] of isObject($defs) ? Object.entries($defs) : []) definitions[name] ??= adapted(sub);
  }
  definitions["Project"] = adapted(projectSchema.properties.spec);
  definitions["ChatScript"] = plain(chatScriptSchema);
  return { ...shared(definitions), textOrFile: TEXT_OR_FILE };
}

/** Smaller parts are repeated where they stand. */
const WORTH_SHARING = 400;

/** Parts that occur more than once stand once, named after where they occur first. */
function shared(definitions: JsonObject): JsonObject {
  const counts = new Map<string, number>();
  countParts(definitions, counts);
  const names = new Map<string, string>();
  const taken = new Set(Object.keys(definitions));
  const found: Record<string, Json> = {};
  const extract = (value: Json, path: readonly string[]): Json => {
    if (isList(value)) return value.map((item) => extract(item, path));
    if (!isObject(value)) return value;
    const text = JSON.stringify(value);
    const known = names.get(text);
    if (known !== undefined) return reference(known);
    const own = path.length > 1 && isShareable(value) && isWorthSharing(text, counts);
    const name = own ? freshName(path, taken) : "";
    if (own) names.set(text, name);
    const inner = Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        extract(item, KEYWORDS.has(key) ? path : [...path, key]),
      ]),
    );
    if (!own) return inner;
    found[name] = inner;
    return reference(name);
  };
  const roots = Object.entries(definitions).map(([name, value]) => [name, extract(value, [name])] as const);
  return { ...Object.fromEntries(roots), ...found };
}

/** A schema of its own, not a map of fields. */
function isShareable({ type }: JsonObject): boolean {
  return typeof type === "string" || isList(type);
}

function isWorthSharing(text: string, counts: ReadonlyMap<string, number>): boolean {
  return text.length > WORTH_SHARING && (counts.get(text) ?? 0) > 1;
}

/** A name that no other definition has: a list and its items have the same path. */
function freshName(path: readonly string[], taken: Set<string>): string {
  const name = path.join(".");
  let fresh = name;
  for (let count = 2; taken.has(fresh); count++) fresh = `${name}.${count}`;
  taken.add(fresh);
  return fresh;
}

/** They say nothing in a name. */
const KEYWORDS: ReadonlySet<string> = new Set(["properties", "oneOf", "anyOf", "allOf", "then", "else", "if"]);

/** What stands inside a repeated part is not repeated for that alone. */
function countParts(value: Json, counts: Map<string, number>): void {
  if (typeof value !== "object" || value === null) return;
  if (isObject(value) && isShareable(value)) {
    const text = JSON.stringify(value);
    const before = counts.get(text) ?? 0;
    counts.set(text, before + 1);
    if (before > 0 && text.length > WORTH_SHARING) return;
  }
  for (const item of Object.values(value)) countParts(item, counts);
}

/** Keywords that only Rollcall reads. */
const OWN: ReadonlySet<string> = new Set(["discriminator", ...OWN_KEYWORDS]);
/** Keywords whose value is data. */
const DATA: ReadonlySet<string> = new Set([
  "default",
  "examples",
  "enum",
  "const",
  "required",
  "dependencies",
  "type",
]);
const NAMED: ReadonlySet<string> = new Set(["properties", "patternProperties", "definitions"]);

/** The schema as an editor is to see it, below `spec`. */
function adapted(schema: Json): Json {
  if (isList(schema)) return schema.map(adapted);
  if (!isObject(schema)) return schema;
  return withVariables(withFile(mapped(schema, adapted), schema), schema);
}

/** The schema without keywords of our own. */
function plain(schema: Json): Json {
  if (isList(schema)) return schema.map(plain);
  return isObject(schema) ? mapped(schema, plain) : schema;
}

function mapped(schema: JsonObject, inner: (schema: Json) => Json): JsonObject {
  const entries = Object.entries(schema).flatMap(([keyword, value]): readonly (readonly [string, Json])[] => {
    if (OWN.has(keyword)) return [];
    if (keyword === "$ref") return [[keyword, String(value).replace("#/$defs/", "#/definitions/")]];
    if (DATA.has(keyword)) return [[keyword, value]];
    if (!NAMED.has(keyword) || !isObject(value)) return [[keyword, inner(value)]];
    return [[keyword, mapMembers(value, inner)]];
  });
  return Object.fromEntries(entries);
}

const TEXT_OR_FILE: JsonObject = {
  type: ["string", "object"],
  properties: {
    file: { type: "string", description: "The text of a file; the path is relative to this manifest." },
    vars: {
      type: "boolean",
      description: "Whether `${var.name}` is filled in within the file.",
      default: false,
    },
  },
  required: ["file"],
  additionalProperties: false,
};

function typesIn({ type }: JsonObject): readonly Json[] {
  return isList(type) ? type : type === undefined ? [] : [type];
}

/** Wherever free text may stand, `{ file: … }` may. */
function withFile(schema: JsonObject, original: JsonObject): JsonObject {
  const types = typesIn(original);
  const closed = ["enum", "const", "pattern", "x-known-values", "x-secret-identifier", "x-reference"];
  if (!types.includes("string") || types.includes("object") || types.includes("array")) return schema;
  if (closed.some((keyword) => original[keyword] !== undefined)) return schema;
  const { type: _, ...rest } = schema;
  if (types.includes("null")) return { ...rest, anyOf: [reference("textOrFile"), { type: "null" }] };
  return types.length > 1 ? schema : { ...rest, allOf: [reference("textOrFile")] };
}

const VARIABLE = String.raw`\$\{var\.`;

/** A text in a closed list or of a given form may hold a variable; known values are proposals. */
function withVariables(schema: JsonObject, original: JsonObject): JsonObject {
  const known = original["x-known-values"];
  if (isList(known)) return { ...schema, anyOf: [{ enum: known }, { type: "string" }] };
  const types = typesIn(original);
  if (!types.includes("string")) return schema;
  const { enum: values, pattern, ...rest } = schema;
  if (isList(values)) return { ...rest, anyOf: [{ enum: values }, { type: "string", pattern: VARIABLE }] };
  return typeof pattern === "string" ? { ...schema, pattern: `(?:${pattern})|${VARIABLE}` } : schema;
}
