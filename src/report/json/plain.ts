import type { Json, JsonObject } from "../../model/json.ts";

/**
 * Model data as JSON: interfaces have no index signature, although all that they hold is JSON. Members that are
 * `undefined` are left out.
 */
export function plain(data: object): JsonObject {
  const members = Object.entries(data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === "object" && value !== null) return plain(value);
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "bigint" || typeof value === "string") return value;
  throw new TypeError(`not JSON: ${typeof value}`);
}
