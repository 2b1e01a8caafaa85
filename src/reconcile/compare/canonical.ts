import { compareTexts } from "../../model/compare-texts.ts";
import { elementText, keyOf } from "../../model/field-hints.ts";
import {
  equal,
  isList,
  isObject,
  mapMembers,
  membersOf,
  sorted,
  stringify,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import { namesSecret, secretDigest } from "./digest.ts";
import type { Hints } from "./hints.ts";
import { keptFor, type Kept } from "./kept.ts";
import { redacted } from "./redact.ts";

/** A member next to the elements of an ordered list, with their keys in order. */
export const ORDER = "(order)";

/**
 * The one form in which values are compared, hashed and verified. Lists that have a set or key hint become objects
 * by element or key, other lists of objects become objects by index; text has LF line ends; documented defaults,
 * nulls and empty blocks are absent; secrets are digests.
 */
export function canonical(value: Json | undefined, hints: Hints): JsonObject {
  if (!isObject(value)) return {};
  return keptFor(forms, hints, value, () => canonicalForm(value, hints));
}

const forms: Kept<JsonObject> = new WeakMap();

function canonicalForm(value: JsonObject, hints: Hints): JsonObject {
  const result = canonicalValue(redacted(value, hints), hints);
  return membersOf(result);
}

function canonicalValue(value: Json | undefined, hints: Hints): Json | undefined {
  const { hint } = hints;
  if (value === undefined || hint.local === true) return undefined;
  if (hint.whole === true) return hint.setsWithin === undefined ? value : withSets(value, hint.setsWithin);
  if (value === null || equal(value, hints.default)) return undefined;
  if (hint.sensitive === true && !namesSecret(value)) return secretDigest(value, hints.secretKey);
  if (typeof value === "string") return canonicalText(value, hint.multiline === true);
  if (isList(value)) return canonicalList(value, hints);
  return isObject(value) ? canonicalObject(value, hints) : value;
}

/** Free content in which the lists of these names are in one order. Data in a JSON Schema stays as it is. */
function withSets(value: Json, names: readonly string[]): Json {
  if (isList(value)) return value.map((item) => withSets(item, names));
  if (!isObject(value)) return value;
  return mapMembers(value, (member, key) => {
    if (DATA.has(key)) return member;
    const inner = withSets(member, names);
    return names.includes(key) && isList(inner) ? inOneOrder(inner) : inner;
  });
}

const DATA = new Set(["default", "const", "examples"]);

function inOneOrder(list: readonly Json[]): readonly Json[] {
  const texts = new Map(list.map((item) => [item, stringify(sorted(item))]));
  return list.toSorted((one, other) => compareTexts(texts.get(one) ?? "", texts.get(other) ?? ""));
}

function canonicalText(text: string, multiline: boolean): string {
  const unix = text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
  return multiline ? unix.trimEnd() : unix;
}

function canonicalObject(value: JsonObject, hints: Hints): JsonObject | undefined {
  if (isReference(value)) return value;
  const form = mapMembers(value, (member, key) => canonicalValue(member, hints.child(key)));
  return Object.keys(form).length === 0 ? undefined : form;
}

function canonicalList(list: readonly Json[], hints: Hints): Json | undefined {
  const { hint } = hints;
  if (list.length === 0 && equal(hint.unset, [])) return undefined;
  if (hint.set !== undefined) return Object.fromEntries(list.map((item) => [elementText(item), true]).sort());
  if (hint.keyedBy === undefined && !list.some(isObject)) return list;
  const elements = keyed(list, hints).map(
    ([key, item]) => [key, canonicalValue(item, hints.child(key)) ?? {}] as const,
  );
  const order =
    hint.ordered === true && elements.length > 1 ? [[ORDER, elements.map(([key]) => key)] as const] : [];
  return Object.fromEntries([...elements, ...order]);
}

/** The elements of a list under the keys by which the comparison knows them; a repeated key gets `#2`, `#3`. */
export function keyed(list: readonly Json[], hints: Hints): readonly (readonly [string, Json])[] {
  const keys = list.map((item, index) => elementKey(item, index, hints));
  const isRepeated = new Set(keys).size < keys.length;
  const counted = new Map<string, number>();
  const numbered = new Map<number, string>();
  for (const index of isRepeated ? byContent(list, keys, hints) : keys.keys()) {
    const key = keys[index] ?? "";
    const count = (counted.get(key) ?? 0) + 1;
    counted.set(key, count);
    numbered.set(index, count === 1 ? key : `${key}#${count}`);
  }
  return list.map((item, index) => [numbered.get(index) ?? "", item] as const);
}

/** If order does not count, elements with the same key are numbered in the order of their values. */
function byContent(list: readonly Json[], keys: readonly string[], hints: Hints): readonly number[] {
  const indices = [...list.keys()];
  if (hints.hint.ordered === true || hints.hint.keyedBy === undefined) return indices;
  const texts = list.map((item, index) => {
    const content = canonicalValue(item, hints.child(keys[index] ?? ""));
    return content === undefined ? "" : stringify(sorted(content));
  });
  return indices.sort((one, other) => compareTexts(texts[one] ?? "", texts[other] ?? ""));
}

function elementKey(item: Json, index: number, { hint }: Hints): string {
  if (hint.set !== undefined) return elementText(item);
  if (hint.keyedBy === undefined) return String(index);
  return keyOf(item, hint.keyedBy) ?? String(index);
}

/** True for a list whose elements are compared one by one under a key; other lists are one unit. */
export function hasKeys({ hint }: Hints): boolean {
  return hint.set !== undefined || hint.keyedBy !== undefined;
}
