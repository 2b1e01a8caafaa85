import { isList, isObject, property, type Json, type JsonObject } from "../../../../model/json.ts";
import type { Finding } from "../../../../model/finding.ts";
import type { Lint, LintCheck, LintSubject } from "../../../../model/kind.ts";
import { keyPlace, losesForm, nodeAt } from "../../../../model/node.ts";
import { didYouMean, listed, mistyped } from "../../../../model/suggest.ts";
import { otherForm } from "./keyword-values.ts";
import type { ToolDefinitions } from "./tools.ts";

/** Where tools have a JSON Schema, by type. */
const HOLDERS: Readonly<Record<string, readonly string[]>> = {
  function: ["parameters"],
  client_side_tool: ["parameters"],
  webhook: ["path_parameters", "query_parameters", "body_parameters"],
};

/** RC3032 and RC3033: the JSON Schemas from which the model learns what it may give. */
export const toolParameters =
  (definitionsIn: ToolDefinitions): Lint =>
  (check) => {
    for (const { subject, definition, path } of definitionsIn(check)) {
      for (const [type, holders] of Object.entries(HOLDERS)) {
        for (const holder of holders) {
          const schema = property(definition[type], holder);
          if (isObject(schema)) checkSchema({ ...check, subject }, schema, [...path, type, holder]);
        }
      }
    }
  };

interface Check extends LintCheck {
  readonly subject: LintSubject;
}

type Path = readonly string[];

/** Keywords whose schemas are about the same value as the schema around them, which may declare its properties. */
const ABOUT_THE_SAME: ReadonlySet<string> = new Set(
  "allOf anyOf oneOf not if then else dependentSchemas".split(" "),
);

function checkSchema(check: Check, schema: JsonObject, path: Path, isWhole = true): void {
  checkType(check, schema, path);
  checkKeywords(check, schema, path);
  checkForms(check, schema, path);
  if (isWhole) checkRequired(check, schema, path);
  checkValues(check, schema, path);
  for (const { value, path: below } of partsOf(schema, path)) {
    if (isObject(value)) checkSchema(check, value, below, !ABOUT_THE_SAME.has(below[path.length] ?? ""));
    else if (typeof value !== "boolean") {
      const message = `a JSON Schema must be a mapping (got ${check.shown(value)})`;
      say(check, below, { message, hint: "write { type: … }" });
    }
  }
}

const TYPES = ["string", "number", "integer", "boolean", "object", "array", "null"];

function checkType(check: Check, schema: JsonObject, path: Path): void {
  const { type } = schema;
  const found = isList(type) ? type : type === undefined ? [] : [type];
  for (const one of found) {
    if (typeof one === "string" && TYPES.includes(one)) continue;
    const hint = (typeof one === "string" ? didYouMean(one, TYPES) : undefined) ?? `types: ${listed(TYPES)}`;
    say(check, [...path, "type"], { message: `there is no type ${check.shown(one)}`, hint });
  }
  const hasItems = ["items", "prefixItems", "$ref", "allOf", "anyOf", "oneOf"].some((key) => key in schema);
  if (found.includes("array") && !hasItems) {
    const hint = "add `items: { type: … }`: many models refuse an array without it";
    const message = "the array says nothing about its elements";
    say(check, [...path, "type"], { code: "RC3033", message, hint });
  }
}

/** Keywords of JSON Schema and OpenAPI. Others are accepted, unless they look like a typing error. */
const KEYWORDS = (
  "$anchor $comment $defs $id $ref $schema additionalItems additionalProperties allOf anyOf const contains " +
  "contentEncoding contentMediaType contentSchema default definitions dependencies dependentRequired " +
  "dependentSchemas deprecated description discriminator else enum example examples exclusiveMaximum " +
  "exclusiveMinimum externalDocs format if items maxContains maxItems maxLength maxProperties maximum minContains " +
  "minItems minLength minProperties minimum multipleOf not nullable oneOf pattern patternProperties prefixItems " +
  "properties propertyNames readOnly required strict then title type unevaluatedItems unevaluatedProperties " +
  "uniqueItems writeOnly xml"
).split(" ");
const KNOWN: ReadonlySet<string> = new Set(KEYWORDS);

function checkKeywords(check: Check, schema: JsonObject, path: Path): void {
  for (const key of Object.keys(schema)) {
    const meant = KNOWN.has(key)
      ? undefined
      : mistyped(
          key,
          KEYWORDS.filter((one) => !(one in schema)),
        );
    if (meant === undefined) continue;
    const message = `JSON Schema has no keyword "${key}"`;
    const at = keyPlace(check.subject.node, [...path, key]);
    report(check, {
      code: "RC3032",
      message: labelOf(check, path, message),
      at,
      hint: `did you mean "${meant}"?`,
    });
  }
}

function checkForms(check: Check, schema: JsonObject, path: Path): void {
  for (const [key, value] of Object.entries(schema)) {
    const meant = otherForm(key, value);
    const node = nodeAt(check.subject.node, [...path, key]);
    // RC2020 says it.
    if (meant === undefined || (node?.type === "scalar" && node.plain !== undefined && losesForm(node)))
      continue;
    const isFlag = key === "required" && typeof value === "boolean";
    const hint = isFlag ? "write the names in the `required` of the object around it" : undefined;
    say(check, [...path, key], { message: `it takes ${meant}, found ${check.shown(value)}`, hint });
  }
}

/** Keywords by which the properties may be declared elsewhere. */
const ELSEWHERE = ["$ref", "allOf", "anyOf", "oneOf", "patternProperties", "if"];

function checkRequired(check: Check, schema: JsonObject, path: Path): void {
  const { required, properties } = schema;
  if (!isList(required) || ELSEWHERE.some((key) => key in schema)) return;
  const declared = isObject(properties) ? Object.keys(properties) : [];
  for (const [index, name] of required.entries()) {
    if (typeof name !== "string" || declared.includes(name)) continue;
    const hint = didYouMean(name, declared) ?? "declare it in `properties`, or remove it from `required`";
    say(check, [...path, "required", String(index)], {
      message: `"${name}" is required and not declared`,
      hint,
    });
  }
}

function checkValues(check: Check, schema: JsonObject, path: Path): void {
  const { enum: values } = schema;
  if (values !== undefined && (!isList(values) || values.length === 0)) {
    say(check, [...path, "enum"], { message: `an enum must be a list of values (got ${check.shown(values)})` });
  }
  const given: readonly (readonly [Path, Json])[] = [
    ...(isList(values) ? values.map((value, index) => [["enum", String(index)], value] as const) : []),
    ...["default", "const"].flatMap((key) =>
      schema[key] === undefined ? [] : [[[key], schema[key]] as const],
    ),
  ];
  for (const [below, value] of given) checkValue(check, schema["type"], value, [...path, ...below]);
}

function checkValue(check: Check, type: Json | undefined, value: Json, path: Path): void {
  const types = (isList(type) ? type : [type]).filter((one) => typeof one === "string");
  if (value === null || types.length === 0 || !types.every((one) => TYPES.includes(one))) return;
  if (types.some((one) => isOf(value, one))) return;
  const node = nodeAt(check.subject.node, path);
  const plain = node?.type === "scalar" ? node.plain : undefined;
  // RC2020 says it.
  if (node?.type === "scalar" && plain !== undefined && losesForm(node)) return;
  const isText = types.includes("string") && plain !== undefined;
  const message = `${check.shown(value)} is not of the type ${types.join(" or ")}`;
  say(check, path, { message, hint: isText ? `put it in quotes: "${plain}"` : undefined });
}

function isOf(value: Json, type: string): boolean {
  switch (type) {
    case "array":
      return isList(value);
    case "object":
      return isObject(value);
    case "integer":
      return typeof value === "bigint" || Number.isInteger(value);
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    default:
      return typeof value === type;
  }
}

/** The schemas inside of a schema. */
function partsOf(schema: JsonObject, path: Path): readonly { readonly value: Json; readonly path: Path }[] {
  const parts: { value: Json; path: Path }[] = [];
  for (const key of ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]) {
    const named = schema[key];
    for (const [name, value] of isObject(named) ? Object.entries(named) : [])
      parts.push({ value, path: [...path, key, name] });
  }
  for (const key of [
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
  ]) {
    const value = schema[key];
    if (value !== undefined && !isList(value)) parts.push({ value, path: [...path, key] });
  }
  for (const key of ["items", "prefixItems", "allOf", "anyOf", "oneOf"]) {
    const list = schema[key];
    for (const [index, value] of isList(list) ? list.entries() : [])
      parts.push({ value, path: [...path, key, String(index)] });
  }
  return parts;
}

interface Said {
  readonly code?: "RC3032" | "RC3033";
  readonly message: string;
  readonly hint?: string | undefined;
}

function say(check: Check, path: Path, { code = "RC3032", message, hint }: Said): void {
  const at = nodeAt(check.subject.node, path) ?? keyPlace(check.subject.node, path);
  report(check, { code, message: labelOf(check, path, message), at, hint });
}

function report({ subject, report: tell }: Check, finding: Finding): void {
  tell({ ...finding, address: subject.address });
}

function labelOf({ subject, label }: Check, path: Path, message: string): string {
  return `${label(subject, path)}: ${message}`;
}
