/** What plain text without quotes means in the core schema of YAML 1.2. */
export type PlainValue =
  | { readonly value: null | boolean | number | bigint | string }
  | { readonly problem: string };

const MOST_DIGITS = 1000;
const NULL = /^(?:~|null|Null|NULL)?$/;
const TRUE = /^(?:true|True|TRUE)$/;
const FALSE = /^(?:false|False|FALSE)$/;
const DECIMAL = /^[-+]?\d+$/;
const OCTAL = /^0o[0-7]+$/;
const HEXADECIMAL = /^0x[\da-fA-F]+$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

export function plainValue(text: string): PlainValue {
  const first = text.charCodeAt(0);
  // Most plain texts begin with a letter and are no keyword.
  if (text.length > 5 && first > 57) return { value: text };
  if (NULL.test(text)) return { value: null };
  if (TRUE.test(text)) return { value: true };
  if (FALSE.test(text)) return { value: false };
  if (NOT_FINITE.test(text)) return { problem: `${text} is not a number that JSON can hold` };
  return numberValue(text) ?? { value: text };
}

export function numberValue(text: string): PlainValue | undefined {
  if (DECIMAL.test(text) || OCTAL.test(text) || HEXADECIMAL.test(text)) {
    if (text.length > MOST_DIGITS) return { problem: `a number of more than ${MOST_DIGITS} digits` };
    return { value: wholeNumber(text) };
  }
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { value } : { problem: `${text.slice(0, 40)} is too large a number` };
}

/** A `bigint` where a double cannot hold it exactly. */
function wholeNumber(text: string): number | bigint {
  const negative = text.startsWith("-");
  const digits = text.replace(/^[-+]/, "");
  const exact = negative ? -BigInt(digits) : BigInt(digits);
  const value = Number(exact);
  return Number.isSafeInteger(value) ? value : exact;
}

const OLD_BOOLEANS: Readonly<Record<string, boolean>> = {
  y: true,
  yes: true,
  on: true,
  n: false,
  no: false,
  off: false,
};

/** What the text meant in YAML 1.1, where `no` was false. */
export function oldBoolean(text: string): boolean | undefined {
  const key = text.toLowerCase();
  return Object.hasOwn(OLD_BOOLEANS, key) ? OLD_BOOLEANS[key] : undefined;
}
