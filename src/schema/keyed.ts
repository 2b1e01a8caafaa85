import { isObject, property, type Json } from "../model/json.ts";
import type { FieldHint } from "../model/kind.ts";
import { segments, type Pointer } from "../model/pointer.ts";

/** The hint for the value at a path, patterns with `*` included. */
export function hintAt(
  fields: Readonly<Record<string, FieldHint>>,
  path: readonly string[],
): FieldHint | undefined {
  for (const [pattern, hint] of Object.entries(fields)) {
    const wanted = segments(pattern);
    if (wanted.length === path.length && wanted.every((segment, i) => segment === "*" || segment === path[i]))
      return hint;
  }
  return undefined;
}

/** What an element of a keyed list is known by, or `undefined` when it has none of the values. */
export function keyOf(element: Json, keyedBy: readonly Pointer[]): string | undefined {
  const parts = keyedBy.flatMap((pointer) => {
    let here: Json | undefined = element;
    for (const segment of segments(pointer)) {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      const key = name === undefined ? segment : property(element, name);
      here = typeof key === "string" ? property(here, key) : undefined;
    }
    return here === undefined ? [] : [keyText(here)];
  });
  return parts.length === 0 ? undefined : parts.join(":");
}

function keyText(value: Json): string {
  if (isObject(value) && typeof value["ref"] === "string") return value["ref"];
  return typeof value === "object" ? "" : String(value);
}
