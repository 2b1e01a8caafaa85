import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isList, isObject, property, type Json, type JsonObject } from "../../src/model/json.ts";
import { segments } from "../../src/model/pointer.ts";
import { accept, type Problem } from "../../src/providers/telnyx/emulator/check/accept.ts";
import {
  createAssistant,
  updateAssistant,
  updateVersion,
} from "../../src/providers/telnyx/emulator/check/assistant.ts";
import {
  canaryDeploy,
  createMcpServer,
  createTest,
  updateMcpServer,
  updateTest,
} from "../../src/providers/telnyx/emulator/check/others.ts";
import { partial, type Shape } from "../../src/providers/telnyx/emulator/check/shape.ts";
import { sharedTool } from "../../src/providers/telnyx/emulator/check/tool.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { checkOf } from "./check.ts";
import { objectAt } from "./fields.ts";

/** Everything that `validate` lets through is taken by the emulator, which knows nothing of the schemas. */
const REQUESTS: Readonly<Record<string, readonly Shape[]>> = {
  Assistant: [createAssistant, updateAssistant],
  AssistantVersion: [updateVersion],
  CanaryDeploy: [canaryDeploy],
  AssistantTest: [createTest, updateTest],
  McpServer: [createMcpServer, updateMcpServer],
  Tool: [sharedTool, partial(sharedTool)],
};

const RULE = 100;

/** Values by schema: its bounds, its nulls, and beyond its lists of known values. */
function valueOf(schema: Json | undefined, root: JsonObject, depth: number): fc.Arbitrary<Json> {
  if (!isObject(schema)) return fc.constantFrom<Json>("x", 1, true);
  const { $ref, oneOf, const: constant, enum: choices, then, else: otherwise } = schema;
  if (typeof $ref === "string") {
    const target = segments($ref.slice(1)).reduce<Json | undefined>(property, root);
    // A rule in a rule is one level deep.
    return depth >= RULE ? fc.constant({ type: "string_literal", value: "x" }) : valueOf(target, root, RULE);
  }
  if (constant !== undefined) return fc.constant(constant);
  if (isList(choices)) return fc.constantFrom(...choices);
  if (schema["x-reference"] !== undefined) return fc.constant("id-1");
  if (isList(property(then, "oneOf"))) {
    const known = valueOf(then, root, depth);
    return isObject(otherwise) && otherwise["type"] === "object"
      ? fc.oneof(known, valueOf(otherwise, root, depth))
      : known;
  }
  const variants = isList(oneOf) ? oneOf.filter((variant) => property(variant, "properties")) : [];
  if (variants.length > 0) return fc.oneof(...variants.map((variant) => valueOf(variant, root, depth)));
  const types = (isList(schema["type"]) ? schema["type"] : [schema["type"] ?? "string"]).map(String);
  return fc.oneof(...types.map((type) => ofType(type, schema, root, depth)));
}

function ofType(type: string, schema: JsonObject, root: JsonObject, depth: number): fc.Arbitrary<Json> {
  const bound = (name: string, fallback: number) => Number(schema[name] ?? fallback);
  switch (type) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer({ min: bound("minimum", -1e6), max: bound("maximum", 1e9) });
    case "number":
      return fc.double({ min: bound("minimum", -1e6), max: bound("maximum", 1e6), noNaN: true });
    case "array":
      return fc.array(valueOf(schema["items"], root, depth + 1), {
        minLength: bound("minItems", 0),
        maxLength: Math.max(1, bound("minItems", 0)),
      });
    case "object":
      return objectOf(schema, root, depth);
    default:
      return textOf(schema);
  }
}

function textOf(schema: JsonObject): fc.Arbitrary<Json> {
  const { pattern } = schema;
  if (typeof pattern === "string")
    return fc
      .constantFrom("ab", "a-b", "ww1", "12", "https://x.example", "wss://x.example")
      .filter((text) => new RegExp(pattern, "u").test(text));
  const minLength = Number(schema["minLength"] ?? 0);
  const free = fc.string({ minLength, maxLength: Math.min(12, Number(schema["maxLength"] ?? 12)) });
  const known = schema["x-known-values"];
  return isList(known) ? fc.oneof(fc.constantFrom(...known), free) : free;
}

function objectOf(schema: JsonObject, root: JsonObject, depth: number): fc.Arbitrary<Json> {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = isList(schema["required"]) ? schema["required"].map(String) : [];
  const kept = Object.entries(properties).filter(([key]) => depth < 6 || required.includes(key));
  const model = Object.fromEntries(kept.map(([key, member]) => [key, valueOf(member, root, depth + 1)]));
  return fc.record(model, { requiredKeys: required.filter((key) => Object.hasOwn(model, key)) });
}

/** The spec with the value at the one place of its kind that is tried. */
interface Place {
  readonly name: string;
  readonly schema: JsonObject;
  readonly spec: (value: Json) => JsonObject;
}

const ASSISTANT = { instructions: "x" };
const BASES: Readonly<Record<string, JsonObject>> = {
  Assistant: ASSISTANT,
  CanaryDeploy: { assistant: "id-1" },
  AssistantTest: { destination: "+1", instructions: "x", rubric: [{ name: "x", criteria: "x" }] },
  McpServer: { type: "http", url: "https://x.example" },
};

/** Each field alone, so that a value of one is not lost among the many of all; tools by their type. */
function placesOf(kind: string, schema: JsonObject): readonly Place[] {
  if (kind === "Tool") return [{ name: "", schema, spec: (value) => (isObject(value) ? value : {}) }];
  const inner = kind === "AssistantVersion" ? property(schema["properties"], "changes") : schema;
  const fields = Object.entries(objectAt(isObject(inner) ? inner : {}, "properties"));
  const around = (spec: JsonObject) =>
    kind === "AssistantVersion" ? { assistant: "id-1", changes: spec } : { ...BASES[kind], ...spec };
  return fields.flatMap(([name, field]) =>
    isObject(field) && name !== "assistant"
      ? [{ name, schema: field, spec: (value: Json) => around({ [name]: value }) }]
      : [],
  );
}

describe.each(kinds.map((kind) => [kind.kind, kind] as const))("%s", (name, kind) => {
  const check = checkOf(kind.schema);

  test.each(placesOf(name, kind.schema))("$name: the emulator accepts every valid spec", ({ schema, spec }) => {
    const specs = valueOf(schema, kind.schema, 0).map(spec);
    let tried = 0;
    fc.assert(
      fc.property(specs, (one) => {
        if (check(one).length > 0) return;
        tried++;
        const body = { name: "x", display_name: "x", ...kind.toWire(one) };
        for (const shape of REQUESTS[name] ?? []) {
          const problems: Problem[] = [];
          accept(shape, body, [], problems);
          expect(problems).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
    expect(tried).toBeGreaterThan(0);
  });
});
