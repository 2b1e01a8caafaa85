import { isList, isObject, type Json } from "../../../../model/json.ts";

interface Form {
  /** With its article. */
  readonly name: string;
  readonly keywords: string;
  fits(value: Json): boolean;
}

const isNumber = (value: Json) => typeof value === "number" || typeof value === "bigint";
const isText = (value: Json) => typeof value === "string";

/** What the keywords of JSON Schema take. In its older versions and in OpenAPI, exclusive bounds are true or false. */
const FORMS: readonly Form[] = [
  { name: "a number", keywords: "minimum maximum", fits: isNumber },
  {
    name: "a number",
    keywords: "exclusiveMinimum exclusiveMaximum",
    fits: (value) => isNumber(value) || typeof value === "boolean",
  },
  { name: "a number above 0", keywords: "multipleOf", fits: (value) => isNumber(value) && Number(value) > 0 },
  {
    name: "a whole number, 0 or more",
    keywords: "minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains",
    fits: (value) => isNumber(value) && Number.isInteger(Number(value)) && Number(value) >= 0,
  },
  {
    name: "true or false",
    keywords: "uniqueItems nullable deprecated readOnly writeOnly",
    fits: (value) => typeof value === "boolean",
  },
  { name: "text", keywords: "title description format pattern $ref", fits: isText },
  {
    name: "a list of names of properties",
    keywords: "required",
    fits: (value) => isList(value) && value.every(isText),
  },
  {
    name: "a list of JSON Schemas",
    keywords: "allOf anyOf oneOf prefixItems",
    fits: (value) => isList(value) && value.length > 0,
  },
  {
    name: "a mapping of names to JSON Schemas",
    keywords: "properties patternProperties $defs definitions dependentSchemas",
    fits: isObject,
  },
];

const BY_KEYWORD = new Map(
  FORMS.flatMap((form) => form.keywords.split(" ").map((keyword) => [keyword, form] as const)),
);

/** What the keyword takes, where that is something else; `undefined` where the value is fine. */
export function otherForm(keyword: string, value: Json): string | undefined {
  const form = BY_KEYWORD.get(keyword);
  return form === undefined || form.fits(value) ? undefined : form.name;
}
