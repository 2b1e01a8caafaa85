import { createHash } from "node:crypto";
import { isList, isObject, itemsOf, type Json, type JsonObject, mapMembers } from "../../model/json.ts";
import { OWN_KEYWORDS } from "../../model/json-schema.ts";

/** Of schemas that were looked at before: a schema never changes. */
const DIGESTS = new WeakMap<JsonObject, string>();

/** Tells one schema from another. */
export function schemaDigest(schema: JsonObject): string {
  const known = DIGESTS.get(schema);
  if (known !== undefined) return known;
  const digest = createHash("sha256").update(JSON.stringify(schema)).digest("hex").slice(0, 16);
  DIGESTS.set(schema, digest);
  return digest;
}

export const AJV_OPTIONS = {
  allErrors: true,
  messages: false,
  discriminator: true,
  strict: false,
  validateFormats: false,
} as const;

/**
 * The schema as it is compiled. Values outside of `x-known-values` are reported like those outside of an `enum`, and
 * told apart afterwards; words for people are left out.
 */
export function prepared(schema: JsonObject): JsonObject {
  return prepare(schema) as JsonObject;
}

const WORDS: ReadonlySet<string> = new Set([
  "description",
  "default",
  "examples",
  "deprecated",
  ...OWN_KEYWORDS,
]);
/** Keywords whose value maps names to schemas. */
const NAMED: ReadonlySet<string> = new Set(["properties", "$defs", "definitions", "patternProperties"]);
/** Keywords whose value is data. */
const DATA: ReadonlySet<string> = new Set(["const", "enum", "required", "dependencies"]);

function prepare(schema: Json): Json {
  if (isList(schema)) return schema.map(prepare);
  if (!isObject(schema)) return schema;
  const result: Record<string, Json> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (WORDS.has(keyword)) continue;
    if (NAMED.has(keyword) && isObject(value)) {
      result[keyword] = mapMembers(value, prepare);
    } else result[keyword] = DATA.has(keyword) ? value : prepare(value);
  }
  const known = schema["x-known-values"];
  if (isList(known)) {
    // oxlint-disable-next-line unicorn/no-thenable -- so the keyword is called
    const open = { if: { type: "string" }, then: { enum: known } };
    result["allOf"] = [...itemsOf(result["allOf"]), open];
  }
  return result;
}
