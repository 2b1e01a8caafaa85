import { isList, isObject, type Json, omit, property } from "../../model/json.ts";

/** A place in a file: a document, and the way in it by keys and positions. */
export interface Spot {
  readonly document: number;
  readonly way: readonly string[];
}

/** What is changed at a place. */
export type Change =
  | { readonly do: "replace"; readonly value: Json }
  /** A member of a mapping, at the place. */
  | { readonly do: "remove" }
  /** A member of the mapping at the place. */
  | { readonly do: "add"; readonly key: string; readonly value: Json }
  /** The list at the place has these elements: old ones by their position, and new ones. */
  | { readonly do: "arrange"; readonly items: readonly Arranged[] };

/** One change to a YAML file. */
export type Edit = Spot & Change;

export type Arranged = { readonly from: number } | { readonly value: Json };

/** Values first, then lists from the inside out: until then positions are those of before. */
export function editOrder(edit: Edit): number {
  return edit.do === "arrange" ? 1 / (1 + edit.way.length) + 1 : 0;
}

/** What the documents of a file are to hold after a change; `undefined` where there is no such place. */
export function edited(values: readonly Json[], edit: Edit): readonly Json[] | undefined {
  const before = values[edit.document];
  const after = before === undefined ? undefined : at(before, edit.way, edit);
  return after === undefined ? undefined : values.with(edit.document, after);
}

function at(value: Json, [segment, ...rest]: readonly string[], edit: Edit): Json | undefined {
  if (segment === undefined) return changed(value, edit);
  if (isList(value)) {
    const index = Number(segment);
    const item = value[index];
    const inner = item === undefined ? undefined : at(item, rest, edit);
    return inner === undefined ? undefined : value.with(index, inner);
  }
  const member = property(value, segment);
  if (!isObject(value) || member === undefined) return undefined;
  if (rest.length === 0 && edit.do === "remove") return omit(value, [segment]);
  const inner = at(member, rest, edit);
  return inner === undefined ? undefined : { ...value, [segment]: inner };
}

function changed(value: Json, edit: Edit): Json | undefined {
  switch (edit.do) {
    case "replace":
      return edit.value;
    case "remove":
      return undefined;
    case "add":
      return isObject(value) && !Object.hasOwn(value, edit.key)
        ? { ...value, [edit.key]: edit.value }
        : undefined;
    case "arrange":
      return isList(value) ? arranged(value, edit.items) : undefined;
  }
}

function arranged(list: readonly Json[], items: readonly Arranged[]): Json | undefined {
  const result = items.map((item) => ("from" in item ? list[item.from] : item.value));
  return result.every((item) => item !== undefined) ? result : undefined;
}
