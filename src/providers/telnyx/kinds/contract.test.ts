import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isList, isObject, omit, property, type Json, type JsonObject } from "../../../model/json.ts";
import type { FieldHint } from "../../../model/kind.ts";
import { kindNamed, wordsOf } from "../../../model/kind-words.ts";
import { segments } from "../../../model/pointer.ts";
import { type TelnyxKind } from "../rest.ts";
import { kinds } from "./index.ts";

/** Where a schema has something, and what. */
interface Place {
  readonly at: string;
  readonly schema: JsonObject;
}

/** Every place in a schema; elements of lists and maps stand under `*`. What is compared as a unit is not entered. */
function places(kind: TelnyxKind): readonly Place[] {
  const found: Place[] = [];
  const visit = (schema: Json | undefined, at: string) => {
    if (!isObject(schema)) return;
    found.push({ at, schema });
    if (hintAt(kind, at).whole === true) return;
    for (const [key, member] of Object.entries(objectAt(schema, "properties"))) {
      if (property(schema, "x-reference") === undefined) visit(member, `${at}/${key}`);
    }
    visit(schema["items"], `${at}/*`);
    visit(schema["additionalProperties"], `${at}/*`);
    if (schema["additionalProperties"] === true) visit({}, `${at}/*`);
    for (const keyword of ["oneOf", "anyOf", "allOf"]) {
      const branches = schema[keyword];
      if (isList(branches)) for (const branch of branches) visit(branch, at);
    }
    visit(schema["then"], at);
    visit(schema["else"], at);
    const reference = schema["$ref"];
    if (typeof reference === "string") visit(resolved(kind.schema, reference), at);
  };
  visit(kind.schema, "");
  return found;
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

function resolved(root: JsonObject, reference: string): Json | undefined {
  return segments(reference.slice(1)).reduce<Json | undefined>(property, root);
}

function hintAt(kind: TelnyxKind, at: string): FieldHint {
  return kind.fields[at] ?? {};
}

/** Lists in which order counts and elements have no name of their own. */
const IN_ORDER: Readonly<Record<string, string>> = {
  messages: "fillers are told apart by nothing but their place",
  language_hints: "the first is the likeliest",
  rules: "the first canary rule that fits counts",
  versions: "the older form of rules, replaced by them before anything is compared",
};

describe.each(kinds.map((kind) => [kind.kind, kind] as const))("%s", (_, kind) => {
  const all = places(kind);
  const known = new Set(all.map(({ at }) => at));
  const where = (test: (schema: JsonObject) => boolean) => [
    ...new Set(all.filter(({ schema }) => test(schema)).map(({ at }) => at)),
  ];
  const isNullable = ({ type }: JsonObject) => isList(type) && type.includes("null");
  const isArray = ({ type }: JsonObject) => type === "array" || (isList(type) && type.includes("array"));

  test("every hint and every reference has a place in the schema", () => {
    const pointed = [...Object.keys(kind.fields), ...kind.references.map(({ at }) => at)];
    expect(pointed.filter((at) => !known.has(at))).toEqual([]);
    const { identity, inherits } = kind;
    const listed = [kind.tags, ...(kind.columns ?? []).map(({ at }) => at)];
    const named = [identity.name, identity.parent, inherits?.from, inherits?.into, ...listed];
    expect(named.filter((at) => at !== undefined && !known.has(at))).toEqual([]);
  });

  test("every reference in the schema is one of the kind's references, to the same kind", () => {
    const declared = all.flatMap(({ at, schema }) => {
      const to = schema["x-reference"];
      return isList(to) ? to.map((target) => `${at} ${String(target)}`) : [];
    });
    expect(kind.references.map(({ at, to }) => `${at} ${to}`).sort()).toEqual([...new Set(declared)].sort());
  });

  test("multi-line text, secrets and nullable fields have hints", () => {
    const lacking = (test: (schema: JsonObject) => boolean, has: (hint: FieldHint) => boolean) =>
      where(test).filter((at) => !has(hintAt(kind, at)) && !isLocal(kind, at));
    expect(
      lacking(
        (schema) => schema["x-multiline"] === true,
        ({ multiline }) => multiline === true,
      ),
    ).toEqual([]);
    expect(
      lacking(
        (schema) => schema["x-sensitive"] === true,
        ({ sensitive }) => sensitive === true,
      ),
    ).toEqual([]);
    expect(lacking(isNullable, ({ unset }) => unset === null)).toEqual([]);
  });

  test("only nullable fields are cleared with null", () => {
    const nullable = new Set(where(isNullable));
    const cleared = Object.keys(kind.fields).filter((at) => hintAt(kind, at).unset === null);
    expect(cleared.filter((at) => !nullable.has(at))).toEqual([]);
  });

  test("every list is a set, is keyed, or is ordered with a reason", () => {
    const undecided = where(isArray).filter((at) => {
      const { set, keyedBy, local, whole } = hintAt(kind, at);
      const name = at.split("/").at(-1) ?? "";
      return set === undefined && keyedBy === undefined && !local && !whole && IN_ORDER[name] === undefined;
    });
    expect(undecided).toEqual([]);
  });

  test("list keys exist in the elements", () => {
    const missing = Object.entries(kind.fields).flatMap(([at, { keyedBy = [] }]) =>
      keyedBy.filter((key) => !key.includes("{") && !known.has(`${at}/*${key}`)).map((key) => `${at}/*${key}`),
    );
    expect(missing).toEqual([]);
  });

  test("free-form content has a hint how it is compared", () => {
    const open = where(({ additionalProperties, type }) => type === "object" && additionalProperties === true);
    const split = open.filter((at) => !hintAt(kind, at).whole && !hintAt(kind, `${at}/*`).whole);
    // The API leaves room for keys that it does not name yet.
    expect(split.filter((at) => !/\/(?:send_message|avatar_settings)$/.test(at))).toEqual([]);
  });
});

const LEAF = { type: "string_literal", value: "x" };

/** Any value that a schema allows, in its shape; ids stand for references, and what refers to itself does so once. */
function valueOf(schema: Json | undefined, root: JsonObject, depth = 0): fc.Arbitrary<Json> {
  if (!isObject(schema)) return fc.constantFrom<Json>("x", 1, true);
  const { $ref, oneOf, const: constant, enum: choices, then } = schema;
  if (typeof $ref === "string") return depth > 0 ? fc.constant(LEAF) : valueOf(resolved(root, $ref), root, 1);
  if (constant !== undefined) return fc.constant(constant);
  if (isList(choices)) return fc.constantFrom(...choices);
  if (schema["x-reference"] !== undefined) return fc.uuid();
  if (isList(property(then, "oneOf"))) return valueOf(then, root, depth);
  const variants = isList(oneOf) ? oneOf.filter((variant) => property(variant, "properties")) : [];
  if (variants.length > 0) return fc.oneof(...variants.map((variant) => valueOf(variant, root, depth)));
  return plainValueOf(schema, root, depth);
}

function plainValueOf(schema: JsonObject, root: JsonObject, depth: number): fc.Arbitrary<Json> {
  const type = isList(schema["type"]) ? schema["type"][0] : schema["type"];
  if (type === "array") return fc.array(valueOf(schema["items"], root, depth), { maxLength: 3 });
  if (type === "object") {
    const members = Object.entries(objectAt(schema, "properties"));
    const required = isList(schema["required"]) ? schema["required"].map(String) : [];
    const model = Object.fromEntries(members.map(([key, member]) => [key, valueOf(member, root, depth)]));
    return fc.record(model, { requiredKeys: required.filter((key) => Object.hasOwn(model, key)) });
  }
  if (type === "integer") return fc.oneof(fc.integer(), fc.constant(12345678901234567890n));
  if (type === "number") return fc.double({ noNaN: true, noDefaultInfinity: true });
  return type === "boolean" ? fc.boolean() : fc.string();
}

function asObject(value: Json): JsonObject {
  if (!isObject(value)) throw new Error(`a spec that is no object: ${typeof value}`);
  return value;
}

/** What a spec looks like on the wire, told in another way than the kind does. */
const ON_THE_WIRE: Readonly<Record<string, (spec: JsonObject) => JsonObject>> = {
  Assistant: (spec) => omit(spec, ["tags"]),
  AssistantVersion: ({ changes, version_name }) => ({
    ...(isObject(changes) && omit(changes, ["tags"])),
    ...(version_name !== undefined && { version_name }),
  }),
  AssistantTest: (spec) => omit(spec, ["assistant"]),
  McpServer: (spec) => spec,
  Tool: (spec) => spec,
};

describe.each(kinds.map((kind) => [kind.kind, kind] as const))("%s on the wire", (name, kind) => {
  const specs = valueOf(kind.schema, kind.schema).map(asObject);

  test("round-trips: reading what was sent and sending what was read change nothing", () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const sent = kind.toWire(spec);
        expect(kind.toWire(kind.fromLive(sent))).toEqual(toolIdsSaid(sent));
        expect(kind.fromLive(kind.toWire(kind.fromLive(sent)))).toEqual(kind.fromLive(sent));
      }),
      { numRuns: 60 },
    );
  });

  test.skipIf(ON_THE_WIRE[name] === undefined)("no field of a manifest is lost or changed", () => {
    fc.assert(
      fc.property(specs, (spec) => {
        expect(kind.toWire(spec)).toEqual(ON_THE_WIRE[name]?.(spec));
      }),
      { numRuns: 60 },
    );
  });
});

/** An answer that has tools says which are shared, be it none. */
function toolIdsSaid(body: JsonObject): JsonObject {
  return isList(body["tools"]) ? { tool_ids: [], ...body } : body;
}

function isLocal(kind: TelnyxKind, at: string): boolean {
  return Object.entries(kind.fields).some(([pattern, { local }]) => local === true && at.startsWith(pattern));
}

test("kinds have unique names, and every reference is to one of them", () => {
  const names = kinds.map(({ kind }) => kind);
  expect(new Set(names).size).toBe(names.length);
  expect(kinds.flatMap(({ references }) => references).filter(({ to }) => !names.includes(to))).toEqual([]);
});

test("no word names two kinds or a group", () => {
  const words = kinds.flatMap((kind) => wordsOf(kind).map((word) => [word, kind.kind] as const));
  expect(words.map(([word]) => kindNamed(word, kinds)?.kind)).toEqual(words.map(([, kind]) => kind));
  expect(["tags", "suites", ""].filter((word) => kindNamed(word, kinds) !== undefined)).toEqual([]);
  expect(
    ["mcpservers", "MCP-Servers", "canarydeploys", "assistanttests"].map(
      (word) => kindNamed(word, kinds)?.kind,
    ),
  ).toEqual(["McpServer", "McpServer", "CanaryDeploy", "AssistantTest"]);
});
