import { isList, isObject, property, type Json, type JsonObject } from "../model/json.ts";

/**
 * The schemas that speak about the value at a path, references followed and variants chosen by the value itself.
 * Used for words (what is allowed here?), never to decide whether a value is valid.
 */
export function schemasAt(
  root: JsonObject,
  value: Json | undefined,
  path: readonly string[],
): readonly JsonObject[] {
  let here = expand(root, root, value, 0);
  let current = value;
  for (const segment of path) {
    current = childValue(current, segment);
    const next = current;
    const inList = here.flatMap((schema) => childSchemas(schema, segment));
    here = inList.flatMap((schema) => expand(root, schema, next, 0));
  }
  return here;
}

function childValue(value: Json | undefined, segment: string): Json | undefined {
  return isList(value) ? value[Number(segment)] : property(value, segment);
}

function childSchemas(schema: JsonObject, segment: string): readonly JsonObject[] {
  const declared = property(schema["properties"], segment);
  if (isObject(declared)) return [declared];
  const found: JsonObject[] = [];
  if (/^\d+$/.test(segment) && isObject(schema["items"])) found.push(schema["items"]);
  if (isObject(schema["additionalProperties"])) found.push(schema["additionalProperties"]);
  return found;
}

const DEEPEST = 12;

function expand(
  root: JsonObject,
  schema: JsonObject,
  value: Json | undefined,
  depth: number,
): readonly JsonObject[] {
  if (depth > DEEPEST) return [];
  const next = (sub: Json | undefined): readonly JsonObject[] =>
    isObject(sub) ? expand(root, sub, value, depth + 1) : [];
  const parts: JsonObject[] = [schema];
  if (typeof schema["$ref"] === "string") parts.push(...next(definition(root, schema["$ref"])));
  for (const sub of listAt(schema, "allOf")) parts.push(...next(sub));
  for (const sub of [...listAt(schema, "oneOf"), ...listAt(schema, "anyOf")]) {
    if (isObject(sub) && branchFits(schema, sub, value)) parts.push(...next(sub));
  }
  const branch = conditionalBranch(schema["if"], value);
  if (branch !== "else") parts.push(...next(schema["then"]));
  if (branch !== "then") parts.push(...next(schema["else"]));
  return parts;
}

/** The branch of an `if` that asks for certain keys alone; otherwise both may speak. */
function conditionalBranch(condition: Json | undefined, value: Json | undefined): "then" | "else" | "both" {
  if (!isObject(condition) || !isObject(value)) return "both";
  const { required, ...rest } = condition;
  if (!isList(required) || Object.keys(rest).length > 0) return "both";
  return required.every((key) => property(value, String(key)) !== undefined) ? "then" : "else";
}

function listAt(schema: JsonObject, keyword: string): readonly Json[] {
  const list = schema[keyword];
  return isList(list) ? list : [];
}

/** A variant that the discriminator rules out is not what was meant. */
function branchFits(schema: JsonObject, branch: JsonObject, value: Json | undefined): boolean {
  const name = property(schema["discriminator"], "propertyName");
  if (typeof name !== "string") return true;
  const tag = property(value, name);
  const constant = property(property(branch["properties"], name), "const");
  return tag === undefined || constant === undefined || tag === constant;
}

function definition(root: JsonObject, ref: string): Json | undefined {
  if (!ref.startsWith("#/")) return undefined;
  let here: Json | undefined = root;
  for (const segment of ref.slice(2).split("/"))
    here = property(here, segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  return here;
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

export function isSensitive(schemas: readonly JsonObject[]): boolean {
  return schemas.some((schema) => schema["x-sensitive"] === true);
}

function annotation(schemas: readonly JsonObject[], keyword: string): readonly string[] {
  return schemas.flatMap((schema) => listAt(schema, keyword).filter((value) => typeof value === "string"));
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
