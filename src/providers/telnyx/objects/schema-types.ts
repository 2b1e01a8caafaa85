import type { JsonObject } from "../../../model/json.ts";

/**
 * The schemas as the compiler sees them. Each is JSON; the type keeps the names of fields and the values of lists, so
 * that they can be held against the types of the official SDK.
 */

/** The fields of an object by name. */
export type Properties = Readonly<Record<string, JsonObject>>;

export interface ObjectSchema<P extends Properties = Properties> extends JsonObject {
  readonly type: "object" | readonly ["object", "null"];
  readonly properties: P;
}

export interface ListSchema<I extends JsonObject = JsonObject> extends JsonObject {
  readonly items: I;
}

export interface ListOrTemplateSchema<I extends JsonObject = JsonObject> extends ListSchema<I> {
  readonly type: readonly string[];
}

/** One of several shapes, told apart by the value of `type`. */
export interface VariantsSchema<
  B extends readonly ObjectSchema[] = readonly ObjectSchema[],
> extends JsonObject {
  readonly oneOf: B;
}

/** As `VariantsSchema`, but a value of `type` that is not known here is let through. */
export interface OpenVariantsSchema<
  B extends readonly ObjectSchema[] = readonly ObjectSchema[],
> extends JsonObject {
  readonly then: VariantsSchema<B>;
}

export interface ChoiceSchema<V extends string = string> extends JsonObject {
  readonly enum: readonly (V | null)[];
}

export interface KnownSchema<V extends string = string> extends JsonObject {
  readonly "x-known-values": readonly V[];
}

export interface TagSchema<V extends string = string> extends JsonObject {
  readonly const: V;
}

/** `if`, `then`, `else`. */
export interface ConditionalSchema<T extends JsonObject> extends JsonObject {
  readonly then: T;
}
