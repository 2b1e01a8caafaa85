import type { JsonObject } from "../../model/json.ts";
import { listed, didYouMean } from "../../model/suggest.ts";
import { alternatives } from "../diagnostics/shown.ts";
import type { Piece } from "./path.ts";
import { shapeOf, type Branch, type Field, type Shape, type Variants } from "./shape.ts";

/** A place in the manifests of a kind, and what stands there. */
export interface Spot {
  /** With its `$ref` followed. */
  readonly schema: JsonObject;
  readonly path: string;
  /** The way from the top of a manifest. */
  readonly steps: readonly Step[];
  readonly required: boolean;
  readonly when: readonly string[];
}

export type Step =
  | { readonly to: "field"; readonly name: string }
  | { readonly to: "entry" }
  | { readonly to: "member" }
  | { readonly to: "shape"; readonly tag: string };

/** Why there is nothing at a path. */
export interface Missing {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A name may mean something else in every shape of a one-of: then there are several spots. */
export type Found = { readonly spots: readonly Spot[] } | { readonly missing: Missing };

/** Follows the pieces from `start`. Entries of lists and shapes that have the named field may be left out. */
export function find(root: JsonObject, start: Spot, pieces: readonly Piece[]): Found {
  let here: readonly Spot[] = [start];
  for (const piece of pieces) {
    const next = here.flatMap((spot) => enter(root, spot, piece));
    if (next.length === 0) return { missing: missing(root, here, piece) };
    here = next;
  }
  return { spots: here };
}

function enter(root: JsonObject, spot: Spot, piece: Piece): readonly Spot[] {
  const shape = shapeOf(root, spot.schema);
  return piece.bracketed
    ? enterBracket(root, spot, shape, piece.text)
    : enterName(root, spot, shape, piece.text);
}

function enterName(root: JsonObject, spot: Spot, shape: Shape, name: string): readonly Spot[] {
  const own = shape.fields.find((field) => field.name === name);
  if (own !== undefined) return [fieldSpot(spot, own)];
  const inShapes = shape.variants === undefined ? [] : fieldInShapes(root, spot, shape.variants, name);
  if (inShapes.length > 0) return inShapes;
  const branch = shape.variants?.branches.find(({ tag }) => tag === name);
  if (branch !== undefined && shape.variants !== undefined)
    return [shapeSpot(spot, shape.variants.by, [branch])];
  if (shape.entry !== undefined) {
    const entry = entrySpot(spot, shape.entry);
    return enterName(root, entry, shapeOf(root, entry.schema), name);
  }
  if (shape.member === undefined) return [];
  const member = memberSpot(spot, shape.member);
  const inside = enterName(root, member, shapeOf(root, member.schema), name);
  return inside.length > 0 ? inside : [member];
}

/** `[]`, `[0]`, `[webhook]`, `[type=webhook]`, and `[webhook:look_up]` as plans write it. */
function enterBracket(root: JsonObject, spot: Spot, shape: Shape, text: string): readonly Spot[] {
  if (shape.variants !== undefined) {
    const { by, branches } = shape.variants;
    const wanted = text.replace(`${by}=`, "").split(":")[0];
    const branch = branches.find(({ tag }) => tag === wanted);
    return branch === undefined ? [] : [shapeSpot(spot, by, [branch])];
  }
  if (shape.entry !== undefined) {
    const entry = entrySpot(spot, shape.entry);
    const inner = shapeOf(root, entry.schema);
    const chosen = inner.variants === undefined ? [] : enterBracket(root, entry, inner, text);
    return chosen.length > 0 || isUnknownShape(inner, text) ? chosen : [entry];
  }
  return shape.member === undefined ? [] : [memberSpot(spot, shape.member)];
}

/** `[websocket]` is a mistake; `[]` and `[0]` mean any entry. */
function isUnknownShape({ variants }: Shape, text: string): boolean {
  return variants !== undefined && !/^\d*$|^\*$/.test(text);
}

/** Once for each meaning that the name has in the shapes. */
function fieldInShapes(root: JsonObject, spot: Spot, variants: Variants, name: string): readonly Spot[] {
  const groups = new Map<string, { readonly field: Field; readonly branches: Branch[] }>();
  for (const branch of variants.branches) {
    const field = shapeOf(root, branch.schema).fields.find((one) => one.name === name);
    if (field === undefined) continue;
    const key = JSON.stringify(field);
    const group = groups.get(key) ?? { field, branches: [] };
    group.branches.push(branch);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ field, branches }) => {
    const everywhere = branches.length === variants.branches.length;
    const within = shapeSpot(spot, variants.by, branches);
    return fieldSpot(everywhere ? { ...within, when: spot.when } : within, field);
  });
}

function fieldSpot({ path, steps, when }: Spot, { name, schema, required }: Field): Spot {
  return { schema, path: `${path}.${name}`, steps: [...steps, { to: "field", name }], required, when };
}

function entrySpot(spot: Spot, entry: JsonObject): Spot {
  const schema = described(entry, spot.schema);
  return { ...spot, schema, path: `${spot.path}[]`, steps: [...spot.steps, { to: "entry" }], required: false };
}

function memberSpot(spot: Spot, member: JsonObject): Spot {
  const schema = described(member, spot.schema);
  const steps: readonly Step[] = [...spot.steps, { to: "member" }];
  return { ...spot, schema, path: `${spot.path}.<name>`, steps, required: false };
}

/** An entry without words of its own is what the list says. */
function described(schema: JsonObject, around: JsonObject): JsonObject {
  return schema["description"] === undefined ? { description: around["description"] ?? "", ...schema } : schema;
}

function shapeSpot(spot: Spot, by: string, branches: readonly Branch[]): Spot {
  const [first] = branches;
  if (first === undefined) return spot;
  const tags = branches.map(({ tag }) => tag);
  const steps: readonly Step[] = [...spot.steps, { to: "shape", tag: first.tag }];
  const path = tags.length > 1 ? spot.path : `${spot.path.replace(/\[\]$/, "")}[${first.tag}]`;
  return { ...spot, schema: first.schema, path, steps, when: [...spot.when, `${by}: ${alternatives(tags)}`] };
}

function missing(root: JsonObject, spots: readonly Spot[], { text, bracketed }: Piece): Missing {
  const place = alternatives(spots.map(({ path }) => path));
  const shapes = spots.flatMap(({ schema }) => withEntries(root, schema));
  const tags = shapes.flatMap(({ variants }) => variants?.branches ?? []).map(({ tag }) => tag);
  if (bracketed) {
    const message =
      tags.length > 0
        ? `${place} has no shape "${text}"`
        : `${place} is not a list: "[${text}]" does not exist`;
    return { message, hint: didYouMean(text, tags) ?? allowedHint("its shapes", tags) };
  }
  const fields = [...new Set(shapes.flatMap((shape) => namesIn(root, shape)))];
  if (fields.length > 0) {
    const hint = didYouMean(text, [...fields, ...tags]) ?? allowedHint("its fields", fields);
    return { message: `${place} has no field "${text}"`, hint };
  }
  const message = shapes.some(({ free }) => free)
    ? `${place} takes any content`
    : `there is nothing below ${place}`;
  return { message, hint: `rollcall explain '${spots[0]?.path ?? ""}'` };
}

function withEntries(root: JsonObject, schema: JsonObject): readonly Shape[] {
  const shape = shapeOf(root, schema);
  const inner = shape.entry ?? shape.member;
  return inner === undefined ? [shape] : [shape, ...withEntries(root, inner)];
}

function namesIn(root: JsonObject, { fields, variants }: Shape): readonly string[] {
  const inShapes = (variants?.branches ?? []).flatMap(({ schema }) => shapeOf(root, schema).fields);
  return [...fields, ...inShapes].map(({ name }) => name);
}

function allowedHint(what: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `${what}: ${listed([...names].sort(), 16)}`;
}
