import { valueIn } from "../../../model/at-path.ts";
import type { Json, JsonObject } from "../../../model/json.ts";
import type { FieldHint } from "../../../model/kind.ts";
import { hintAt } from "../../../model/field-hints.ts";
import { firstKey, keyPlace, nodeAt, type Node } from "../../../model/node.ts";
import { isSensitive, schemasAt } from "../../../model/json-schema.ts";
import { labelled, shown } from "../../diagnostics/shown.ts";
import type { Place } from "../../../model/source.ts";

/** What was validated. */
export interface Subject {
  readonly node: Node;
  readonly value: Json;
  readonly schema: JsonObject;
  /** How the value is called: `Assistant.spec`. */
  readonly label: string;
  readonly fields?: Readonly<Record<string, FieldHint>>;
}

/** One error of a validator, about the value at a path. */
export interface Context extends Subject {
  readonly path: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
}

export function valueAt({ value, path }: Context): Json {
  return valueIn(value, path) ?? null;
}

/** What the schemas say about the value. */
export function schemasOf({ schema, value, path }: Context): readonly JsonObject[] {
  return schemasAt(schema, value, path);
}

/** The value for a message; a secret in clear is not repeated. */
export function described(context: Context, found: Json): string {
  return isSecret(context) ? "another value" : shown(found);
}

export function isSecret(context: Context): boolean {
  return isSensitive(schemasOf(context)) || hintAt(context.fields ?? {}, context.path).sensitive === true;
}

export function labelOf({ label, path }: Context): string {
  return labelled(label, path);
}

/** The key under which the value stands. */
export function placeOfKey({ node, path }: Context): Place {
  return keyPlace(node, path);
}

/** The value itself where it is a text or a number, else its key. */
export function placeOfValue(context: Context): Place {
  const found = nodeAt(context.node, context.path);
  return found?.type === "scalar" && found.end > found.start ? found : placeOfKey(context);
}

/** Where something is missing in a mapping: the key of the mapping, or its first key where it has none of its own. */
export function placeOfMapping(context: Context): Place {
  const key = placeOfKey(context);
  const found = nodeAt(context.node, context.path);
  const itself = found !== undefined && key.start === found.start && key.source === found.source;
  return itself ? firstKey(found) : key;
}
