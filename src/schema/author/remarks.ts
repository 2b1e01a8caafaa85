import { isReference } from "../../model/resource.ts";
import type { JsonObject } from "../../model/json.ts";
import { pointer, segments, type Pointer } from "../../model/pointer.ts";
import { valueIn } from "./spec-place.ts";

/** Comments by the places at which there is something: where they are about, or around that. */
export type Remarks = ReadonlyMap<Pointer, string>;

export function remarksIn(spec: JsonObject, remarks: Remarks): Remarks {
  const placed = new Map<Pointer, string>();
  for (const [at, text] of remarks) {
    const path = segments(at);
    const depth = path.findIndex((_, index) => !isRoom(spec, path.slice(0, index + 1)));
    const there = pointer(depth < 0 ? path : path.slice(0, depth));
    const known = placed.get(there);
    placed.set(there, known === undefined ? text : `${known}\n${text}`);
  }
  return placed;
}

/** There is a value, and not one inside of a reference, which stands on one line. */
function isRoom(spec: JsonObject, path: readonly string[]): boolean {
  return valueIn(spec, path) !== undefined && !isReference(valueIn(spec, path.slice(0, -1)));
}

/** The comment at a place, as the lines of a document have it behind the `#`. */
export function commentAt(remarks: Remarks, path: readonly string[]): string | undefined {
  if (remarks.size === 0) return undefined;
  return remarks
    .get(pointer(path))
    ?.split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => ` ${line.replaceAll(/[^\P{C}\u200D]/gu, "\uFFFD")}`.trimEnd())
    .join("\n");
}
