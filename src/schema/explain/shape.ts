import { isObject, membersOf, property, stringsIn, type Json, type JsonObject } from "../../model/json.ts";
import { definitionAt, discriminatorOf, listAt, tagOf } from "../../model/json-schema.ts";

/** What a schema says about the inside of a value. */
export interface Shape {
  readonly fields: readonly Field[];
  /** One of several shapes, told apart by the field `by`. */
  readonly variants?: Variants | undefined;
  /** The schema of list entries. */
  readonly entry?: JsonObject | undefined;
  /** The schema of the values of a mapping with names of the author's choice. */
  readonly member?: JsonObject | undefined;
  /** Any keys, any values. */
  readonly free: boolean;
}

export interface Field {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

export interface Variants {
  readonly by: string;
  /** Another value is let through. */
  readonly open: boolean;
  readonly branches: readonly Branch[];
}

export interface Branch {
  readonly tag: string;
  readonly schema: JsonObject;
}

/** The schema with its `$ref` followed; what stands beside the `$ref` wins. */
export function resolved(root: JsonObject, schema: JsonObject): JsonObject {
  const { $ref: ref, ...own } = schema;
  if (typeof ref !== "string") return schema;
  const target = definitionAt(root, ref);
  if (!isObject(target)) throw new Error(`nothing at ${ref}`);
  return { ...resolved(root, target), ...own };
}

/** `schema` is resolved; the schemas in the result are, too. */
export function shapeOf(root: JsonObject, schema: JsonObject): Shape {
  const follow = (sub: Json | undefined) => (isObject(sub) ? resolved(root, sub) : undefined);
  const variants = variantsOf(schema, follow);
  const fields = isReferenceSchema(schema) ? [] : fieldsOf(schema, variants, follow);
  return {
    fields,
    variants,
    entry: follow(schema["items"]),
    member: follow(schema["additionalProperties"]),
    free: schema["additionalProperties"] === true,
  };
}

/** An id: what stands inside of `{ ref }` needs no explanation of its own. */
export function isReferenceSchema(schema: JsonObject): boolean {
  return schema["x-reference"] !== undefined;
}

type Follow = (sub: Json | undefined) => JsonObject | undefined;

function fieldsOf(schema: JsonObject, variants: Variants | undefined, follow: Follow): readonly Field[] {
  const properties = schema["properties"];
  const required = stringsIn(schema["required"]);
  const own = Object.entries(membersOf(properties)).flatMap(([name, sub]): Field[] => {
    const found = follow(sub);
    return found === undefined || name === variants?.by
      ? []
      : [{ name, schema: found, required: required.includes(name) }];
  });
  return variants === undefined ? own : [selector(schema, variants, follow), ...own];
}

/** The field that says which shape is meant. */
function selector(schema: JsonObject, { by, open, branches }: Variants, follow: Follow): Field {
  const declared = follow(property(schema["properties"], by));
  const tags = branches.map(({ tag }) => tag);
  const description = "Which shape it is.";
  const fallback = property(property(property(schema["else"], "properties"), by), "default");
  const values = open
    ? { "x-known-values": tags }
    : { enum: tags, ...(fallback !== undefined && { default: fallback }) };
  return {
    name: by,
    required: fallback === undefined,
    schema: { type: "string", description, ...values, ...declared },
  };
}

function variantsOf(schema: JsonObject, follow: Follow): Variants | undefined {
  const then = follow(schema["then"]);
  const inner = then?.["discriminator"] === undefined ? schema : then;
  const by = discriminatorOf(inner);
  if (by === undefined) return undefined;
  const branches = listAt(inner, "oneOf").flatMap((sub): Branch[] => {
    const branch = follow(sub);
    return branch === undefined ? [] : [{ tag: String(tagOf(branch, by)), schema: branch }];
  });
  return { by, open: stringsIn(schema["required"]).includes(by) && inner !== schema, branches };
}
