import { isList, isObject, stringify, type Json } from "../model/json.ts";
import { parseJson } from "../model/parse-json.ts";
import { masked } from "../schema/diagnostics/credentials/find.ts";

const MASK = "[redacted]";
/** Names of headers, parameters and members whose values are credentials whatever they look like. */
const TELLING = /auth|cookie|key|token|secret|passw|pwd|credential|signature/i;
/** The name and the value of a parameter in a URL or a form, and the user in front of the host of a URL. */
const PARAMETER = /(^|[?&;])([^=&;#?\s]+)=([^&;#\s]*)/g;
const USER = /(:\/\/)[^\s/?#@]+@/g;

/** The value without credentials, which are recognized by their names and by their form. */
export function withoutCredentials(value: Json): Json {
  if (typeof value === "string") return text(value);
  if (isList(value)) return value.map(withoutCredentials);
  if (!isObject(value)) return value;
  const isNamed = typeof value["name"] === "string" && TELLING.test(value["name"]) && "value" in value;
  const members = Object.entries(value).map(([key, member]): readonly [string, Json] =>
    (TELLING.test(key) && !isObject(member)) || (isNamed && key === "value")
      ? [key, MASK]
      : [key, withoutCredentials(member)],
  );
  return Object.fromEntries(members);
}

function text(value: string): string {
  const inside = jsonIn(value);
  if (inside !== undefined) return stringify(withoutCredentials(inside));
  const bare = value
    .replaceAll(USER, `$1${MASK}@`)
    .replaceAll(PARAMETER, (whole, start: string, name: string) =>
      TELLING.test(decoded(name)) ? `${start}${name}=${MASK}` : whole,
    );
  return masked(bare);
}

/** The value of a text that is JSON of an object or a list. */
function jsonIn(value: string): Json | undefined {
  if (!/^\s*[[{]/.test(value)) return undefined;
  try {
    return parseJson(value);
  } catch {
    return undefined;
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
