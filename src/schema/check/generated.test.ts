import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isList, isObject, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { kinds } from "../../providers/telnyx/kinds/index.ts";
import type { SchemaError } from "../../model/validator.ts";
import { AJV_OPTIONS, prepared, schemaDigest } from "./compile.ts";
import { envelopeSchema } from "./envelope-schema.ts";
import { projectSchema } from "./project-schema.ts";
import { validators } from "./generated/validators.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

test.each(["generate-validators.ts", "generate-editor-schema.ts", "generate-diagnostics-page.ts"])(
  "generating %s changes no file",
  async (script) => {
    const run = promisify(execFile)(process.execPath, ["--import", "tsx", `scripts/${script}`, "--check"], {
      cwd: ROOT,
    });
    await expect(run).resolves.toMatchObject({ stderr: "" });
  },
);

function ready(name: string): Pick<Kind, "validator"> {
  const validator = validators[name];
  return validator === undefined ? {} : { validator };
}

const all: readonly Pick<Kind, "kind" | "schema" | "validator">[] = [
  { kind: "Manifest", schema: envelopeSchema, ...ready("Manifest") },
  { kind: "Project", schema: projectSchema, ...ready("Project") },
  ...kinds,
];

/** Values of the words of a schema: near enough to be right, often enough wrong. */
function valueFor(schema: JsonObject, root: JsonObject, depth: number): fc.Arbitrary<Json> {
  const odd: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(
    null,
    true,
    -1,
    0.5,
    "",
    "x",
    "webhook",
    [],
    {},
    [1, "a"],
    { ref: "Tool/x" },
  );
  if (depth > 5) return odd;
  const right: fc.Arbitrary<Json>[] = [];
  const add = (sub: Json | undefined) => {
    if (isObject(sub)) right.push(valueFor(sub, root, depth + 1));
  };
  if (typeof schema["$ref"] === "string") {
    const name = schema["$ref"].split("/").at(-1) ?? "";
    add(isObject(root["$defs"]) ? root["$defs"][name] : undefined);
  }
  if (schema["const"] !== undefined) right.push(fc.constant(schema["const"]));
  for (const list of [schema["enum"], schema["x-known-values"]])
    if (isList(list)) right.push(fc.constantFrom(...list));
  for (const list of [schema["oneOf"], schema["anyOf"], schema["allOf"]]) if (isList(list)) list.forEach(add);
  add(schema["then"]);
  if (isObject(schema["properties"])) {
    const fields = Object.entries(schema["properties"]).map(([name, sub]) => {
      const value = isObject(sub) ? valueFor(sub, root, depth + 1) : odd;
      return [name, fc.option(value, { freq: depth < 2 ? 2 : 1 })] as const;
    });
    const known = fc.record(Object.fromEntries(fields)).map(withoutNulls);
    right.push(
      known,
      fc.tuple(known, odd).map(([value, other]) => Object.assign({}, value, { unknown_field: other })),
    );
  }
  if (isObject(schema["items"]))
    right.push(fc.array(valueFor(schema["items"], root, depth + 1), { maxLength: 3 }));
  if (schema["type"] === "integer" || schema["type"] === "number")
    right.push(fc.integer({ min: -5, max: 20_000 }));
  if (schema["type"] === "string") right.push(fc.string({ maxLength: 60 }));
  return right.length === 0
    ? odd
    : fc.oneof({ weight: 1, arbitrary: odd }, ...right.map((arbitrary) => ({ weight: 6, arbitrary })));
}

function withoutNulls(value: Readonly<Record<string, Json | null>>): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}

function essence(errors: readonly SchemaError[] | null | undefined): readonly string[] {
  const texts = (errors ?? []).map(({ instancePath, keyword, params, propertyName }) =>
    JSON.stringify([instancePath, keyword, params, propertyName]),
  );
  return texts.sort();
}

describe.each(all)("$kind", async ({ schema, validator }) => {
  const compiled = new Ajv(AJV_OPTIONS).compile(prepared(schema));
  const ahead = await validator?.load();

  test("generated validators find the same errors as compiled schemas", () => {
    let broken = 0;
    fc.assert(
      fc.property(valueFor(schema, schema, 0), (value) => {
        compiled(value);
        ahead?.(value);
        if ((compiled.errors ?? []).length > 0) broken++;
        expect(essence(ahead?.errors)).toEqual(essence(compiled.errors));
      }),
      { numRuns: 300 },
    );
    expect(broken).toBeGreaterThan(50);
  });

  test("generated validators are up to date with the schema", () => {
    expect(validator?.digest).toBe(schemaDigest(schema));
  });

  test("a valid example has no errors", () => {
    for (const example of isList(schema["examples"]) ? schema["examples"] : []) {
      expect(ahead?.(example), JSON.stringify(ahead?.errors)).toBe(true);
    }
  });
});
