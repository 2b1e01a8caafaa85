import { hintOf, patternsBelow, patternsOf, type Patterns } from "../../model/field-hints.ts";
import { isObject, property, stringsIn, type Json, type JsonObject } from "../../model/json.ts";
import { agreedDefault, discriminatorOf, fieldsOf, partsBelow, partsOf } from "../../model/json-schema.ts";
import type { FieldHint, Kind } from "../../model/kind.ts";

type Schemas = readonly JsonObject[];

/** What the schema and the hints of a kind say of the value at one place of a spec. */
export interface SpecPlace {
  readonly root: JsonObject;
  /** Variants are chosen by the value that stands there. */
  readonly schemas: Schemas;
  /** All variants: so defaults are read wherever values are compared. */
  readonly variants: Schemas;
  readonly patterns: Patterns;
  /** It stands in a block in which the server fills in nothing. */
  readonly isUnfilled: boolean;
  readonly path: readonly string[];
}

/** The same list of schemas for the same place, so that what is found out about it is found out once. */
export function topOf({ schema, fields }: Kind, spec: Json): SpecPlace {
  const all = once(wholes, schema, () => partsOf(schema, schema));
  return {
    root: schema,
    schemas: chosen(all, spec, () => partsOf(schema, schema, spec)),
    variants: all,
    patterns: patternsOf(fields),
    isUnfilled: false,
    path: [],
  };
}

/** The place of a member, or of an element by its position. */
export function below(place: SpecPlace, segment: string, value: Json): SpecPlace {
  const { root, schemas, variants, patterns, path } = place;
  const step = POSITION.test(segment) ? "*" : segment;
  const open = next(schemas, step, () => schemas.flatMap((schema) => partsBelow(root, schema, step)));
  return {
    root,
    schemas: chosen(open, value, () => schemas.flatMap((schema) => partsBelow(root, schema, step, value))),
    variants: next(variants, step, () => variants.flatMap((schema) => partsBelow(root, schema, step))),
    patterns: next(patterns, step, () => patternsBelow(patterns, step)),
    isUnfilled: place.isUnfilled || hintFor(place).unfilled === true,
    path: [...path, segment],
  };
}

const POSITION = /^\d+$/;
const EMPTY: readonly never[] = [];
const wholes = new WeakMap<object, Schemas>();
const steps = new WeakMap<object, Map<string, unknown>>();
const deciding = new WeakMap<object, readonly string[]>();
const choices = new WeakMap<object, Map<string, Schemas>>();

function once<T>(cache: WeakMap<object, T>, key: object, make: () => T): T {
  const known = cache.get(key) ?? make();
  cache.set(key, known);
  return known;
}

/** What lies one step below a list; nothing below nothing. */
function next<T>(here: readonly T[], step: string, make: () => readonly T[]): readonly T[] {
  if (here.length === 0) return EMPTY;
  const known = once<Map<string, unknown>>(steps, here, () => new Map());
  const found = (known.get(step) as readonly T[] | undefined) ?? make();
  known.set(step, found);
  return found;
}

/** The schemas that a value chooses among all variants: the same ones for values that decide alike. */
function chosen(all: Schemas, value: Json, make: () => Schemas): Schemas {
  const names = once(deciding, all, () => decidingFields(all));
  if (names.length === 0 || !isObject(value)) return all;
  const known = once<Map<string, Schemas>>(choices, all, () => new Map());
  const key = JSON.stringify(names.map((name) => decision(property(value, name))));
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

function decision(value: Json | undefined): string | boolean {
  return typeof value === "string" ? value : value !== undefined;
}

/** The fields that say which variant a value is: that of the discriminator, and those that an `if` asks for. */
function decidingFields(schemas: Schemas): readonly string[] {
  return [
    ...new Set(
      schemas.flatMap((schema) => [
        ...stringsIn([discriminatorOf(schema) ?? null]),
        ...stringsIn(property(schema["if"], "required")),
      ]),
    ),
  ];
}

const hints = new WeakMap<object, FieldHint>();
const defaults = new WeakMap<object, { readonly value: Json | undefined }>();
const required = new WeakMap<object, ReadonlySet<string>>();
const ranks = new WeakMap<object, ReadonlyMap<string, number>>();

export function hintFor({ patterns }: SpecPlace): FieldHint {
  return once(hints, patterns, () => hintOf(patterns));
}

export function defaultFor({ variants }: SpecPlace): Json | undefined {
  return once(defaults, variants, () => ({ value: agreedDefault(variants) })).value;
}

/** The members that the value at this place cannot be without. */
export function requiredAt({ schemas }: SpecPlace): ReadonlySet<string> {
  return once(required, schemas, () => new Set(schemas.flatMap((schema) => stringsIn(schema["required"]))));
}

/** The names of the members that the schemas have, with their positions in the documentation. */
export function rankAt({ schemas }: SpecPlace): ReadonlyMap<string, number> {
  return once(ranks, schemas, () => new Map(fieldsOf(schemas).map((name, index) => [name, index])));
}

export function isResponseOnly({ schemas }: SpecPlace, key: string): boolean {
  return schemas.some((schema) => stringsIn(schema["x-response-only"]).includes(key));
}

/** The schema names the members of the value at this place, and this is not one of them. */
export function isUnknown(place: SpecPlace, key: string): boolean {
  return !rankAt(place).has(key) && place.schemas.some((schema) => schema["additionalProperties"] === false);
}
