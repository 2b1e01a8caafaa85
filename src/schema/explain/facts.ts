import { isList, isObject, property, stringsIn, type Json, type JsonObject } from "../../model/json.ts";
import type { FieldSummary } from "../../model/explanation.ts";
import { alternatives } from "../diagnostics/shown.ts";
import { exclusiveFields } from "../../model/json-schema.ts";
import { isReferenceSchema, shapeOf, type Field } from "./shape.ts";

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "true or false",
  object: "mapping",
  array: "list",
};

/** For people: `list of text`, `reference to Tool`, `one of 3 shapes`. `schema` is resolved. */
export function typeOf(root: JsonObject, schema: JsonObject): string {
  if (isReferenceSchema(schema)) return `reference to ${alternatives(refersTo(schema))}`;
  const { variants, entry, member, fields } = shapeOf(root, schema);
  const types = isList(schema["type"]) ? stringsIn(schema["type"]) : stringsIn([schema["type"] ?? ""]);
  const words = types.map((type) => {
    if (type === "array" && entry !== undefined) return `list of ${plural(typeOf(root, entry))}`;
    if (type !== "object") return TYPES[type] ?? type;
    if (variants !== undefined) return `one of ${variants.branches.length} shapes`;
    if (member !== undefined) return `mapping of names to ${plural(typeOf(root, member))}`;
    return fields.length === 0 && !hasKeys(schema) ? "free mapping" : "mapping";
  });
  return types[0] === "" ? "anything" : alternatives(words);
}

function hasKeys(schema: JsonObject): boolean {
  return schema["properties"] !== undefined || schema["additionalProperties"] === false;
}

function plural(type: string): string {
  const single = type.replace(/ or null$/, "");
  if (single.includes(" or ") && !/^(?:true|list)/.test(single)) return "values";
  return single
    .replace(/^(?:free )?mapping\b/, "mappings")
    .replace(/^reference\b/, "references")
    .replace(/^one of \d+ shapes\b/, "shapes");
}

/** The kinds that the value, or each entry of it, may refer to. */
export function refersTo(schema: JsonObject): readonly string[] {
  return stringsIn(schema["x-reference"] ?? property(schema["items"], "x-reference"));
}

/** The only values, of the value or of each entry. */
export function allowedIn(schema: JsonObject): readonly Json[] | undefined {
  const list = schema["enum"] ?? property(schema["items"], "enum");
  if (isList(list)) return list;
  return schema["const"] === undefined ? undefined : [schema["const"]];
}

export function knownIn(schema: JsonObject): readonly Json[] | undefined {
  const list = schema["x-known-values"] ?? property(schema["items"], "x-known-values");
  return isList(list) ? list : undefined;
}

/** Bounds in words. */
export function limitsOf(schema: JsonObject): readonly string[] {
  const { minLength, maxLength, minItems, maxItems, minProperties, uniqueItems } = schema;
  return [
    numbersIn(schema),
    minLength === 1 && maxLength === undefined && !isReferenceSchema(schema)
      ? "not empty"
      : isReferenceSchema(schema)
        ? undefined
        : range(minLength, maxLength, "character"),
    range(minItems, maxItems, "entry"),
    range(minProperties, undefined, "entry"),
    uniqueItems === true ? "no duplicate entries" : undefined,
    formOf(schema),
    nameForm(schema),
  ].filter((text) => text !== undefined);
}

function numbersIn(schema: JsonObject): string | undefined {
  const { minimum: low, maximum: high, exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  if (low !== undefined && high !== undefined) return `${String(low)} to ${String(high)}`;
  const parts = [
    ...(low === undefined ? [] : [`at least ${String(low)}`]),
    ...(above === undefined ? [] : [`more than ${String(above)}`]),
    ...(high === undefined ? [] : [`at most ${String(high)}`]),
    ...(below === undefined ? [] : [`less than ${String(below)}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(" and ");
}

function range(low: Json | undefined, high: Json | undefined, unit: string): string | undefined {
  const units = (count: Json) => (count === 1 ? unit : unit === "entry" ? "entries" : `${unit}s`);
  if (low !== undefined && high !== undefined) return `${String(low)} to ${String(high)} ${units(high)}`;
  if (low !== undefined) return `at least ${String(low)} ${units(low)}`;
  return high === undefined ? undefined : `at most ${String(high)} ${units(high)}`;
}

function formOf({ pattern, "x-form": form }: JsonObject): string | undefined {
  if (typeof form === "string") return form;
  return typeof pattern === "string" ? `matches ${pattern}` : undefined;
}

function nameForm(schema: JsonObject): string | undefined {
  const pattern = property(schema["propertyNames"], "pattern");
  return typeof pattern === "string" ? `names match ${pattern}` : undefined;
}

/** Rules between the fields of a mapping, as sentences. */
export function rulesOf(schema: JsonObject): readonly string[] {
  const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``);
  const exclusive = exclusiveFields(schema);
  const together = stringsIn(property(schema["not"], "required"));
  const without = stringsIn(property(property(schema["if"], "not"), "required"));
  const then = stringsIn(property(schema["then"], "required"));
  const dependencies = Object.entries((schema["dependencies"] ?? {}) as JsonObject);
  return [
    ...(exclusive.length === 0 ? [] : [`Exactly one of ${alternatives(quoted(exclusive))} is required.`]),
    ...(together.length === 0 ? [] : [`${quoted(together).join(" and ")} cannot be used together.`]),
    ...(without.length === 0 || then.length === 0
      ? []
      : [`${quoted(then).join(" and ")} is required unless ${quoted(without).join(" and ")} is set.`]),
    ...whenEqual(schema),
    ...dependencies.map(([name, others]) => `\`${name}\` requires ${quoted(stringsIn(others)).join(" and ")}.`),
  ];
}

/** `enabled` being true, `url` is required. */
function whenEqual(schema: JsonObject): readonly string[] {
  const conditions = property(schema["if"], "properties");
  const then = stringsIn(property(schema["then"], "required"));
  if (!isObject(conditions) || then.length === 0) return [];
  const when = Object.entries(conditions).map(
    ([name, sub]) => `\`${name}\` is ${text(property(sub, "const") ?? null)}`,
  );
  return [`${then.map((name) => `\`${name}\``).join(" and ")} is required when ${when.join(" and ")}.`];
}

const MOST_VALUES = 5;
const LONGEST_FORM = 30;

/** One line of a table. */
export function summaryOf(root: JsonObject, { name, schema, required }: Field): FieldSummary {
  const values = allowedIn(schema) ?? knownIn(schema);
  const isConst = schema["const"] !== undefined;
  const details = [
    ...(schema["deprecated"] === true ? ["deprecated"] : []),
    ...(values === undefined || isConst ? [] : [shortList(values, knownIn(schema) !== undefined)]),
    ...limitsOf(schema).filter((limit) => limit.length <= LONGEST_FORM),
    ...(isWorthSaying(schema["default"]) ? [`default ${text(schema["default"])}`] : []),
  ];
  const description = typeof schema["description"] === "string" ? schema["description"] : "";
  return { name, type: typeOf(root, schema), required, description, details };
}

function shortList(values: readonly Json[], open: boolean): string {
  const shown = values.slice(0, values.length > MOST_VALUES + 1 ? MOST_VALUES : values.length).map(text);
  const rest = values.length - shown.length;
  return `${shown.join(" | ")}${rest > 0 ? ` | ${rest} more` : ""}${open ? " | …" : ""}`;
}

function isWorthSaying(value: Json | undefined): value is Json {
  return value !== undefined && value !== null && !(isList(value) && value.length === 0);
}

function text(value: Json): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
