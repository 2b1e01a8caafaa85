import type {
  ChoiceSchema,
  KnownSchema,
  ListOrTemplateSchema,
  ListSchema,
  ObjectSchema,
  OpenVariantsSchema,
  TagSchema,
  VariantsSchema,
} from "../../src/providers/telnyx/objects/schema-types.ts";

/**
 * The fields of a type and of a schema, as unions of the same texts, so that the compiler can compare them:
 * `.voice_settings.voice`, `.tools[].webhook.method` and, for each value of a list of values, `.tools[].type=webhook`.
 */

/** The names that are spelled out, without those of an index signature. */
type Named<T> = keyof {
  [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K];
};

type Below<P extends string, T> = `${P}${PathsOf<T>}`;

/** Distributes over unions: the paths of a union are those of all its members. */
export type PathsOf<T> = T extends readonly (infer I)[]
  ? Below<"[]", I>
  : T extends string
    ? string extends T
      ? ""
      : "" | `=${T}`
    : T extends object
      ? "" | { [K in Named<T> & string]: Below<`.${K}`, NonNullable<T[K & keyof T]>> }[Named<T> & string]
      : "";

/** The same paths, read off a schema as the builders type it. */
type FieldsOf<S> =
  S extends ListSchema<infer I>
    ? `[]${FieldsOf<I>}` | (S extends ListOrTemplateSchema ? "" : never)
    : S extends OpenVariantsSchema<infer B>
      ? FieldsOf<B[number]>
      : S extends VariantsSchema<infer B>
        ? FieldsOf<B[number]>
        : S extends ObjectSchema<infer P>
          ? "" | { [K in keyof P & string]: `.${K}${FieldsOf<P[K]>}` }[keyof P & string]
          : "" | `=${ValuesOf<S>}`;

type ValuesOf<S> =
  S extends ChoiceSchema<infer V>
    ? V
    : S extends KnownSchema<infer V>
      ? V
      : S extends TagSchema<infer V>
        ? V
        : never;

/** A reason for each of the paths, and for no other: what is missing or too much does not compile. */
type Reasons<Path extends string> = [Path] extends [never] ? Record<string, never> : Record<Path, string>;

/** The fields of the SDK's type that the schema does not have. */
export type Lacks<Schema, Sdk extends string> = Reasons<Exclude<Sdk, FieldsOf<Schema>>>;

/** The fields of the schema that the SDK's type does not have. */
export type Adds<Schema, Sdk extends string> = Reasons<Exclude<FieldsOf<Schema>, Sdk>>;
