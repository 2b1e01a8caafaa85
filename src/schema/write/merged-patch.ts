import { hintAt, keyOf, type Fields } from "../../model/field-hints.ts";
import { isList, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import { keyPart } from "./patch-of.ts";

interface Layers {
  readonly patch: Json;
  readonly more: Json;
  readonly base: Json | undefined;
}

/** A patch with another one merged into it. To remove a field that only the patch adds is to drop it from the patch. */
export function mergedPatch({ patch, more, base }: Layers, fields: Fields, path: readonly string[] = []): Json {
  if (isBlock(patch) && isBlock(more)) {
    const result: Record<string, Json> = { ...patch };
    for (const [key, value] of Object.entries(more)) {
      const [old, under] = [patch[key], property(base, key)];
      if (old === undefined) result[key] = value;
      else if (value === null && under === undefined) delete result[key];
      else result[key] = mergedPatch({ patch: old, more: value, base: under }, fields, [...path, key]);
    }
    return result;
  }
  const keyedBy = keysAt(fields, path);
  if (patch === null) return restored(more, base, fields, path);
  if (!isList(patch) || !isList(more) || keyedBy === undefined) return more;
  const result = [...patch];
  for (const item of more) {
    const isSame = (other: Json) => keyOf(other, keyedBy) === keyOf(item, keyedBy);
    const at = result.findIndex(isSame);
    const old = result[at];
    const under = isList(base) ? base.find(isSame) : undefined;
    const isGone = isDeletion(item);
    if (old === undefined) result.push(item);
    else if (isGone && under === undefined) result.splice(at, 1);
    else if (isGone) result[at] = item;
    else if (isDeletion(old)) result[at] = restored(item, under, fields, [...path, String(at)]);
    else result[at] = mergedPatch({ patch: old, more: item, base: under }, fields, [...path, String(at)]);
  }
  return result;
}

function keysAt(fields: Fields, path: readonly string[]) {
  return path[0] === "spec" ? hintAt(fields, path.slice(1)).keyedBy : undefined;
}

function isDeletion(element: Json): boolean {
  return property(element, "$patch") === "delete";
}

/** What a patch removed and no longer removes: it takes nothing of the manifest but what it says itself. */
function restored(value: Json, base: Json | undefined, fields: Fields, path: readonly string[]): Json {
  if (isBlock(value) && base !== undefined && isBlock(base)) {
    const members = Object.entries(value).map(
      ([key, member]) => [key, restored(member, base[key], fields, [...path, key])] as const,
    );
    const gone = Object.keys(base).filter((key) => value[key] === undefined);
    return Object.fromEntries([...members, ...gone.map((key) => [key, null] as const)]);
  }
  const keyedBy = keysAt(fields, path);
  if (!isList(value) || !isList(base) || keyedBy === undefined) return value;
  const find = (list: readonly Json[], key: Json) =>
    list.find((one) => keyOf(one, keyedBy) === keyOf(key, keyedBy));
  return [
    ...value.map((item, index) => restored(item, find(base, item), fields, [...path, String(index)])),
    ...base
      .filter((item) => find(value, item) === undefined)
      .map((item): Json => Object.assign({}, keyPart(item, keyedBy), { $patch: "delete" })),
  ];
}

function isBlock(value: Json): value is JsonObject {
  return isObject(value) && !isReference(value) && property(value, "file") === undefined;
}
