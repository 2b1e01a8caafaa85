import { hintAt, keyOf, type Fields } from "../../model/field-hints.ts";
import { equal, isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import { segments, type Pointer } from "../../model/pointer.ts";
import { isReference } from "../../model/resource.ts";

/** What a patch says of a `spec`. */
export interface SpecPatch {
  /** Merged into the spec; absent where nothing is. */
  readonly merged?: JsonObject;
  /** What a merge cannot express: a null, another order, a block in the place of a text. */
  readonly values: readonly PatchValue[];
}

export interface PatchValue {
  readonly path: readonly string[];
  readonly value: Json;
}

/** A value as a patch holds it; `undefined` where it is written elsewhere. `path` is that of before. */
export type Write = (path: readonly string[], before: Json | undefined, after: Json) => Json | undefined;

/** How the values of a patch are written. */
export interface PatchWriting {
  readonly fields: Fields;
  readonly write: Write;
  /** The value at a path of before as it is written, with its variables. */
  readonly written: (path: readonly string[]) => Json | undefined;
}

/** The patch that turns one spec into another. */
export function patchOf(before: JsonObject, after: JsonObject, writing: PatchWriting): SpecPatch {
  const values: PatchValue[] = [];
  const merged = members({ before, after }, [], {
    ...writing,
    put: (path, value) => void values.push({ path, value }),
  });
  return Object.keys(merged).length > 0 ? { merged, values } : { values };
}

interface Writing extends PatchWriting {
  readonly put: (path: readonly string[], value: Json) => void;
}

interface Pair<T> {
  readonly before: T;
  readonly after: T;
}

function members({ before, after }: Pair<JsonObject>, path: readonly string[], writing: Writing): JsonObject {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const found = [...keys].flatMap((key) => {
    const value = difference(
      { before: property(before, key), after: property(after, key) },
      [...path, key],
      writing,
    );
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(found);
}

function difference(
  { before, after }: Pair<Json | undefined>,
  path: readonly string[],
  writing: Writing,
): Json | undefined {
  if (after === undefined) return before === undefined ? undefined : null;
  if (before !== undefined && equal(before, after)) return undefined;
  if (isBlock(before) && isBlock(after)) {
    const inner = members({ before, after }, path, writing);
    return Object.keys(inner).length === 0 ? undefined : inner;
  }
  if (isList(before) && isList(after)) {
    const { keyedBy } = hintAt(writing.fields, path);
    if (keyedBy !== undefined) return elements({ before, after }, path, keyedBy, writing);
  }
  const value = writing.write(path, before, after);
  const isMergeable = !isObject(after) || before === undefined || (isReference(before) && isReference(after));
  if (value === undefined || (isMergeable && !hasNull(value))) return value;
  writing.put(path, value);
  return undefined;
}

function isBlock(value: Json | undefined): value is JsonObject {
  return isObject(value) && !isReference(value);
}

function hasNull(value: Json): boolean {
  if (value === null) return true;
  return (isList(value) ? value : isObject(value) ? Object.values(value) : []).some(hasNull);
}

/** Elements by their keys; the whole list where its order changes, or where keys do not tell elements apart. */
function elements(
  { before, after }: Pair<readonly Json[]>,
  path: readonly string[],
  keyedBy: readonly Pointer[],
  writing: Writing,
): Json | undefined {
  const [old, next] = [keysOf(before, keyedBy), keysOf(after, keyedBy)];
  const merged = mergedKeys(old, next);
  if (old === undefined || next === undefined || !equal(merged, next)) return whole(after, path, writing);
  const inner: PatchValue[] = [];
  const put = (at: readonly string[], value: Json) => void inner.push({ path: at, value });
  const kept = old.flatMap((key, index): readonly Json[] => {
    const item = before[index];
    const named = writtenKey(item, [...path, String(index)], keyedBy, writing);
    const other = after[next.indexOf(key)];
    if (other === undefined) return [{ ...named, $patch: "delete" }];
    const change = difference({ before: item, after: other }, [...path, String(index)], { ...writing, put });
    return change === undefined ? [] : [isBlock(change) ? withMembers(named, change) : change];
  });
  const added = next.flatMap((key, index) => {
    const item = after[index];
    const value = old.includes(key) || item === undefined ? undefined : writing.write(path, undefined, item);
    return value === undefined ? [] : [value];
  });
  if (inner.length > 0 || [...kept, ...added].some((item) => !isBlock(item)) || added.some(hasNull))
    return whole(after, path, writing);
  return kept.length + added.length === 0 ? undefined : [...kept, ...added];
}

function whole(list: readonly Json[], path: readonly string[], { write, put }: Writing): undefined {
  const value = write(path, undefined, list);
  if (value !== undefined) put(path, value);
  return undefined;
}

/** Lists are merged before variables are filled in: what names an element is written as the manifest has it. */
function writtenKey(
  element: Json | undefined,
  path: readonly string[],
  keyedBy: readonly Pointer[],
  { written }: Writing,
): JsonObject {
  const part = keyPart(written(path), keyedBy);
  return keyOf(part, keyedBy) === undefined ? keyPart(element, keyedBy) : part;
}

/** `undefined` where two elements have one key, or one has none. */
function keysOf(list: readonly Json[], keyedBy: readonly Pointer[]): readonly string[] | undefined {
  const keys = list.flatMap((item) => {
    const key = keyOf(item, keyedBy);
    return key !== undefined && keyOf(keyPart(item, keyedBy), keyedBy) === key ? [key] : [];
  });
  return keys.length === list.length && new Set(keys).size === keys.length ? keys : undefined;
}

/** The order of a merged list: what stays, then what is new. */
function mergedKeys(old: readonly string[] = [], next: readonly string[] = []): readonly string[] {
  return [...old.filter((key) => next.includes(key)), ...next.filter((key) => !old.includes(key))];
}

/** The part of an element that is its key. */
export function keyPart(element: Json | undefined, keyedBy: readonly Pointer[]): JsonObject {
  return keyedBy.reduce<JsonObject>((part, pointer) => {
    const path = segments(pointer).map((segment) => {
      const field = /^\{(.+)\}$/.exec(segment)?.[1];
      return field === undefined ? segment : property(element, field);
    });
    return path.every((segment) => typeof segment === "string") ? withCopy(part, element, path) : part;
  }, {});
}

function withCopy(
  part: JsonObject,
  element: Json | undefined,
  [segment, ...rest]: readonly string[],
): JsonObject {
  const value = segment === undefined ? undefined : property(element, segment);
  if (segment === undefined || value === undefined) return part;
  if (rest.length === 0) return { ...part, [segment]: value };
  const inner = property(part, segment);
  return { ...part, [segment]: withCopy(isObject(inner) ? inner : {}, value, rest) };
}

function withMembers(one: JsonObject, other: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const old = result[key];
    result[key] = isBlock(old) && isBlock(value) ? withMembers(old, value) : value;
  }
  return result;
}
