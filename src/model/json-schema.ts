import { equal, isList, isObject, itemsOf, property, stringsIn, type Json, type JsonObject } from "./json.ts";
import { segments } from "./pointer.ts";
import { valueIn } from "./at-path.ts";

/** What the schemas of kinds say beyond JSON Schema, to Rollcall alone. */
export const OWN_KEYWORDS: readonly string[] = [
  "x-reference",
  "x-secret-identifier",
  "x-sensitive",
  "x-multiline",
  "x-known-values",
  "x-extensible",
  "x-response-only",
  "x-form",
  "x-url",
  "x-label",
  "x-json-schema",
  "x-example-beside",
];

/** The schema that a `$ref` leads to. */
export function definitionAt(root: JsonObject, reference: string): Json | undefined {
  if (!reference.startsWith("#/")) return undefined;
  return valueIn(root, segments(reference.slice(1)));
}

export function listAt(schema: JsonObject, keyword: string): readonly Json[] {
  const list = schema[keyword];
  return itemsOf(list);
}

const DEEPEST = 12;

/**
 * The schema and all that it is made of: what it refers to, combines and chooses between. A value chooses, as far as it
 * says which variant it is; without one, all variants count.
 */
export function partsOf(
  root: JsonObject,
  schema: Json | undefined,
  value?: Json,
  depth = 0,
): readonly JsonObject[] {
  if (!isObject(schema) || depth > DEEPEST) return [];
  const { $ref: reference } = schema;
  const variants = [...listAt(schema, "oneOf"), ...listAt(schema, "anyOf")];
  const branch = conditionalBranch(schema["if"], value);
  const parts = [
    typeof reference === "string" ? definitionAt(root, reference) : undefined,
    ...listAt(schema, "allOf"),
    ...variants.filter((variant) => isObject(variant) && branchFits(schema, variant, value)),
    branch === "else" ? undefined : schema["then"],
    branch === "then" ? undefined : schema["else"],
  ];
  return [schema, ...parts.flatMap((part) => partsOf(root, part, value, depth + 1))];
}

/**
 * The schemas of a member of a value, or of an element whatever its key or position. What stands there chooses between
 * variants; without it, all variants count.
 */
export function partsBelow(
  root: JsonObject,
  schema: JsonObject,
  segment: string,
  value?: Json,
): readonly JsonObject[] {
  return childSchemas(schema, segment, true).flatMap((child) => partsOf(root, child, value));
}

/** Variants of a one-of may document different defaults for one key: then the key has no default. */
export function agreedDefault(schemas: readonly JsonObject[]): Json | undefined {
  const defaults = schemas.flatMap((schema) => {
    const value = property(schema, "default");
    return value === undefined ? [] : [value];
  });
  const [first] = defaults;
  return defaults.every((other) => equal(first, other)) ? first : undefined;
}

/**
 * The schemas that speak about the value at a path, references followed and variants chosen by the value itself.
 * Used for words (what is allowed here?), never to decide whether a value is valid.
 */
export function schemasAt(
  root: JsonObject,
  value: Json | undefined,
  path: readonly string[],
): readonly JsonObject[] {
  let here = partsOf(root, root, value);
  let current = value;
  for (const segment of path) {
    current = valueIn(current, [segment]);
    const next = current;
    const below = here.flatMap((schema) => childSchemas(schema, segment, /^\d+$/.test(segment)));
    here = below.flatMap((schema) => partsOf(root, schema, next));
  }
  return here;
}

/** `isElement`: the segment may stand for an element of a list. */
function childSchemas(schema: JsonObject, segment: string, isElement: boolean): readonly JsonObject[] {
  const declared = property(schema["properties"], segment);
  if (isObject(declared)) return [declared];
  return [isElement ? schema["items"] : undefined, schema["additionalProperties"]].filter(isObject);
}

/** The branch of an `if` that asks for certain keys alone; otherwise both may speak. */
function conditionalBranch(condition: Json | undefined, value: Json | undefined): "then" | "else" | "both" {
  if (!isObject(condition) || !isObject(value)) return "both";
  const { required, ...rest } = condition;
  if (!isList(required) || Object.keys(rest).length > 0) return "both";
  return required.every((key) => property(value, String(key)) !== undefined) ? "then" : "else";
}

/** A variant that the discriminator excludes does not apply. */
function branchFits(schema: JsonObject, branch: JsonObject, value: Json | undefined): boolean {
  const name = discriminatorOf(schema);
  if (name === undefined) return true;
  const [tag, constant] = [property(value, name), tagOf(branch, name)];
  return tag === undefined || constant === undefined || tag === constant;
}

/** The field whose value says which variant of a one-of is meant. */
export function discriminatorOf(schema: JsonObject | undefined): string | undefined {
  const name = property(property(schema, "discriminator"), "propertyName");
  return typeof name === "string" ? name : undefined;
}

/** The value of that field in one variant. */
export function tagOf(variant: Json | undefined, name: string): Json | undefined {
  return property(property(property(variant, "properties"), name), "const");
}

/** The fields of which exactly one must be there. */
export function exclusiveFields(schema: JsonObject): readonly string[] {
  return listAt(schema, "oneOf").flatMap((branch) =>
    property(branch, "properties") === undefined ? stringsIn(property(branch, "required")) : [],
  );
}

/** The types that the schemas allow; empty when they allow any. */
export function typesOf(schemas: readonly JsonObject[]): readonly string[] {
  const types = schemas.flatMap(({ type }) => (isList(type) ? type : type === undefined ? [] : [type]));
  return [...new Set(types.filter((type) => typeof type === "string"))];
}

/** The names of fields that the schemas declare. */
export function fieldsOf(schemas: readonly JsonObject[]): readonly string[] {
  const names = schemas.flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : []));
  return [...new Set(names)];
}

export function acceptsString(schemas: readonly JsonObject[]): boolean {
  const types = typesOf(schemas);
  return types.length === 0 || types.includes("string");
}

/** The kinds that may be referred to here; empty when no reference may stand here. */
export function referencedKinds(schemas: readonly JsonObject[]): readonly string[] {
  return annotation(schemas, "x-reference");
}

export function knownValues(schemas: readonly JsonObject[]): readonly string[] {
  return annotation(schemas, "x-known-values");
}

/** The schemes of a URL, where the schemas name them. */
export function urlSchemes(schemas: readonly JsonObject[]): readonly string[] {
  return annotation(schemas, "x-url");
}

/** A name that is only a label for people. */
export function isLabel(schemas: readonly JsonObject[]): boolean {
  return schemas.some((schema) => schema["x-label"] === true);
}

/** The value is a JSON Schema itself. */
export function holdsSchema(schemas: readonly JsonObject[]): boolean {
  return schemas.some((schema) => schema["x-json-schema"] === true);
}

export function isSensitive(schemas: readonly JsonObject[]): boolean {
  return schemas.some((schema) => schema["x-sensitive"] === true);
}

function annotation(schemas: readonly JsonObject[], keyword: string): readonly string[] {
  return schemas.flatMap((schema) => stringsIn(schema[keyword]));
}

/** The first field on a path that the schemas do not have, and those that they have in its place. */
export interface MissingField {
  readonly name: string;
  readonly path: string;
  readonly fields: readonly string[];
}

/** Elements of lists go by number or by key, and free content has any keys: what is below them is not looked at. */
export function missingField(
  schema: JsonObject,
  value: Json | undefined,
  path: readonly string[],
): MissingField | undefined {
  for (const [index, name] of path.entries()) {
    const above = schemasAt(schema, value, path.slice(0, index));
    if (above.some(({ items, additionalProperties }) => items !== undefined || isOpen(additionalProperties)))
      return undefined;
    const fields = fieldsOf(above);
    if (!fields.includes(name)) return { name, path: `/${path.slice(0, index + 1).join("/")}`, fields };
  }
  return undefined;
}

function isOpen(additional: Json | undefined): boolean {
  return additional === true || isObject(additional);
}
