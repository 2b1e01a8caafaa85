import type { Address } from "../model/address.ts";
import { isList, isObject, property, stringify, type Json, type JsonObject } from "../model/json.ts";
import { isReference } from "../model/resource.ts";
import { isDigest } from "../model/secret-digest.ts";
import { visible, visibleLines } from "../model/visible.ts";

/** The addresses of objects by their ids: a report shows `McpServer/crm` and not `mcp_8f2`. */
export type Names = Readonly<Record<string, Address>>;

export const SENSITIVE = "(sensitive)";
export const NOT_SET = "(not set)";

/** Would be read as something else than text. */
const AMBIGUOUS = /^(?:true|false|null|-?\d[\d.eE+-]*|\(.*\)|["'[{].*|\s.*|.*\s|.* → .*|)$/s;
const AMBIGUOUS_INSIDE = /[[\]{}"]|, |: |^[-#&*!|>%@`]/;

/** A value on one line, safe to print. Ids of known objects and references read as addresses. */
export function inline(value: Json | undefined, names: Names): string {
  return value === undefined ? NOT_SET : oneLine(value, names, false);
}

function oneLine(value: Json, names: Names, inside: boolean): string {
  if (typeof value === "string") return text(value, names, inside);
  if (isReference(value)) return visible(value.ref);
  if (isList(value))
    return value.length === 0 ? "[]" : `[${value.map((item) => oneLine(item, names, true)).join(", ")}]`;
  if (!isObject(value)) return stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${word(key, true)}: ${oneLine(member, names, true)}`,
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function text(value: string, names: Names, inside: boolean): string {
  if (isDigest(value)) return SENSITIVE;
  return word(Object.hasOwn(names, value) ? (names[value] ?? value) : value, inside);
}

/** Without quotes where nothing but text can be meant. */
function word(value: string, inside: boolean): string {
  const plain = !AMBIGUOUS.test(value) && !(inside && AMBIGUOUS_INSIDE.test(value));
  return visible(plain ? value : JSON.stringify(value));
}

/** A value as the lines of a YAML-like block, safe to print; text of several lines stands as it is. */
export function block(value: Json, names: Names): readonly string[] {
  if (typeof value === "string" && value.includes("\n")) return visibleLines(value);
  if (isList(value) && value.length > 0) return value.flatMap((item) => listItem(item, names));
  if (isObject(value) && !isReference(value) && Object.keys(value).length > 0) return members(value, names);
  return [oneLine(value, names, false)];
}

function members(value: JsonObject, names: Names): readonly string[] {
  return Object.entries(value).flatMap(([key, member]) => {
    const name = word(key, true);
    if (typeof member === "string" && member.includes("\n"))
      return [`${name}: |`].concat(indented(visibleLines(member)));
    return isNested(member)
      ? [`${name}:`].concat(indented(block(member, names)))
      : [`${name}: ${oneLine(member, names, false)}`];
  });
}

/** Lists of plain values read best in one line. */
function isNested(value: Json): boolean {
  if (isList(value)) return value.some((item) => isObject(item) && !isReference(item));
  return isObject(value) && !isReference(value) && Object.keys(value).length > 0;
}

function listItem(item: Json, names: Names): readonly string[] {
  return block(item, names).map((line, index) => `${index === 0 ? "- " : "  "}${line}`);
}

export function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** The first line of prose, and how many lines there are. */
export function gist(value: string): { readonly first: string; readonly lines: number } {
  const lines = visibleLines(value);
  const filled = lines.filter((line) => line.trim() !== "");
  return { first: filled.find((line) => !line.startsWith("#")) ?? filled[0] ?? "", lines: lines.length };
}

/** What a long block is about: the names of its members, or of its elements where they have any. */
export function outline(value: Json, names: Names): string | undefined {
  if (isList(value)) {
    const known = value.map((item) => nameOf(item, names));
    return known.includes("") ? undefined : `[${known.join(", ")}]`;
  }
  if (!isObject(value) || isReference(value)) return undefined;
  return `{ ${Object.keys(value)
    .map((key) => word(key, true))
    .join(", ")} }`;
}

/** `webhook look_up_repair`: by the type and the name of an element, as far as it has them. */
function nameOf(item: Json, names: Names): string {
  const type = property(item, "type");
  const inner = typeof type === "string" ? property(item, type) : undefined;
  const candidates = [property(item, "name"), property(inner, "name"), property(item, "id")];
  const name = candidates.find((one) => one !== undefined);
  return [type, name].flatMap((one) => (one === undefined ? [] : [oneLine(one, names, true)])).join(" ");
}
