import type { Json } from "../../../../model/json.ts";

/**
 * What the API accepts at one place of a request body. The tables in this folder are written from the API's
 * description only, separately from the schemas of the kinds, so that a test can find differences.
 */
export type Shape = Marks &
  (
    | {
        readonly is: "text";
        readonly min?: number;
        readonly max?: number;
        readonly among?: readonly string[];
        readonly pattern?: RegExp;
        readonly format?: "date-time";
      }
    | {
        readonly is: "integer" | "number";
        readonly min?: number;
        readonly max?: number;
        readonly step?: number;
      }
    | { readonly is: "flag" | "free" | "any" }
    | { readonly is: "map"; readonly of: Shape }
    | { readonly is: "list"; readonly of: Shape; readonly min?: number; readonly unique?: true }
    | { readonly is: "record"; readonly fields: Fields; readonly others: "drop" | "keep" | "forbid" }
    | { readonly is: "either"; readonly of: readonly Shape[] }
    | {
        readonly is: "tagged";
        readonly variants: Readonly<Record<string, Shape>>;
        readonly untagged?: string;
        /** What is accepted of a variant that is not in the table. */
        readonly unknown?: Shape;
      }
    | { readonly is: "later"; readonly of: () => Shape }
  );

export type Fields = Readonly<Record<string, Shape>>;

interface Marks {
  readonly required?: true;
  readonly nullable?: true;
  /** The default that the server stores if the key is missing. */
  readonly fill?: Json;
}

export const flag: Shape = { is: "flag" };
/** Any value, stored unchanged. */
export const any: Shape = { is: "any" };
/** Any object, stored unchanged. */
export const free: Shape = { is: "free" };

export function text(bounds: { min?: number; max?: number; pattern?: RegExp } = {}): Shape {
  return { is: "text", ...bounds };
}

/** A time in ISO 8601. */
export const dateTime: Shape = { is: "text", format: "date-time" };

/** An object with any keys and one shape of values. */
export function map(of: Shape): Shape {
  return { is: "map", of };
}

export function among(...values: readonly string[]): Shape {
  return { is: "text", among: values };
}

export function integer(min?: number, max?: number): Shape {
  return { is: "integer", ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

export function number(min?: number, max?: number, step?: number): Shape {
  return {
    is: "number",
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(step !== undefined && { step }),
  };
}

export function list(of: Shape, bounds: { min?: number; unique?: true } = {}): Shape {
  return { is: "list", of, ...bounds };
}

export function record(fields: Fields, others: "drop" | "keep" | "forbid" = "drop"): Shape {
  return { is: "record", fields, others };
}

export function either(...of: readonly Shape[]): Shape {
  return { is: "either", of };
}

/** Variants selected by the key `type`; `untagged` is the variant without the key. */
export function tagged(variants: Readonly<Record<string, Shape>>, untagged?: string): Shape {
  return { is: "tagged", variants, ...(untagged !== undefined && { untagged }) };
}

export function later(of: () => Shape): Shape {
  return { is: "later", of };
}

export function need(shape: Shape): Shape {
  return { ...shape, required: true };
}

export function orNull(shape: Shape): Shape {
  return { ...shape, nullable: true };
}

export function fill(shape: Shape, value: Json): Shape {
  return { ...shape, fill: value };
}

/** The same record without required keys and without defaults at the top level: the body of a partial update. */
export function partial(shape: Shape): Shape {
  if (shape.is !== "record") return shape;
  const fields = Object.entries(shape.fields).map(([key, field]) => {
    const { required: _required, fill: _fill, ...rest } = field;
    return [key, rest as Shape] as const;
  });
  return { ...shape, fields: Object.fromEntries(fields) };
}
