import { holdsSchema, schemasAt } from "../../model/json-schema.ts";
import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";

const NUMBERS: ReadonlySet<string> = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
]);

/**
 * The types that the JSON Schema around a value asks for: numbers for `minimum` and the like, the `type` beside
 * `default`, `const`, `enum` and `examples`. Empty where it asks for none, and outside of such schemas.
 */
export function typesAskedFor(schema: JsonObject, spec: Json, path: readonly string[]): readonly string[] {
  if (!path.some((_, depth) => holdsSchema(schemasAt(schema, spec, path.slice(0, depth))))) return [];
  const key = path.at(-1) ?? "";
  if (NUMBERS.has(key)) return ["number"];
  if (key === "default" || key === "const") return typesOf(valueAt(spec, path.slice(0, -1)));
  const list = path.at(-2);
  return list === "enum" || list === "examples" ? typesOf(valueAt(spec, path.slice(0, -2))) : [];
}

function typesOf(schema: Json | undefined): readonly string[] {
  const type = isObject(schema) ? schema["type"] : undefined;
  return [isList(type) ? type : (type ?? [])].flat().filter((one) => typeof one === "string");
}

function valueAt(value: Json, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (here, segment) => (isList(here) ? here[Number(segment)] : property(here, segment)),
    value,
  );
}
