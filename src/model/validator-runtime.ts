import type { SchemaError } from "./validator.ts";

// What the generated validators call.

export function isMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Adds one error, in place where there are some already. */
export function more(
  errors: SchemaError[] | null,
  ...[instancePath, keyword, params, propertyName]: readonly [
    SchemaError["instancePath"],
    SchemaError["keyword"],
    SchemaError["params"],
    SchemaError["propertyName"]?,
  ]
): SchemaError[] {
  const error = { instancePath, keyword, params, propertyName };
  if (errors === null) return [error];
  errors.push(error);
  return errors;
}

export function all(errors: SchemaError[] | null, others: SchemaError[]): SchemaError[] {
  if (errors === null) return others;
  for (const error of others) errors.push(error);
  return errors;
}

export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
