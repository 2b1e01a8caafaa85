import { hintOf, patternsBelow, patternsOf, type Patterns } from "../../model/field-hints.ts";
import { isObject, type Json, type JsonObject, property } from "../../model/json.ts";
import { agreedDefault, partsBelow, partsOf } from "../../model/json-schema.ts";
import type { FieldHint, Kind } from "../../model/kind.ts";
import { isReference } from "../../model/resource.ts";

/** What is known about the value at one path of a kind's `spec`: its hint, and the documented default. */
export interface Hints {
  readonly hint: FieldHint;
  readonly default: Json | undefined;
  /** The schema has a list here. */
  readonly isList: boolean;
  /** The member that says which variant of a one-of the value is. */
  readonly variantKey: string | undefined;
  /** Under which digests of secret values are made. */
  readonly secretKey: Uint8Array;
  /** Whether a text under this name looks like a secret, whatever its hint says. */
  readonly looksSecret: (text: string, name: string) => boolean;
  /** The hints of a member, or of an element whatever its key or index. */
  child(segment: string): Hints;
  /** The schema names the fields of the value, and this is none of them. */
  lacks(segment: string): boolean;
}

/** What the hints at one path are without the key, which is the same for every account. */
interface Shape extends Pick<Hints, "hint" | "default" | "isList" | "variantKey" | "lacks"> {
  child(segment: string): Shape;
}

/** For kinds that are used without an API: no digest is stored. */
const NO_KEY = new Uint8Array(0);
const NO_SECRET = () => false;
const compiled = new WeakMap<Kind, Hints>();
/** By the `fields` and the schema of a kind: each account has kinds of its own with the same ones. */
const shapes = new WeakMap<Kind["fields"], WeakMap<JsonObject, Shape>>();

/** The hints of a kind, from its `fields` and from the `default`s of its schema. */
export function hintsOf(kind: Kind): Hints {
  const known = compiled.get(kind);
  if (known !== undefined) return known;
  const { secretKey = NO_KEY, looksSecret = NO_SECRET } = kind;
  const hints = withSecrets(shapeOf(kind), { secretKey, looksSecret });
  compiled.set(kind, hints);
  return hints;
}

/** The value is compared and written member by member. */
export function isBlock(value: Json | undefined, { hint }: Hints): value is JsonObject {
  return isObject(value) && !isReference(value) && hint.whole !== true;
}

function withSecrets(shape: Shape, secrets: Pick<Hints, "secretKey" | "looksSecret">): Hints {
  return {
    ...shape,
    ...secrets,
    child: remembered((segment) => withSecrets(shape.child(segment), secrets)),
  };
}

function shapeOf({ fields, schema }: Kind): Shape {
  const bySchema = shapes.get(fields) ?? new WeakMap<JsonObject, Shape>();
  shapes.set(fields, bySchema);
  const shape = bySchema.get(schema) ?? shapeAt(patternsOf(fields), partsOf(schema, schema), schema);
  bySchema.set(schema, shape);
  return shape;
}

function shapeAt(patterns: Patterns, schemas: readonly JsonObject[], root: JsonObject): Shape {
  const below = (segment: string) => schemas.flatMap((schema) => partsBelow(root, schema, segment));
  return {
    hint: hintOf(patterns),
    default: agreedDefault(schemas),
    variantKey: variantKey(schemas),
    isList: schemas.some((schema) => property(schema, "items") !== undefined),
    child: remembered((segment) => shapeAt(patternsBelow(patterns, segment), below(segment), root)),
    lacks: (segment) =>
      schemas.some((schema) => property(schema, "additionalProperties") === false) &&
      schemas.every((schema) => partsBelow(root, schema, segment).length === 0),
  };
}

/** Makes the child of each segment once. */
function remembered<T>(make: (segment: string) => T): (segment: string) => T {
  const children = new Map<string, T>();
  return (segment) => {
    const known = children.get(segment);
    if (known !== undefined) return known;
    const child = make(segment);
    children.set(segment, child);
    return child;
  };
}

function variantKey(schemas: readonly JsonObject[]): string | undefined {
  const names = schemas.map((schema) => property(property(schema, "discriminator"), "propertyName"));
  return names.find((name): name is string => typeof name === "string");
}
