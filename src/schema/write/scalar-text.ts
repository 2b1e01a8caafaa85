import type { Json } from "../../model/json.ts";
import { oldBoolean, plainValue } from "../read/scalar.ts";

/** What begins or ends plain text, or stands in it, with a meaning of its own. */
const SPECIAL_START = /^(?:[-?:](?:\s|$)|[,[\]{}#&*!|>'"%@`]|---|\.\.\.|<<$)/;
const SPECIAL = /: |:$|\s#|^\s|\s$|[^\P{C}\u200D]|[\u2028\u2029]/u;
const SPECIAL_IN_FLOW = /[,[\]{}]/;
/** What YAML 1.1 reads as a date, a time of day or a number with separators. */
const OLD_FORM =
  /^(?:\d{4}-\d{1,2}-\d{1,2}(?:[Tt\s].*)?|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?|[-+]?\.?\d[\d.]*_[\d_.]*|[-+]?0b[01_]+|=)$/;

/** A value on one line; `isFlow` between brackets. Texts stand without quotes where that is safe. */
export function scalarText(value: Json, isFlow: boolean): string {
  return typeof value === "string" ? (plain(value, isFlow) ?? quoted(value)) : String(value);
}

/** The text without quotes, or `undefined` where it would not be read back as this text by everyone. */
export function plain(text: string, isFlow: boolean): string | undefined {
  if (SPECIAL_START.test(text) || SPECIAL.test(text) || (isFlow && SPECIAL_IN_FLOW.test(text)))
    return undefined;
  if (OLD_FORM.test(text)) return undefined;
  const read = plainValue(text);
  return "value" in read && read.value === text && oldBoolean(text) === undefined ? text : undefined;
}

const UNSEEN = /[^\P{C}\u200D]|[\u2028\u2029]/gu;

/** In double quotes, with escapes for everything that is not seen. */
export function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(UNSEEN, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** Single quotes have no escapes: only one line of plain characters fits. */
export function singleQuoted(text: string): string | undefined {
  return /[\p{Cc}\u2028\u2029]/u.test(text) ? undefined : `'${text.replaceAll("'", "''")}'`;
}
