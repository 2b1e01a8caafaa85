import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import { listAt, strings } from "../../model/json-schema.ts";

/** The fields that those which are there demand beside them, and one of those of which one must be there. */
export function demandedBy(schema: JsonObject, value: JsonObject): readonly string[] {
  const dependencies = Object.entries(isObject(schema["dependencies"]) ? schema["dependencies"] : {});
  const demanded = [
    ...dependencies.flatMap(([name, list]) => (Object.hasOwn(value, name) ? strings(list) : [])),
    ...strings(conditional(schema, value)?.["required"]),
  ];
  const exclusive = listAt(schema, "oneOf").flatMap((branch) => strings(property(branch, "required")));
  const isThere = (name: string) => Object.hasOwn(value, name) || demanded.includes(name);
  return exclusive.some(isThere) ? demanded : [...demanded, ...exclusive.slice(0, 1)];
}

/** A list with as many entries as the other fields demand. */
export function longEnough(value: Json, name: string, schema: JsonObject, whole: JsonObject): Json {
  const least = property(property(conditional(schema, whole)?.["properties"], name), "minItems");
  if (!isList(value) || typeof least !== "number" || value.length === 0) return value;
  return [...value, ...Array.from({ length: Math.max(0, least - value.length) }, () => value[0] ?? null)];
}

/** `then` or `else`, whichever speaks about the value. */
function conditional(schema: JsonObject, value: JsonObject): JsonObject | undefined {
  const condition = schema["if"];
  if (!isObject(condition)) return undefined;
  const branch = schema[holds(condition, value) ? "then" : "else"];
  return isObject(branch) ? branch : undefined;
}

/** As much of JSON Schema as conditions use. */
function holds({ not, required, properties }: JsonObject, value: JsonObject): boolean {
  if (isObject(not) && holds(not, value)) return false;
  if (!strings(required).every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(isObject(properties) ? properties : {}).every(([name, sub]) => {
    const constant = property(sub, "const");
    return !Object.hasOwn(value, name) || constant === undefined || value[name] === constant;
  });
}
