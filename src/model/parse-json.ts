import { parse } from "lossless-json";
import type { Json } from "./json.ts";

/** Only such texts can hold a number that a double does not; the slower parser is kept for them. */
const LONG_NUMBER = /(?:^|[[:,\s])-?(?:\d{16}|\d[\d.]*[eE]\+?\d{3})/;

/** JSON text to values; integers beyond the safe range become `bigint`. Throws `SyntaxError`. */
export function parseJson(text: string): Json {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text) as Json;
  try {
    return parse(text, null, { parseNumber, onDuplicateKey: ({ newValue }) => newValue }) as Json;
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError("the JSON is nested too deep", { cause: error });
    throw error;
  }
}

function parseNumber(digits: string): number | bigint {
  const value = Number(digits);
  if (/^-?\d+$/.test(digits) && !Number.isSafeInteger(value)) return BigInt(digits);
  if (!Number.isFinite(value)) throw new SyntaxError(`the number ${digits} is out of range`);
  return value;
}
