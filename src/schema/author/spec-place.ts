import { hintOf, patternsBelow, patternsOf, type Patterns } from "../../model/field-hints.ts";
import { isList, property, type Json, type JsonObject } from "../../model/json.ts";
import { agreedDefault, partsBelow, partsOf, strings } from "../../model/json-schema.ts";
import type { FieldHint, Kind } from "../../model/kind.ts";

/** What the schema and the hints of a kind say of the value at one place of a spec. */
export interface SpecPlace {
  readonly root: JsonObject;
  /** Variants are chosen by the value that stands there. */
  readonly schemas: readonly JsonObject[];
  /** All variants: so defaults are read wherever values are compared. */
  readonly variants: readonly JsonObject[];
  readonly patterns: Patterns;
  readonly path: readonly string[];
  /** It stands in a block in which the server fills in nothing. */
  readonly isUnfilled: boolean;
}

export function topOf({ schema, fields }: Kind, spec: Json): SpecPlace {
  return {
    root: schema,
    schemas: partsOf(schema, schema, spec),
    variants: partsOf(schema, schema),
    patterns: patternsOf(fields),
    path: [],
    isUnfilled: false,
  };
}

/** The place of a member, or of an element by its position. */
export function below(place: SpecPlace, segment: string, value: Json): SpecPlace {
  const { root, schemas, variants, patterns, path } = place;
  return {
    root,
    schemas: schemas.flatMap((schema) => partsBelow(root, schema, segment, value)),
    variants: variants.flatMap((schema) => partsBelow(root, schema, segment)),
    patterns: patternsBelow(patterns, segment),
    path: [...path, segment],
    isUnfilled: place.isUnfilled || hintFor(place).unfilled === true,
  };
}

export function hintFor({ patterns }: SpecPlace): FieldHint {
  return hintOf(patterns);
}

export function defaultFor({ variants }: SpecPlace): Json | undefined {
  return agreedDefault(variants);
}

/** The members that the value at this place cannot be without. */
export function requiredAt({ schemas }: SpecPlace): ReadonlySet<string> {
  return new Set(schemas.flatMap((schema) => strings(schema["required"])));
}

export function isResponseOnly({ schemas }: SpecPlace, key: string): boolean {
  return schemas.some((schema) => strings(schema["x-response-only"]).includes(key));
}

/** The schema names the members of the value at this place, and this is none of them. */
export function isUnknown({ schemas }: SpecPlace, key: string): boolean {
  const isClosed = schemas.some((schema) => property(schema, "additionalProperties") === false);
  return isClosed && !schemas.some((schema) => property(schema["properties"], key) !== undefined);
}

/** The value at a path; elements of lists go by their positions. */
export function valueIn(value: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (here, segment) => (isList(here) ? here[Number(segment)] : property(here, segment)),
    value,
  );
}
