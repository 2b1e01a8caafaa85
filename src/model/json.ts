/**
 * JSON as Rollcall holds it. Integers outside the safe range of a double are `bigint`, so that a value read from
 * the API is written back digit for digit.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Own properties only: a manifest may well have a key named `constructor`. */
export function property(object: Json | undefined, key: string): Json | undefined {
  return isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Deep equality of values; the order of object keys does not count. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => equal(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
  );
}

/**
 * The value with the keys of its objects, at every depth, in code unit order: the form that is hashed and saved. What
 * is in order already stays the same value.
 */
export function sorted(value: Json): Json {
  if (isList(value)) {
    const items = value.map(sorted);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const members = keys.map((key) => [key, sorted(value[key] as Json)] as const);
  const isSame = members.every(([key, member], index) => member === value[key] && isInOrder(keys, index));
  return isSame ? value : Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function isInOrder(keys: readonly string[], index: number): boolean {
  return index === 0 || (keys[index - 1] ?? "") < (keys[index] ?? "");
}

/** JSON text with integers of any size written as digits; members that are `undefined` are left out, as in all JSON. `indent` is the number of spaces a level. */
export function stringify(value: Json, indent = 0): string {
  return holdsBigInt(value) ? write(value, indent, "") : JSON.stringify(value, null, indent);
}

/** What the JSON of the language cannot write. */
function holdsBigInt(value: Json): boolean {
  if (isList(value)) return value.some(holdsBigInt);
  return isObject(value) ? Object.values(value).some(holdsBigInt) : typeof value === "bigint";
}

function write(value: Json, indent: number, margin: string): string {
  if (typeof value === "bigint") return value.toString();
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = margin + " ".repeat(indent);
  const parts = isList(value)
    ? value.map((item) => write(item, indent, inner))
    : Object.entries(value as Readonly<Record<string, Json | undefined>>).flatMap(([key, item]) =>
        item === undefined
          ? []
          : `${JSON.stringify(key)}:${indent > 0 ? " " : ""}${write(item, indent, inner)}`,
      );
  const [open, close] = isList(value) ? "[]" : "{}";
  if (parts.length === 0) return `${open}${close}`;
  return indent > 0
    ? `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${margin}${close}`
    : `${open}${parts.join(",")}${close}`;
}
