import { parse } from "lossless-json";
import { bracketScanner, LIST, OBJECT } from "./brackets.ts";
import type { Json } from "./json.ts";

/** Only such texts can hold a number that a double does not; the slower parser is kept for them. */
const LONG_NUMBER = /(?:^|[[:,\s])-?(?:\d{16}|\d[\d.]*[eE]\+?\d{3})/;

/** Levels of lists and objects in an answer of a server. No API comes near it. */
export const DEEPEST_ANSWER = 200;
/** In a file of Rollcall, which has answers in it. All that reads values goes down level by level. */
export const DEEPEST_FILE = 300;

/** JSON that a program could not go through without running out of stack. */
export class NestingError extends SyntaxError {
  override readonly name = "NestingError";

  constructor(deepest: number) {
    super(`JSON that is nested more than ${deepest} levels deep`);
  }
}

/** JSON text to values; integers beyond the safe range become `bigint`. Throws `SyntaxError`. */
export function parseJson(text: string, deepest = DEEPEST_FILE): Json {
  checkNesting(text, deepest);
  return parseUnchecked(text);
}

/** The same for a text of which it is known how deep it is nested. */
export function parseUnchecked(text: string): Json {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text) as Json;
  return parse(text, null, { parseNumber, onDuplicateKey: ({ newValue }) => newValue }) as Json;
}

export interface JsonFault {
  readonly message: string;
  readonly offset: number;
  /** A key that stands twice in an object, with different values. */
  readonly duplicate?: string;
}

/** Why a text is not JSON, with the place, or that it would lose a value; `undefined` where all is well. */
export function jsonFault(text: string): JsonFault | undefined {
  let duplicate: string | undefined;
  try {
    checkNesting(text);
    parse(text, null, {
      parseNumber,
      onDuplicateKey: ({ key, position }) => {
        duplicate = key;
        throw new SyntaxError(`duplicate key at position ${position - 1}`);
      },
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [end = "", position = "0"] = / at position (\d+)$/.exec(error.message) ?? [];
    const message = error.message.slice(0, error.message.length - end.length);
    return { message, offset: Number(position), ...(duplicate !== undefined && { duplicate }) };
  }
}

/** Throws `NestingError`. The text need not be JSON. */
export function checkNesting(text: string, deepest = DEEPEST_FILE): void {
  let depth = 0;
  bracketScanner()(text, (bracket) => {
    depth += bracket === LIST || bracket === OBJECT ? 1 : -1;
    if (depth > deepest) throw new NestingError(deepest);
  });
}

function parseNumber(digits: string): number | bigint {
  const value = Number(digits);
  if (/^-?\d+$/.test(digits) && !Number.isSafeInteger(value)) return BigInt(digits);
  if (!Number.isFinite(value)) throw new SyntaxError(`the number ${digits} is out of range`);
  return value;
}
