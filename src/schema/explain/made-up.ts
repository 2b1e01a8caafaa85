import {
  isList,
  isObject,
  membersOf,
  property,
  stringsIn,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import { listAt } from "../../model/json-schema.ts";

/** A value of a closed list, one that changes something. */
export function choiceFor(schema: JsonObject): Json | undefined {
  const values = listAt(schema, "enum").filter((one) => one !== null);
  return values.find((one) => one !== schema["default"]) ?? values[0];
}

/** A number within the bounds, the usual one where there is one. */
export function numberFor(schema: JsonObject): Json {
  const above = schema["exclusiveMinimum"];
  const next = typeof above === "number" ? above + 1 : undefined;
  return schema["default"] ?? schema["minimum"] ?? next ?? schema["maximum"] ?? 1;
}

/** One of them has the form, whatever it is. */
const TEXTS = [
  "front-desk",
  "ACME_VALUE",
  "https://acme.example",
  "Assistant/front-desk",
  "/spec/name",
  "refs/rollcall/acme",
  "+15550001111",
];

/** A text of the right form; an id is borrowed from a field of the same name, for which `root` is searched. */
export function textFor(root: JsonObject, schema: JsonObject, field: string): string {
  const pattern = schema["pattern"];
  const form = new RegExp(typeof pattern === "string" ? pattern : "", "u");
  const borrowed = /(?:^|_)id$/.test(field)
    ? sameNamed(root, field).find((text) => form.test(text))
    : undefined;
  if (borrowed !== undefined) return borrowed;
  if (schema["x-sensitive"] === true) return "{{#integration_secret}}acme-key{{/integration_secret}}";
  if (typeof pattern === "string") return TEXTS.find((text) => form.test(text)) ?? "";
  if (schema["x-secret-identifier"] === true) return "acme-key";
  if (schema["x-multiline"] === true) return "Some text.";
  if (/(?:^|_)url$/.test(field)) return "https://acme.example";
  if (/^(?:to|from|destination)$/.test(field)) return "+15550001111";
  if (field === "name") return "example";
  return field === "" ? "text" : field.replaceAll("_", "-");
}

const named = new WeakMap<JsonObject, ReadonlyMap<string, readonly string[]>>();

/** Examples of fields with the same name, or with a longer one: what `node_id` is, `start_node_id` tells. */
function sameNamed(root: JsonObject, field: string): readonly string[] {
  const known = named.get(root) ?? examplesByName(root);
  named.set(root, known);
  const longer = [...known].filter(([name]) => name.endsWith(`_${field}`));
  return [...(known.get(field) ?? []), ...longer.flatMap(([, texts]) => texts)];
}

function examplesByName(root: JsonObject): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const visit = (schema: Json): void => {
    const fields = property(schema, "properties");
    for (const [name, sub] of Object.entries(membersOf(fields)))
      for (const text of stringsIn(property(sub, "examples")))
        found.set(name, [...(found.get(name) ?? []), text]);
    if (isList(schema)) schema.forEach(visit);
    else if (isObject(schema)) Object.values(schema).forEach(visit);
  };
  visit(root);
  return found;
}
