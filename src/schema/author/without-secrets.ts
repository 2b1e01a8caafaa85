import { valueIn } from "../../model/at-path.ts";
import { keyOf } from "../../model/field-hints.ts";
import {
  isList,
  isObject,
  mapItems,
  mapMembers,
  membersOf,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { pointer, segments, type Pointer } from "../../model/pointer.ts";
import { below, hintFor, topOf, requiredAt, type SpecPlace } from "./spec-place.ts";
import { unwritable, type Unwritable } from "./unwritable.ts";

/** A value that a new manifest does not hold. */
export interface LeftOut {
  /** Where it stands. */
  readonly pointer: Pointer;
  /** What is not declared, so that it keeps its live value: the value, or what is around it. Empty: the whole object. */
  readonly undeclared: Pointer;
  /** As the end of a sentence: `it looks like a Telnyx API key`. */
  readonly why: string;
  /** What to do. */
  readonly hint: string;
}

export interface Writable {
  readonly spec: JsonObject;
  readonly left: readonly LeftOut[];
}

/**
 * A live spec without what a manifest must not or cannot hold: secrets, their masks, and texts that no file can have.
 * Undeclared is the smallest block around each that may be absent and then keeps its live value.
 */
export function withoutSecrets(spec: JsonObject, kind: Kind): Writable {
  return leaveOut(spec, kind, problemsIn(spec, topOf(kind, spec), undefined));
}

/** A spec without the values of these problems, and without what cannot be declared without them. */
export function leaveOut(spec: JsonObject, kind: Kind, problems: readonly Problem[]): Writable {
  const left = problems.map(({ path, why, hint }): LeftOut => {
    const undeclared = pathWithout(spec, kind, path);
    return { pointer: pointer(path), undeclared: pointer(undeclared), why, hint };
  });
  if (left.length === 0) return { spec, left };
  const gone = new Set(left.map(({ undeclared }) => undeclared));
  const rest = gone.has("") ? {} : without(spec, [], gone);
  return { spec: membersOf(rest), left };
}

/** A value that cannot be written, and where it stands. */
export interface Problem extends Unwritable {
  readonly path: readonly string[];
}

function problemsIn(value: Json, place: SpecPlace, element: string | undefined): readonly Problem[] {
  const { path } = place;
  const problem = unwritable(value, place, { name: nameIn(path), element });
  if (problem !== undefined) return [{ path, ...problem }];
  if (isList(value)) {
    const { keyedBy = [] } = hintFor(place);
    return value.flatMap((item, index) =>
      problemsIn(item, below(place, String(index), item), keyOf(item, keyedBy)),
    );
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    problemsIn(member, below(place, key, member), element),
  );
}

/** The last name on a path, not the position of an element. */
function nameIn(path: readonly string[]): string {
  return path.findLast((segment) => !/^\d+$/.test(segment)) ?? "";
}

function pathWithout(spec: JsonObject, kind: Kind, path: readonly string[]): readonly string[] {
  let here = path;
  while (here.length > 0 && !isRemovable(spec, kind, here)) here = here.slice(0, -1);
  // A block that is empty now is left out.
  while (here.length > 1 && isAlone(spec, here) && isRemovable(spec, kind, here.slice(0, -1)))
    here = here.slice(0, -1);
  return here;
}

function isAlone(spec: JsonObject, path: readonly string[]): boolean {
  const around = valueIn(spec, path.slice(0, -1));
  return isObject(around) && Object.keys(around).length === 1;
}

function without(value: Json, path: readonly string[], gone: ReadonlySet<Pointer>): Json {
  if (isList(value)) return mapItems(value, (item, index) => without(item, [...path, String(index)], gone));
  if (!isObject(value)) return value;
  return mapMembers(value, (member, key) => {
    const below = [...path, key];
    return gone.has(pointer(below)) ? undefined : without(member, below, gone);
  });
}

/** Whether a manifest may leave out the value at a path so that it keeps its live value. */
function isRemovable(spec: JsonObject, kind: Kind, path: readonly string[]): boolean {
  const key = path.at(-1) ?? "";
  const around = valueIn(spec, path.slice(0, -1));
  // A declared list is complete.
  if (!isObject(around)) return false;
  // Without a remote name, a manifest has that of its address.
  if (pointer(path) === kind.identity.name) return false;
  let place = topOf(kind, spec);
  let value: Json = spec;
  for (const segment of path.slice(0, -1)) {
    if (!keepsRest(place, value, segment, path)) return false;
    value = valueIn(value, [segment]) ?? null;
    place = below(place, segment, value);
  }
  return hintFor(place).whole !== true && !requiredAt(place).has(key);
}

/** The value can be declared in part: what is absent further down the path is not changed. */
function keepsRest(place: SpecPlace, value: Json, segment: string, path: readonly string[]): boolean {
  const { whole, keyedBy } = hintFor(place);
  if (whole === true) return false;
  if (!isList(value)) return true;
  if (keyedBy === undefined) return false;
  const keys = value.map((item) => keyOf(item, keyedBy));
  const own = keys[Number(segment)];
  const isSingle = own !== undefined && keys.filter((key) => key === own).length === 1;
  return isSingle && !holdsKey(value[Number(segment)] ?? null, keyedBy, path.slice(place.path.length + 1));
}

/** The value at a path in an element is a part of what the element is known by. */
function holdsKey(element: Json, keyedBy: readonly string[], path: readonly string[]): boolean {
  return keyedBy.some((one) => {
    const way = segments(one).map((segment) => {
      const named = /^\{(.+)\}$/.exec(segment)?.[1];
      return named === undefined ? segment : String(valueIn(element, [named]) ?? "");
    });
    return path.every((segment, index) => way[index] === segment);
  });
}
