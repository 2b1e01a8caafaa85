import type { Json } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { nameKey } from "../../model/name.ts";
import { segments } from "../../model/pointer.ts";
import { valueAt } from "../compare/difference.ts";

/** The remote name of an object, as names are compared. */
export function nameOf(kind: Kind, spec: Json): Json | undefined {
  const path = namePath(kind);
  const name = path === undefined ? undefined : valueAt(spec, path);
  return typeof name === "string" ? nameKey(name) : name;
}

const namePaths = new WeakMap<Kind, readonly string[]>();

/** Where the name stands, taken apart once. */
function namePath(kind: Kind): readonly string[] | undefined {
  const { name } = kind.identity;
  if (name === undefined) return undefined;
  const path = namePaths.get(kind) ?? segments(name);
  namePaths.set(kind, path);
  return path;
}
