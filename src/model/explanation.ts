import type { Json } from "./json.ts";

/** What there is to know about one field, or about a kind. */
export interface Explanation {
  /** `Assistant.spec.tools[webhook].webhook.url`: `[]` is any entry of a list, `[x]` the shape named `x`. */
  readonly path: string;
  /** The shapes of a one-of in which the field exists, `type: webhook`; empty where it always does. */
  readonly when: readonly string[];
  /** For people: `list of text`. */
  readonly type: string;
  readonly description: string;
  readonly required: boolean;
  readonly deprecated: boolean;
  /** Bounds in words: `1 to 10000`. */
  readonly limits: readonly string[];
  /** What is assumed when the field is absent. */
  readonly default?: Json | undefined;
  /** The only values. */
  readonly allowed?: readonly Json[] | undefined;
  /** Values of a list that keeps growing: others pass with a warning. */
  readonly known?: readonly Json[] | undefined;
  /** The kinds of resources that may be referred to here. */
  readonly refersTo: readonly string[];
  /** Sentences: rules between fields, secrets, how values are compared. */
  readonly notes: readonly string[];
  readonly groups: readonly FieldGroup[];
  readonly example?: Example | undefined;
}

/** Fields that belong together: those of the value, of each entry, or of one shape of a one-of. */
export interface FieldGroup {
  readonly title: string;
  readonly description?: string | undefined;
  readonly fields: readonly FieldSummary[];
}

/** One field in a table. */
export interface FieldSummary {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  /** What fits behind the description: bounds, few values, the default. */
  readonly details: readonly string[];
}

/** A part of a manifest, from its top on, that is valid where it stands. */
export interface Example {
  readonly value: Json;
  readonly yaml: string;
}
