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

/** Deep equality of values; the order of object keys does not count. Allocates next to nothing: it runs over all that is live. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a)) return isList(b) && equalLists(a, b);
  return isObject(a) && isObject(b) && equalObjects(a, b);
}

function equalLists(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (!equal(a[index], b[index])) return false;
  return true;
}

function equalObjects(a: JsonObject, b: JsonObject): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) if (!Object.hasOwn(b, key) || !equal(a[key], b[key])) return false;
  return true;
}

/** The object with each member changed, without those for which there is nothing; where none changes it stays the same. */
export function mapMembers(
  object: JsonObject,
  change: (member: Json, key: string) => Json | undefined,
): JsonObject {
  const keys = Object.keys(object);
  let changed: Record<string, Json> | undefined;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as string;
    const member = object[key] as Json;
    const next = change(member, key);
    if (changed === undefined && next === member) continue;
    changed ??= firstMembers(object, keys, at);
    if (next !== undefined) define(changed, key, next);
  }
  return changed ?? object;
}

/** The list with each element changed; where none changes it stays the same. */
export function mapItems(list: readonly Json[], change: (item: Json, index: number) => Json): readonly Json[] {
  let changed: Json[] | undefined;
  for (let at = 0; at < list.length; at += 1) {
    const item = list[at] as Json;
    const next = change(item, at);
    if (changed === undefined && next !== item) changed = list.slice(0, at);
    changed?.push(next);
  }
  return changed ?? list;
}

function firstMembers(object: JsonObject, keys: readonly string[], count: number): Record<string, Json> {
  const first: Record<string, Json> = {};
  for (let at = 0; at < count; at += 1) define(first, keys[at] as string, object[keys[at] as string] as Json);
  return first;
}

/** A key named `__proto__` is a key like others. */
function define(object: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/**
 * The value with the keys of its objects, at every depth, in code unit order: the form that is hashed and saved. What
 * is in order already stays the same value.
 */
export function sorted(value: Json): Json {
  if (isList(value)) return mapItems(value, (item) => sorted(item));
  if (!isObject(value)) return value;
  const inner = mapMembers(value, (member) => sorted(member));
  const keys = Object.keys(inner);
  if (keys.every((_, index) => isInOrder(keys, index))) return inner;
  return Object.fromEntries(keys.sort().map((key) => [key, inner[key] as Json]));
}

function isInOrder(keys: readonly string[], index: number): boolean {
  return index === 0 || (keys[index - 1] ?? "") < (keys[index] ?? "");
}

/** JSON text with integers of any size written as digits; members that are `undefined` are left out, as in all JSON. `indent` is the number of spaces a level. */
export function stringify(value: Json, indent = 0): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    // What the JSON of the language cannot write: integers as `bigint`.
    if (error instanceof TypeError) return write(value, indent, "");
    throw error;
  }
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

/** The members of an object; any other value has none. */
export function membersOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The elements of a list; any other value has none. */
export function itemsOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** The elements that are objects. */
export function objectsIn(value: Json | undefined): readonly JsonObject[] {
  return itemsOf(value).filter(isObject);
}

/** The elements that are strings. */
export function stringsIn(value: Json | undefined): readonly string[] {
  return itemsOf(value).filter((item) => typeof item === "string");
}

export function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}

export function omit(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
