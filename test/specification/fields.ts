import { isList, isObject, property, type Json, type JsonObject } from "../../src/model/json.ts";

/** What a schema says about one field, in a form in which two schemas can be compared. */
export interface Field {
  /** Sorted names of the types; `null` is one. */
  readonly types: readonly string[];
  /** False inside an object that may do without it. */
  readonly required: boolean;
  /** The closed list of values. */
  readonly values?: readonly Json[];
  /** The open list of values. */
  readonly knownValues?: readonly Json[];
  /** Any keys are allowed. */
  readonly open: boolean;
  /** Bounds, lengths, patterns and the default, by keyword. */
  readonly rules: JsonObject;
  readonly description?: string;
}

const RULES = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "minItems",
  "maxItems",
  "uniqueItems",
  "default",
] as const;

/** Formats that say how a number is stored, not what is allowed. */
const STORAGE = new Set<Json>(["float", "double", "int32", "int64"]);

/**
 * Every field that a JSON Schema (or a schema of an OpenAPI document) has, by path: `tools[]<webhook>.webhook.url`,
 * where `[]` is an element of a list and `<webhook>` the variant of that `type`. A schema that contains itself is
 * entered once.
 */
export function fieldsOf(schema: JsonObject, root: JsonObject = schema): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  visit(schema, "", true, []);
  return fields;

  function visit(raw: JsonObject, path: string, required: boolean, inside: readonly string[]): void {
    const target = reference(raw);
    if (target !== undefined && inside.includes(target)) return;
    const node = resolve(raw, root);
    const within = target === undefined ? inside : [...inside, target];
    if (path !== "" && !path.endsWith(">")) fields.set(path, fieldOf(node, required));
    if (node["x-reference"] !== undefined) return;
    visitProperties(node, path, within);
    visitVariants(node, path, within);
    const items = property(node, "items");
    if (isObject(items)) visit(items, `${path}[]`, true, within);
  }

  function visitProperties(node: JsonObject, path: string, inside: readonly string[]): void {
    const needed = property(node, "required");
    for (const [name, child] of Object.entries(objectAt(node, "properties"))) {
      const at = path === "" ? name : `${path}.${name}`;
      if (isObject(child)) visit(child, at, isList(needed) && needed.includes(name), inside);
    }
  }

  function visitVariants(node: JsonObject, path: string, inside: readonly string[]): void {
    for (const branch of [...branches(node), ...branches(objectAt(node, "then"))]) {
      const variant = tagOf(resolve(branch, root));
      const items = property(branch, "items");
      if (variant !== undefined) visit(branch, `${path}<${variant}>`, true, inside);
      else if (isObject(items)) visit(items, `${path}[]`, true, inside);
    }
  }
}

export function reference(node: JsonObject): string | undefined {
  const ref = property(node, "$ref");
  return typeof ref === "string" ? ref : undefined;
}

/** The schema with its `$ref` and `allOf` worked in; what stands beside them wins. */
export function resolve(node: JsonObject, root: JsonObject): JsonObject {
  const ref = reference(node);
  const all = property(node, "allOf");
  const parts = [
    ...(ref === undefined ? [] : [lookUp(ref, root)]),
    ...(isList(all) ? all.filter(isObject) : []),
  ];
  return parts.reduceRight<JsonObject>((merged, part) => merge(resolve(part, root), merged), node);
}

function merge(base: JsonObject, over: JsonObject): JsonObject {
  const properties = { ...objectAt(base, "properties"), ...objectAt(over, "properties") };
  return { ...base, ...over, ...(Object.keys(properties).length > 0 && { properties }) };
}

function lookUp(ref: string, root: JsonObject): JsonObject {
  const found = ref
    .slice(2)
    .split("/")
    .reduce<Json | undefined>((value, key) => property(value, key), root);
  if (!isObject(found)) throw new Error(`${ref} leads nowhere`);
  return found;
}

export function objectAt(node: JsonObject, key: string): JsonObject {
  const value = property(node, key);
  return isObject(value) ? value : {};
}

export function branches(node: JsonObject): readonly JsonObject[] {
  const list = property(node, "oneOf");
  return isList(list) ? list.filter(isObject) : [];
}

export function tagOf(branch: JsonObject): string | undefined {
  const type = objectAt(objectAt(branch, "properties"), "type");
  const values = property(type, "enum");
  const tag = property(type, "const") ?? (isList(values) && values.length === 1 ? values[0] : undefined);
  return typeof tag === "string" ? tag : undefined;
}

function fieldOf(node: JsonObject, required: boolean): Field {
  const values = valuesOf(node);
  const known = property(node, "x-known-values");
  const rules = RULES.flatMap((rule) => {
    const value = property(node, rule);
    return value === undefined || (rule === "format" && STORAGE.has(value)) ? [] : [[rule, value] as const];
  });
  const description = property(node, "description");
  return {
    types: typesOf(node),
    required,
    open: property(node, "additionalProperties") === true,
    ...(values !== undefined && { values }),
    ...(isList(known) && { knownValues: known }),
    rules: node["x-reference"] === undefined ? Object.fromEntries(rules) : {},
    ...(typeof description === "string" && { description }),
  };
}

function valuesOf(node: JsonObject): readonly Json[] | undefined {
  const values = property(node, "enum");
  const only = property(node, "const");
  if (only !== undefined) return [only];
  return isList(values) ? values.filter((value) => value !== null).toSorted() : undefined;
}

/** A reference counts as what the API sees of it: the text of an id. */
function typesOf(node: JsonObject): readonly string[] {
  if (node["x-reference"] !== undefined) return ["string"];
  const type = property(node, "type");
  if (typeof type === "string") return [type];
  if (isList(type)) return type.map(String).toSorted();
  const types = branches(node).flatMap(typesOf);
  return types.length > 0 ? [...new Set(types)].toSorted() : ["object"];
}
