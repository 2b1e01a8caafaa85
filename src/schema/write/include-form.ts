import { posix } from "node:path";
import { isObject, property, type Json } from "../../model/json.ts";

/** `{ file: … }`, with nothing but `vars` beside it: where a text may stand, it names a file. */
export function looksLikeFile(value: Json): boolean {
  if (!isObject(value) || typeof property(value, "file") !== "string") return false;
  return Object.keys(value).every((key) => key === "file" || key === "vars");
}

/** The file that `{ file: … }` names, from the root of the project; `manifest` is the file in which it stands. */
export function includedPath(include: Json, manifest: string): string {
  return posix.join(posix.dirname(manifest), String(property(include, "file")));
}
