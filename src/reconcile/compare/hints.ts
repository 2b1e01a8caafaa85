import { hintOf, patternsBelow, patternsOf, type Patterns } from "../../model/field-hints.ts";
import { property, type Json, type JsonObject } from "../../model/json.ts";
import { agreedDefault, partsBelow, partsOf } from "../../model/json-schema.ts";
import type { FieldHint, Kind } from "../../model/kind.ts";

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
  /** The hints of a member, or of an element whatever its key or index. */
  child(segment: string): Hints;
  /** The schema names the fields of the value, and this is none of them. */
  lacks(segment: string): boolean;
}

/** For kinds that are used without an API: no digest is stored. */
const NO_KEY = new Uint8Array(0);
const compiled = new WeakMap<Kind, Hints>();

/** The hints of a kind, from its `fields` and from the `default`s of its schema. */
export function hintsOf(kind: Kind): Hints {
  const known = compiled.get(kind);
  if (known !== undefined) return known;
  const root = { schema: kind.schema, secretKey: kind.secretKey ?? NO_KEY };
  const hints = hintsAt(patternsOf(kind.fields), partsOf(kind.schema, kind.schema), root);
  compiled.set(kind, hints);
  return hints;
}

interface Root {
  readonly schema: JsonObject;
  readonly secretKey: Uint8Array;
}

function hintsAt(patterns: Patterns, schemas: readonly JsonObject[], root: Root): Hints {
  const children = new Map<string, Hints>();
  return {
    hint: hintOf(patterns),
    default: agreedDefault(schemas),
    variantKey: variantKey(schemas),
    secretKey: root.secretKey,
    isList: schemas.some((schema) => property(schema, "items") !== undefined),
    child(segment) {
      const known = children.get(segment);
      if (known !== undefined) return known;
      const inner = schemas.flatMap((schema) => partsBelow(root.schema, schema, segment));
      const next = hintsAt(patternsBelow(patterns, segment), inner, root);
      children.set(segment, next);
      return next;
    },
    lacks: (segment) =>
      schemas.some((schema) => property(schema, "additionalProperties") === false) &&
      schemas.every((schema) => partsBelow(root.schema, schema, segment).length === 0),
  };
}

function variantKey(schemas: readonly JsonObject[]): string | undefined {
  const names = schemas.map((schema) => property(property(schema, "discriminator"), "propertyName"));
  return names.find((name): name is string => typeof name === "string");
}
