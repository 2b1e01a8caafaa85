import { stringify as yaml } from "yaml";
import type { Example, Explanation, FieldGroup, FieldSummary } from "../../model/explanation.ts";
import { equal, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { envelopeSchema } from "../check/envelope-schema.ts";
import { projectSchema } from "../check/project-schema.ts";
import { exampleOf } from "./example.ts";
import { allowedIn, knownIn, limitsOf, refersTo, rulesOf, summaryOf, typeOf } from "./facts.ts";
import { manifestExample, namesIn, PROJECT_EXAMPLE, wholeExample } from "./samples.ts";
import { find, type Missing, type Spot } from "./find.ts";
import { kindNotes, notesOf, PROJECT } from "./notes.ts";
import { piecesOf } from "./path.ts";
import { shapeOf, type Field, type Shape } from "./shape.ts";
import { listed, didYouMean, nearest } from "../../model/suggest.ts";

export type Kinds = ReadonlyMap<string, Kind>;

/** More than one where a name means something else in every shape of a one-of. */
export type Explained = { readonly explanations: readonly Explanation[] } | { readonly missing: Missing };

/** Every kind of manifest with what it is. */
export function explainableKinds(
  kinds: Kinds,
): readonly { readonly kind: string; readonly description: string }[] {
  const project = { kind: PROJECT, description: projectSchema.description };
  return [...[...kinds.values()].map(({ kind, description }) => ({ kind, description })), project];
}

/** What there is to know about `Kind` or `Kind.path`. */
export function explain(kinds: Kinds, path: string): Explained {
  const pieces = path.includes("/") ? undefined : piecesOf(path);
  const [first, ...rest] = pieces ?? [];
  if (first === undefined) return { missing: malformed(path) };
  const root = rootOf(kinds, first.text);
  if (root === undefined) return { missing: unknownKind(kinds, first.text) };
  const start: Spot = { schema: root, path: first.text, steps: [], required: true, when: [] };
  const found = find(root, start, withSpec(root, rest));
  if ("missing" in found) return found;
  const kind = kinds.get(first.text);
  return { explanations: found.spots.map((spot) => explanationOf({ kinds, kind, root, spot })) };
}

function malformed(path: string): Missing {
  const kind = /^([A-Z]\w*)\//.exec(path)?.[1];
  return kind === undefined
    ? { message: `"${path}" is not a path`, hint: "a path is Kind.field.field: Assistant.spec.greeting" }
    : { message: `"${path}" is an address, not a path`, hint: `rollcall explain ${kind}` };
}

function unknownKind(kinds: Kinds, name: string): Missing {
  const names = [...kinds.keys(), PROJECT];
  const hint = didYouMean(name, names) ?? `the kinds are ${listed(names)}`;
  return { message: `there is no kind "${name}"`, hint };
}

const PROJECT_ROOT: JsonObject = { ...projectSchema, examples: [PROJECT_EXAMPLE] };
const roots = new WeakMap<Kind, JsonObject>();

/** The schema of a whole manifest. */
function rootOf(kinds: Kinds, name: string): JsonObject | undefined {
  const kind = kinds.get(name);
  if (kind === undefined) return name === PROJECT ? PROJECT_ROOT : undefined;
  const root = roots.get(kind) ?? manifestSchema(kind, kinds);
  roots.set(kind, root);
  return root;
}

function manifestSchema(kind: Kind, kinds: Kinds): JsonObject {
  const { properties } = envelopeSchema;
  const tag = { ...properties.kind, const: kind.kind };
  return {
    ...envelopeSchema,
    examples: [manifestExample(kind, namesIn(kinds))],
    description: kind.description,
    properties: { ...properties, kind: tag, spec: kind.schema },
    ...(isObject(kind.schema["$defs"]) && { $defs: kind.schema["$defs"] }),
  };
}

type Pieces = Parameters<typeof find>[2];

/** `Assistant.greeting` is understood: what is no field of a manifest is meant as one of its `spec`. */
function withSpec(root: JsonObject, pieces: Pieces): Pieces {
  const own = shapeOf(root, root).fields;
  const name = pieces[0]?.text;
  if (name === undefined || own.some((field) => field.name === name)) return pieces;
  const spec = own.find((field) => field.name === "spec");
  const inSpec = spec === undefined ? [] : shapeOf(root, spec.schema).fields.map((field) => field.name);
  const isMeant = inSpec.includes(name) || nearest(name, inSpec) !== undefined;
  return isMeant &&
    nearest(
      name,
      own.map((field) => field.name),
    ) === undefined
    ? [{ text: "spec", bracketed: false }, ...pieces]
    : pieces;
}

interface Subject {
  readonly kinds: Kinds;
  /** `undefined` for the project. */
  readonly kind: Kind | undefined;
  readonly root: JsonObject;
  readonly spot: Spot;
}

function explanationOf(subject: Subject): Explanation {
  const { kinds, kind, root, spot } = subject;
  const { schema, path, when, required, steps } = spot;
  const isTop = steps.length === 0;
  const description = schema["description"];
  return {
    path,
    when,
    type: isTop ? "manifest" : typeOf(root, schema),
    description: typeof description === "string" ? description : "",
    required: required && !isTop,
    deprecated: schema["deprecated"] === true,
    limits: limitsOf(schema),
    default: schema["default"],
    allowed: allowedIn(schema),
    known: knownIn(schema),
    refersTo: refersTo(schema),
    notes: [
      ...rulesOf(schema),
      ...(isTop && kind !== undefined ? kindNotes(kind, kinds) : notesOf(kind, schema, spot)),
    ],
    groups: isTop ? groupsOfManifest(root, schema) : groupsOf(root, schema),
    example: example(subject),
  };
}

function groupsOfManifest(root: JsonObject, schema: JsonObject): readonly FieldGroup[] {
  const shape = shapeOf(root, schema);
  const spec = shape.fields.find(({ name }) => name === "spec");
  const inner = spec === undefined ? [] : groupsOf(root, spec.schema, "Fields of spec");
  return [{ title: "Fields", fields: shape.fields.map((field) => summaryOf(root, field)) }, ...inner];
}

function groupsOf(root: JsonObject, schema: JsonObject, title = "Fields"): readonly FieldGroup[] {
  const shape = shapeOf(root, schema);
  const inner = shape.entry ?? shape.member;
  if (inner !== undefined) return groupsOf(root, inner, "Fields of each entry");
  return [...ownFields(root, shape, title), ...shapeGroups(root, shape)];
}

function ownFields(root: JsonObject, shape: Shape, title: string): readonly FieldGroup[] {
  const fields = [...shape.fields, ...commonFields(root, shape)];
  return fields.length === 0 ? [] : [{ title, fields: fields.map((field) => summaryOf(root, field)) }];
}

/** The fields that all shapes have. */
function commonFields(root: JsonObject, { variants }: Shape): readonly Field[] {
  if (variants === undefined) return [];
  const [first = [], ...others] = variants.branches.map(({ schema }) => shapeOf(root, schema).fields);
  const isIn = (field: Field) => (fields: readonly Field[]) => fields.some((one) => isSame(one, field));
  return first.filter((field) => field.name !== variants.by && others.every(isIn(field)));
}

function isSame(one: Field, other: Field): boolean {
  return one.name === other.name && one.required === other.required && equal(one.schema, other.schema);
}

function shapeGroups(root: JsonObject, shape: Shape): readonly FieldGroup[] {
  const { variants } = shape;
  if (variants === undefined) return [];
  const common = new Set([variants.by, ...commonFields(root, shape).map(({ name }) => name)]);
  const shapes = variants.branches.map(({ tag, schema }) => {
    const own = shapeOf(root, schema).fields.filter(({ name }) => !common.has(name));
    const description = typeof schema["description"] === "string" ? schema["description"] : undefined;
    return { tag, description, fields: own.map((field) => summaryOf(root, field)) };
  });
  if (shapes.every(({ tag, fields }) => fields.some(({ name }) => name === tag))) {
    const title = `One of these, as \`${variants.by}\` says`;
    const rows = shapes.flatMap(({ tag, fields }) => fields.map((field) => onlyWith(field, tag, variants.by)));
    return [{ title, fields: rows }];
  }
  return shapes.map(({ tag, description, fields }) => ({
    title: `With ${variants.by}: ${tag}`,
    description,
    fields,
  }));
}

/** Settings that stand under the tag itself need no words about when they apply. */
function onlyWith(field: FieldSummary, tag: string, by: string): FieldSummary {
  return field.name === tag ? field : { ...field, details: [`with ${by}: ${tag}`, ...field.details] };
}

function example({ kinds, kind, root, spot }: Subject): Example {
  const value =
    spot.steps.length === 0
      ? wholeExample(kind, namesIn(kinds))
      : topOf(exampleOf(root, spot.steps, namesIn(kinds)), spot);
  return { value, yaml: yaml(value, { lineWidth: 88 }) };
}

/** Only the part of the manifest that the path goes through. */
function topOf(whole: Json, { steps: [first] }: Spot): Json {
  if (first?.to !== "field") return whole;
  return { [first.name]: property(whole, first.name) ?? null };
}
