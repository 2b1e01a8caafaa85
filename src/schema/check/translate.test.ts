import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../model/json.ts";
import type { Finding } from "../../model/finding.ts";
import { parse } from "../read/parse.ts";
import { sourceOf } from "../../model/source.ts";
import { toJson } from "../../model/node.ts";
import { validateShape, validatorsFor } from "./validate.ts";

/** What is said about a text by a schema that no kind of the API has. */
async function said(properties: JsonObject, text: string, more: JsonObject = {}): Promise<readonly string[]> {
  const schema = { type: "object", properties, ...more };
  const nouns = { one: "thing", many: "things" };
  const kind = { kind: "Thing", description: "", nouns, schema, identity: {}, references: [], fields: {} };
  const validators = await validatorsFor([kind]);
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const [node] = parse(sourceOf("x.yaml", text), report).documents;
  if (node === undefined) return [];
  validateShape("Thing", { node, value: toJson(node), schema, label: "Thing" }, validators, report);
  return findings.map(
    ({ code, message, hint }) => `${code} ${message}${hint === undefined ? "" : `; ${hint}`}`,
  );
}

const text = (value: Json): JsonObject => ({ type: "string", const: value });

const CASES: readonly (readonly [string, JsonObject, string, readonly string[], JsonObject?])[] = [
  [
    "alternatives of several types",
    { a: { anyOf: [{ type: "string" }, { type: "array" }] } },
    "a: 1",
    ['RC2005 Thing.a: must be a string or a list (got 1); put it in quotes: "1"'],
  ],
  [
    "a rule without words",
    { a: { type: "array", contains: { const: 1 } } },
    "a: [2]",
    ["RC2006 Thing.a[0]: must be 1 (got 2)", "RC2016 Thing.a: it violates a rule of the schema"],
  ],
  [
    "a forbidden value",
    { a: { not: { const: 1 } } },
    "a: 1",
    ["RC2016 Thing.a: it violates a rule of the schema"],
  ],
  [
    "steps",
    { a: { type: "integer", multipleOf: 5 } },
    "a: 7",
    ["RC2007 Thing.a: must be a multiple of 5 (got 7)"],
  ],
  ["one bound", { a: { type: "number", minimum: 2 } }, "a: 1", ["RC2007 Thing.a: must be at least 2 (got 1)"]],
  [
    "an open bound",
    { a: { type: "number", exclusiveMaximum: 2 } },
    "a: 2",
    ["RC2007 Thing.a: must be less than 2 (got 2)"],
  ],
  [
    "the size of a mapping",
    { a: { type: "object", maxProperties: 1 } },
    "a: { x: 1, y: 2 }",
    ["RC2010 Thing.a: must have at most 1 entry (got 2)"],
  ],
  [
    "characters, not code units",
    { a: { type: "string", maxLength: 3 } },
    "a: 😀😀😀😀",
    ["RC2008 Thing.a: must have at most 3 characters (got 4 characters)"],
  ],
  [
    "a variant, by its tag only",
    {
      a: {
        type: "object",
        discriminator: { propertyName: "type" },
        oneOf: [
          { properties: { type: text("x"), size: { type: "integer" } }, required: ["type", "size"] },
          { properties: { type: text("y"), name: { type: "string" } }, required: ["type", "name"] },
        ],
      },
    },
    "a: { type: y, name: 7 }",
    ['RC2005 Thing.a.name: must be a string (got 7); put it in quotes: "7"'],
  ],
  [
    "a variant without a tag",
    {
      a: {
        type: "object",
        discriminator: { propertyName: "type" },
        oneOf: [{ properties: { type: text("x") }, required: ["type"] }],
      },
    },
    "a: { type: 7 }",
    ['RC2006 Thing.a.type: must be "x" (got 7)'],
  ],
  [
    "keys with slashes and tildes",
    { "a/b~c": { type: "string" } },
    "a/b~c: 1",
    ['RC2005 Thing["a/b~c"]: must be a string (got 1); put it in quotes: "1"'],
  ],
  ["names", {}, "A: 1", ['RC2009 Thing: "A" is not a valid name'], { propertyNames: { pattern: "^[a-z]$" } }],
];

for (const [name, properties, manifest, expected, more] of CASES) {
  test(name, async () => {
    expect(await said(properties, manifest, more)).toEqual(expected);
  });
}
