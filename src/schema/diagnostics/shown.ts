import { isList, isObject, type Json } from "../../model/json.ts";
import { listed } from "../../model/suggest.ts";
import { masked } from "./credentials/find.ts";

const LONGEST = 60;

/** A value as a message shows it: short, on one line, without secrets. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(shortened(masked(value)));
  if (isList(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (isObject(value)) return "a mapping";
  return shortened(String(value));
}

/** With the article: `a string`. */
export function typeShown(type: string): string {
  return TYPES[type] ?? type;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "a mapping",
  array: "a list",
  null: "null",
};

/** What is wrong with a value: `greeting: must be a string (got 7)`. */
export function mustBe(label: string, allowed: string, got: string): string {
  return `${label}: must be ${allowed} (got ${got})`;
}

/** `"a"`, or `one of "a", "b"`. */
export function oneOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? "") : `one of ${listed(values, 20)}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function alternatives(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

function shortened(text: string): string {
  const characters = Array.from(text.slice(0, 2 * LONGEST + 2));
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : text;
}

/** `Assistant.spec.tools[0].webhook`. */
export function labelled(label: string, path: readonly string[]): string {
  return path.reduce((text, segment) => {
    if (/^\d+$/.test(segment)) return `${text}[${segment}]`;
    return /^[\w-]+$/.test(segment) ? `${text}.${segment}` : `${text}[${shown(segment)}]`;
  }, label);
}
