import { equal, isList, isObject, property, type Json, type JsonObject } from "../model/json.ts";
import type { FieldHint, Kind } from "../model/kind.ts";
import { segments } from "../model/pointer.ts";

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
}

interface PatternNode {
  readonly hint: FieldHint;
  readonly children: ReadonlyMap<string, PatternNode>;
}

const NO_HINT: FieldHint = {};
const NO_PATTERN: PatternNode = { hint: NO_HINT, children: new Map() };
/** Of a kind that meets no API: nothing is stored. */
const NO_KEY = new Uint8Array(0);
const compiled = new WeakMap<Kind, Hints>();

/** The hints of a kind, from its `fields` and from the `default`s of its schema. */
export function hintsOf(kind: Kind): Hints {
  const known = compiled.get(kind);
  if (known !== undefined) return known;
  const root = { schema: kind.schema, secretKey: kind.secretKey ?? NO_KEY };
  const hints = hintsAt([patternTree(kind)], alternatives(kind.schema, kind.schema), root);
  compiled.set(kind, hints);
  return hints;
}

function patternTree(kind: Kind): PatternNode {
  type Mutable = { hint: FieldHint; readonly children: Map<string, Mutable> };
  const root: Mutable = { hint: NO_HINT, children: new Map() };
  for (const [pattern, hint] of Object.entries(kind.fields)) {
    let node = root;
    for (const segment of segments(pattern)) {
      const next = node.children.get(segment) ?? { hint: NO_HINT, children: new Map() };
      node.children.set(segment, next);
      node = next;
    }
    node.hint = { ...node.hint, ...hint };
  }
  return root;
}

interface Root {
  readonly schema: JsonObject;
  readonly secretKey: Uint8Array;
}

function hintsAt(patterns: readonly PatternNode[], schemas: readonly JsonObject[], root: Root): Hints {
  const children = new Map<string, Hints>();
  const hint = patterns.length === 1 ? (patterns[0]?.hint ?? NO_HINT) : mergedHint(patterns);
  return {
    hint,
    default: agreedDefault(schemas),
    variantKey: variantKey(schemas),
    secretKey: root.secretKey,
    isList: schemas.some((schema) => property(schema, "items") !== undefined),
    child(segment) {
      const known = children.get(segment);
      if (known !== undefined) return known;
      const below = patterns.flatMap((node) =>
        [node.children.get("*"), node.children.get(segment)].filter((next) => next !== undefined),
      );
      const inner = schemas.flatMap((schema) => childSchemas(schema, segment, root.schema));
      const next = hintsAt(below.length > 0 ? below : [NO_PATTERN], inner, root);
      children.set(segment, next);
      return next;
    },
  };
}

function mergedHint(patterns: readonly PatternNode[]): FieldHint {
  return Object.assign({}, ...patterns.map(({ hint }) => hint)) as FieldHint;
}

/** Variants of a one-of may document different defaults for one key: then none is taken for granted. */
function agreedDefault(schemas: readonly JsonObject[]): Json | undefined {
  const defaults = schemas.flatMap((schema) => {
    const value = property(schema, "default");
    return value === undefined ? [] : [value];
  });
  const [first] = defaults;
  return defaults.every((other) => equal(first, other)) ? first : undefined;
}

function variantKey(schemas: readonly JsonObject[]): string | undefined {
  const names = schemas.map((schema) => property(property(schema, "discriminator"), "propertyName"));
  return names.find((name): name is string => typeof name === "string");
}

/** The schema itself and whatever it refers to or chooses between. */
function alternatives(schema: Json | undefined, root: JsonObject): readonly JsonObject[] {
  if (!isObject(schema)) return [];
  const reference = property(schema, "$ref");
  const chosen = ["anyOf", "oneOf", "allOf"].flatMap((keyword) => {
    const list = property(schema, keyword);
    return isList(list) ? list : [];
  });
  const target = typeof reference === "string" ? [definition(reference, root)] : [];
  const conditional = ["then", "else"].flatMap((keyword) => property(schema, keyword) ?? []);
  return [schema, ...[...target, ...chosen, ...conditional].flatMap((other) => alternatives(other, root))];
}

function definition(reference: string, root: JsonObject): Json | undefined {
  return segments(reference.replace(/^#/, "")).reduce<Json | undefined>(property, root);
}

function childSchemas(schema: JsonObject, segment: string, root: JsonObject): readonly JsonObject[] {
  const named = property(property(schema, "properties"), segment);
  const child = named ?? property(schema, "items") ?? property(schema, "additionalProperties");
  return alternatives(child, root);
}
