import { type Json, stringify } from "../../../model/json.ts";
import { checkNesting } from "../../../model/parse-json.ts";

/** JSON to text; integers too large for a double keep their digits. */
export function encode(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // The fast way does not support bigint.
    if (error instanceof TypeError) return stringify(value);
    throw error;
  }
}

/** Text to JSON; an integer that a double cannot hold becomes a bigint. Throws a SyntaxError. */
export function decode(text: string): Json {
  checkNesting(text);
  const value = JSON.parse(text) as Json;
  return LONG_NUMBER.test(text) ? reread(text) : value;
}

const LONG_NUMBER = /\d{16}/;
const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)|(true|false|null))/y;

/** The text is known to be valid: only the numbers need care, so the reader is short. */
function reread(text: string): Json {
  let at = 0;
  const next = (): RegExpExecArray => {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxError(`unreadable JSON at ${at}`);
    at = TOKEN.lastIndex;
    return match;
  };
  const read = (token: RegExpExecArray): Json => {
    if (token[2] !== undefined) return JSON.parse(token[2]) as string;
    if (token[3] !== undefined) return exactNumber(token[3]);
    if (token[4] !== undefined) return JSON.parse(token[4]) as boolean | null;
    return token[1] === "[" ? readList() : readObject();
  };
  const readList = (): Json => {
    const items: Json[] = [];
    for (let token = next(); token[1] !== "]"; token = next()) if (token[1] !== ",") items.push(read(token));
    return items;
  };
  const readObject = (): Json => {
    const entries: [string, Json][] = [];
    for (let token = next(); token[1] !== "}"; token = next()) {
      if (token[1] === ",") continue;
      const key = JSON.parse(token[2] ?? '""') as string;
      next();
      entries.push([key, read(next())]);
    }
    return Object.fromEntries(entries);
  };
  return read(next());
}

function exactNumber(digits: string): number | bigint {
  const value = Number(digits);
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(value) ? BigInt(digits) : value;
}
