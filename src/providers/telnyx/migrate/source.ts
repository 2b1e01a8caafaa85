import { valueIn } from "../../../model/at-path.ts";
import { isList, isObject, type Json, type JsonObject } from "../../../model/json.ts";
import { pointer, segments, type Pointer } from "../../../model/pointer.ts";

/** A part of a file of another provider; `used` are the places in the file whose values have found a place of their own. */
export interface Source {
  /** The name of the file. */
  readonly file: string;
  /** The whole file. */
  readonly root: Json;
  /** Where in it the part stands. */
  readonly path: readonly string[];
  readonly used: Set<Pointer>;
}

export function sourceOf(file: string, root: Json): Source {
  return { file, root, path: [], used: new Set() };
}

export function inside(source: Source, at: Pointer): Source {
  return { ...source, path: [...source.path, ...segments(at)] };
}

/** The elements of a list. */
export function elements(source: Source, at: Pointer): readonly Source[] {
  const list = valueAt(source, at);
  return isList(list) ? list.map((_, index) => inside(source, `${at}/${index}`)) : [];
}

/** The value at a place, which stays unused; nulls are absent. */
export function valueAt({ root, path }: Source, at: Pointer = ""): Json | undefined {
  return valueIn(root, [...path, ...segments(at)]) ?? undefined;
}

export function textAt(source: Source, at: Pointer): string | undefined {
  const value = valueAt(source, at);
  return typeof value === "string" ? value : undefined;
}

/** Says that the values, with all that is in them, have found their places. */
export function use({ path, used }: Source, ...places: readonly Pointer[]): void {
  for (const at of places) used.add(pointer([...path, ...segments(at)]));
}

/** The text at a place, used. */
export function takeText(source: Source, at: Pointer): string | undefined {
  const text = textAt(source, at);
  if (text !== undefined) use(source, at);
  return text;
}

/** What has found no place: each as high up as nothing in it has. Values that say nothing are left out. */
export function leftovers(source: Source): readonly Pointer[] {
  const { path, used } = source;
  const value = valueAt(source) ?? null;
  return isObject(value) && !used.has(pointer(path))
    ? unusedMembers(value, path, used)
    : unusedIn(value, path, used);
}

function unusedIn(value: Json, path: readonly string[], used: ReadonlySet<Pointer>): readonly Pointer[] {
  const here = pointer(path);
  if (used.has(here) || saysNothing(value)) return [];
  const isTouched = [...used].some((one) => one.startsWith(`${here}/`));
  if (!isTouched || typeof value !== "object") return [here];
  return unusedMembers(value ?? {}, path, used);
}

function unusedMembers(
  value: JsonObject | readonly Json[],
  path: readonly string[],
  used: ReadonlySet<Pointer>,
): readonly Pointer[] {
  return Object.entries(value).flatMap(([key, member]: [string, Json]) =>
    unusedIn(member, [...path, key], used),
  );
}

function saysNothing(value: Json): boolean {
  if (value === null || value === "") return true;
  if (isList(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(saysNothing);
}
