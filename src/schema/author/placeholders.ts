import { valueIn } from "../../model/at-path.ts";
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
import { masked } from "../diagnostics/credentials/find.ts";
import { PLACEHOLDER } from "../check/placeholder.ts";
import { withoutSecrets } from "./without-secrets.ts";

/**
 * A spec for an object that is not live yet, without secrets: they have no value to keep, so a placeholder stands for
 * each, which validation refuses. In prose the secret alone is struck out.
 */
export function withPlaceholders(
  spec: JsonObject,
  kind: Kind,
): { readonly spec: JsonObject; readonly remarks: ReadonlyMap<Pointer, string> } {
  const remarks = new Map<Pointer, string>();
  const { left } = withoutSecrets(spec, kind);
  const texts = new Map<Pointer, string>();
  for (const { pointer: at, why, hint } of left) {
    remarks.set(at, `TODO: its value is not written: ${why}; ${hint}.`);
    const value = valueIn(spec, segments(at));
    if (typeof value === "string") texts.set(at, struckOut(value));
  }
  const filled = withTexts(spec, [], texts);
  const { spec: rest } = withoutSecrets(membersOf(filled), kind);
  return { spec: rest, remarks };
}

/** A text of several lines stays readable. */
function struckOut(text: string): string {
  const rest = masked(text);
  return text.includes("\n") && rest !== text ? rest : PLACEHOLDER;
}

function withTexts(value: Json, path: readonly string[], texts: ReadonlyMap<Pointer, string>): Json {
  const text = texts.get(pointer(path));
  if (text !== undefined) return text;
  if (isList(value)) return mapItems(value, (item, index) => withTexts(item, [...path, String(index)], texts));
  return isObject(value) ? mapMembers(value, (item, key) => withTexts(item, [...path, key], texts)) : value;
}
