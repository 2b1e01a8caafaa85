import { isList, isObject, type Json, type JsonObject } from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import { blockLines, literalBlock, UNSEEN } from "./block-text.ts";
import { looksLikeFile } from "./include-form.ts";
import { scalarText } from "./scalar-text.ts";

/** A value as it is written anew: behind its key, or on lines of its own. */
export type Written =
  | { readonly inline: string; readonly below?: readonly string[] }
  | { readonly lines: readonly string[] };

const WIDEST_LIST = 80;
const STEP = 2;

/** Between brackets, on one line. */
export function inlineText(value: Json): string {
  if (isList(value)) return `[${value.map(inlineText).join(", ")}]`;
  if (!isObject(value)) return scalarText(value, true);
  const members = Object.entries(value).map(([key, member]) => `${keyText(key)}: ${inlineText(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** In the style of manifests; `indent` is where the lines of a nested value begin. */
export function written(value: Json, indent: number): Written {
  if (isList(value))
    return isShort(value) ? { inline: inlineText(value) } : { lines: listLines(value, indent) };
  if (isObject(value)) {
    const isOnOneLine = isReference(value) || looksLikeFile(value) || Object.keys(value).length === 0;
    return isOnOneLine ? { inline: inlineText(value) } : { lines: mapLines(value, indent) };
  }
  const isClear = typeof value === "string" && value.includes("\n") && !UNSEEN.test(value);
  const block = isClear ? literalBlock(value) : undefined;
  return block === undefined
    ? { inline: scalarText(value, false) }
    : { inline: block.header, below: blockLines(block, indent) };
}

/** The lines of one member; the first without its indentation. */
export function memberLines(key: string, value: Json, indent: number): readonly string[] {
  return behind(`${keyText(key)}:`, written(value, indent + STEP));
}

/** The lines of one element; the first without its indentation. */
export function elementLines(value: Json, indent: number): readonly string[] {
  const text = written(value, indent + STEP);
  if ("inline" in text) return behind("-", text);
  const [first = "", ...rest] = text.lines;
  return [`- ${first.trimStart()}`, ...rest];
}

export function behind(start: string, text: Written): readonly string[] {
  return "inline" in text ? [`${start} ${text.inline}`, ...(text.below ?? [])] : [start, ...text.lines];
}

export function keyText(key: string): string {
  return scalarText(key, true);
}

function mapLines(value: JsonObject, indent: number): readonly string[] {
  return Object.entries(value).flatMap(([key, member]) => indented(memberLines(key, member, indent), indent));
}

function listLines(value: readonly Json[], indent: number): readonly string[] {
  return value.flatMap((item) => indented(elementLines(item, indent), indent));
}

function indented([first = "", ...rest]: readonly string[], indent: number): readonly string[] {
  return [" ".repeat(indent) + first, ...rest];
}

function isShort(value: readonly Json[]): boolean {
  return (
    !value.some(
      (item) => isObject(item) || isList(item) || (typeof item === "string" && item.includes("\n")),
    ) && inlineText(value).length <= WIDEST_LIST
  );
}
