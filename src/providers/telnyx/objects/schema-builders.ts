import type { Json, JsonObject } from "../../../model/json.ts";
import type {
  ChoiceSchema,
  ConditionalSchema,
  KnownSchema,
  ListOrTemplateSchema,
  ListSchema,
  ObjectSchema,
  OpenVariantsSchema,
  Properties,
  TagSchema,
  VariantsSchema,
} from "./schema-types.ts";

/**
 * The words in which the schemas are written: one call a field, its description first, so that a schema reads as a
 * table. What a builder returns is plain JSON Schema; its type keeps the names of the fields visible to the compiler.
 *
 * Besides the standard keywords there are annotations, which validators ignore and Rollcall reads:
 * `x-known-values` (a list that Telnyx keeps extending: another value is worth a warning), `x-reference` (holds the id
 * of an object of these kinds), `x-secret-identifier` (names an integration secret), `x-sensitive` (holds a secret in
 * clear), `x-multiline` (text of several lines), `x-extensible` (Telnyx may know more keys than are documented: one that
 * is not known is worth a warning), `x-response-only` (keys that the server alone writes), `x-url` (the schemes of a URL,
 * for a field whose name does not end in `url` or that has other schemes than `https` and `http`), `x-label` (a name for
 * people, which may be blank), `x-json-schema` (holds a JSON Schema), `x-example-beside` (what examples have beside the
 * field so that the lints accept them; with `below`, if this field or shape is in the example, with `unless`, if it is
 * not).
 */

interface Options {
  /** What the API assumes when the field is absent. An annotation: never filled in. */
  readonly default?: Json;
  readonly examples?: readonly Json[];
  readonly nullable?: true;
  readonly deprecated?: true;
}

interface TextOptions extends Options {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

interface NumberOptions extends Options {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  /** The only values, where they are a short scale. */
  readonly enum?: readonly number[];
}

interface ListOptions extends Options {
  readonly minItems?: number;
  readonly uniqueItems?: true;
}

interface ObjectRules<K extends string> {
  readonly required?: readonly K[];
  readonly exactlyOneOf?: readonly K[];
  readonly neverTogether?: readonly K[];
  /** Keys that are not in the table are allowed. */
  readonly open?: true;
  /** Keys that are not in the table are refused: by the API, or because the object is Rollcall's own. */
  readonly closed?: true;
  readonly nullable?: true;
  /** Keys that answers have and requests do not. */
  readonly responseOnly?: readonly string[];
  readonly deprecated?: true;
  /** Further keywords of JSON Schema, for a rule that has no word here. */
  readonly keywords?: JsonObject;
}

function field(type: string, description: string, { nullable, ...keywords }: Options): JsonObject {
  return { type: nullable === true ? [type, "null"] : type, description, ...keywords };
}

export function text(description: string, options: TextOptions = {}): JsonObject {
  return field("string", description, options);
}

/** Text of several lines. */
export function prose(description: string, options: TextOptions = {}): JsonObject {
  return { ...text(description, options), "x-multiline": true };
}

/** A name for people. */
export function label(description: string, options: TextOptions = {}): JsonObject {
  return { ...text(description, options), "x-label": true };
}

/** The identifier of an integration secret, never the secret; null clears it. */
export function secretIdentifier(description: string): JsonObject {
  return { ...text(description, { nullable: true }), "x-secret-identifier": true };
}

/** A text that may be a secret in clear, for want of a reference. */
export function secret(description: string, options: TextOptions = {}): JsonObject {
  return { ...text(description, options), "x-sensitive": true };
}

export function integer(description: string, options: NumberOptions = {}): JsonObject {
  return field("integer", description, options);
}

export function number(description: string, options: NumberOptions = {}): JsonObject {
  return field("number", description, options);
}

export function flag(description: string, options: Options = {}): JsonObject {
  return field("boolean", description, options);
}

/** A closed list of values. */
export function choice<const V extends string>(
  description: string,
  values: readonly V[],
  options: Options = {},
): ChoiceSchema<V> {
  const allowed = options.nullable === true ? [null, ...values] : values;
  return { ...field("string", description, options), enum: allowed };
}

/** A list of values that Telnyx keeps extending: others are allowed. */
export function known<const V extends string>(
  description: string,
  values: readonly V[],
  options: Options = {},
): KnownSchema<V> {
  return { ...field("string", description, options), "x-known-values": values };
}

/** The value of `type` that marks a variant. */
export function tag<const V extends string>(
  value: V,
  description: string,
  options: Options = {},
): TagSchema<V> {
  return { ...field("string", description, options), const: value };
}

const NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?";

/** Where the API wants an id: `{ ref: Kind/name }`, or a literal id of an object that the project does not manage. */
export function reference(description: string, kind: string): JsonObject {
  const ref = {
    type: "string",
    description: `The address of the ${kind} in this project: ${kind}/name.`,
    pattern: `^${kind}/${NAME}$`,
  };
  return {
    type: ["object", "string"],
    description,
    minLength: 1,
    properties: { ref },
    required: ["ref"],
    additionalProperties: false,
    "x-reference": [kind],
  };
}

export function list<I extends JsonObject>(
  description: string,
  items: I,
  options: ListOptions = {},
): ListSchema<I> {
  return { ...field("array", description, options), items };
}

/** A list, or text with a dynamic variable that becomes one when the conversation runs. */
export function listOrTemplate<I extends JsonObject>(
  description: string,
  items: I,
  { nullable, ...keywords }: Options = {},
): ListOrTemplateSchema<I> {
  const type = nullable === true ? ["array", "string", "null"] : ["array", "string"];
  return { type, description, ...keywords, items };
}

/** Free content: any keys, any values. */
export function free(description: string, options: Options = {}): JsonObject {
  return { ...field("object", description, options), additionalProperties: true };
}

export function object<const P extends Properties>(
  description: string,
  properties: P,
  rules: ObjectRules<keyof P & string> = {},
): ObjectSchema<P> {
  const { required, exactlyOneOf, neverTogether, open, closed, responseOnly, nullable, deprecated, keywords } =
    rules;
  return {
    type: nullable === true ? ["object", "null"] : "object",
    description,
    properties,
    ...(required && { required }),
    ...(exactlyOneOf && { oneOf: exactlyOneOf.map((key) => ({ required: [key] })) }),
    ...(neverTogether && { not: { required: neverTogether } }),
    ...(deprecated && { deprecated }),
    ...keywords,
    ...(open !== true && closed !== true && { "x-extensible": true }),
    ...(responseOnly && { "x-response-only": responseOnly }),
    additionalProperties: open === true,
  };
}

/** Exactly one of the shapes; `type` is required and says which, so that only its errors need be reported. */
export function variants<const B extends readonly ObjectSchema[]>(
  description: string,
  branches: B,
): VariantsSchema<B> {
  return { type: "object", description, discriminator: { propertyName: "type" }, oneOf: branches };
}

/** As `variants`, where a value without `type` is one of the first shape, as the API documents. */
export function variantsWithDefault<const B extends readonly [ObjectSchema, ...ObjectSchema[]]>(
  description: string,
  branches: B,
): OpenVariantsSchema<B> {
  return {
    type: "object",
    description,
    ...when({ required: ["type"] }, { ...variants(description, branches), required: ["type"] }, branches[0]),
  };
}

/**
 * As `variants`, for a list of shapes that Telnyx keeps extending: an unknown `type` is let through, with only its
 * `common` fields checked.
 */
export function openVariants<const B extends readonly ObjectSchema[]>(
  description: string,
  typeDescription: string,
  branches: B,
  common?: Properties,
): OpenVariantsSchema<B> {
  const types = branches.map((branch) => String(branch.properties["type"]?.["const"]));
  return {
    type: "object",
    description,
    properties: { type: known(typeDescription, types) },
    required: ["type"],
    ...when(
      { properties: { type: { enum: types } }, required: ["type"] },
      variants(description, branches),
      common && { properties: common },
    ),
  };
}

/** `if`, `then` and `else` of JSON Schema. */
export function when<T extends JsonObject>(
  condition: JsonObject,
  then: T,
  otherwise?: JsonObject,
): ConditionalSchema<T> {
  // oxlint-disable-next-line unicorn/no-thenable -- so the keyword is called
  return { if: condition, then, ...(otherwise && { else: otherwise }) };
}
