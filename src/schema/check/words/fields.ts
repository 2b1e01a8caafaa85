import { isList, property, type Json, type JsonObject } from "../../../model/json.ts";
import type { Finding } from "../../../model/finding.ts";
import { keyPlace } from "../../../model/node.ts";
import {
  discriminatorOf,
  exclusiveFields,
  fieldsOf,
  knownValues,
  listAt,
  referencedKinds,
  tagOf,
} from "../../../model/json-schema.ts";
import { listed, didYouMean, misspelt } from "../../../model/suggest.ts";
import { alternatives, shown } from "../../diagnostics/shown.ts";
import { labelOf, placeOfKey, placeOfMapping, schemasOf, valueAt, type Context } from "./context.ts";

/** As fields of the API are named. */
const NAME = /^[A-Za-z]\w*$/;

export function unknownField(context: Context): Finding | undefined {
  const key = String(context.params["additionalProperty"]);
  const fields = fieldsOf(schemasOf(context));
  if (referencedKinds(schemasOf(context)).length > 0) {
    // Without `ref` it is reported as no reference at all.
    if (property(valueAt(context), "ref") === undefined) return undefined;
    return {
      code: "RC3003",
      message: `${labelOf(context)}: a reference has only the key "ref" (got "${key}")`,
      at: keyPlace(context.node, [...context.path, key]),
    };
  }
  const schemas = schemasOf(context);
  const mayBeField = NAME.test(key) && schemas.some((schema) => schema["x-extensible"] === true);
  if (!mayBeField) return refusedField(context, key, fields);
  if (schemas.some((schema) => isResponseOnly(schema, key)))
    return { ...refusedField(context, key, fields), hint: "no manifest has it: leave it out" };
  const tag = variantWith(schemas, key);
  if (tag !== undefined)
    return { ...refusedField(context, key, fields), hint: `it is a field of the type "${tag}"` };
  const meant = misspelt(key, fields);
  if (meant !== undefined) return { ...refusedField(context, key, fields), hint: `did you mean "${meant}"?` };
  return passedOn(context, key, fields);
}

function refusedField(context: Context, key: string, fields: readonly string[]): Finding {
  const value = valueAt(context);
  const free = fields.filter((field) => property(value, field) === undefined);
  return {
    code: "RC2004",
    message: `unknown field "${key}" in ${labelOf(context)}`,
    at: keyPlace(context.node, [...context.path, key]),
    hint:
      didYouMean(key, free) ?? (fields.length > 0 ? `allowed here: ${listed([...fields].sort())}` : undefined),
  };
}

/** Telnyx may have a field that is not documented yet. How it treats a null there is not known. */
function passedOn(context: Context, key: string, fields: readonly string[]): Finding {
  const at = keyPlace(context.node, [...context.path, key]);
  if (hasNull(property(valueAt(context), key) ?? null)) {
    const message = `${labelOf({ ...context, path: [...context.path, key] })}: null in an unknown field`;
    return { code: "RC2013", message, at, hint: "leave it out" };
  }
  return {
    code: "RC2017",
    message: `Rollcall does not know the field "${key}" in ${labelOf(context)}; it is sent as it is`,
    at,
    hint: didYouMean(key, fields) ?? "apply fails if Telnyx does not keep it",
  };
}

function hasNull(value: Json): boolean {
  if (value === null) return true;
  return typeof value === "object" && Object.values(value).some((item: Json) => hasNull(item));
}

function isResponseOnly(schema: JsonObject, key: string): boolean {
  const keys = schema["x-response-only"];
  return isList(keys) && keys.includes(key);
}

/** The type of the other shape that has the field. */
function variantWith(schemas: readonly JsonObject[], key: string): string | undefined {
  for (const schema of schemas) {
    const by = discriminatorOf(schema);
    if (by === undefined) continue;
    const variant = listAt(schema, "oneOf").find(
      (one) => property(property(one, "properties"), key) !== undefined,
    );
    if (variant !== undefined) return String(tagOf(variant, by));
  }
  return undefined;
}

export function missingField(context: Context): Finding | undefined {
  const field = String(context.params["missingProperty"]);
  const schemas = schemasOf(context);
  if (referencedKinds(schemas).length > 0 && field === "ref") {
    const hint = `write { ref: ${referencedKinds(schemas).join(" or ")}/name }`;
    return {
      code: "RC3003",
      message: `${labelOf(context)}: this is not a reference`,
      at: placeOfMapping(context),
      hint,
    };
  }
  // The branches of "exactly one of" are reported as one.
  const isBranch = schemas.some((schema) => exclusiveFields(schema).includes(field));
  if (isBranch) return undefined;
  return {
    code: "RC2001",
    message: `required field "${field}" is missing in ${labelOf(context)}`,
    at: placeOfMapping(context),
    hint: valuesHint({ ...context, path: [...context.path, field] }),
  };
}

/** What may stand in a field that is missing. */
function valuesHint(context: Context): string | undefined {
  const schemas = schemasOf(context);
  const known = knownValues(schemas);
  if (known.length > 0) return `known: ${listed(known, 20)}`;
  const allowed = schemas.flatMap((schema) =>
    isList(schema["enum"]) ? schema["enum"] : (schema["const"] ?? []),
  );
  return allowed.length > 0 ? `allowed: ${listed(allowed.map(shown), 20)}` : undefined;
}

export function missingDependent(context: Context): Finding {
  const { property: given, missingProperty: missing } = context.params;
  const message = `"${String(given)}" requires "${String(missing)}" in ${labelOf(context)}`;
  return { code: "RC2001", message, at: keyPlace(context.node, [...context.path, String(given)]) };
}

export function wrongKey(context: Context): Finding {
  const key = String(context.params["propertyName"]);
  return {
    code: "RC2009",
    message: `${labelOf(context)}: "${key}" is not a valid name`,
    at: keyPlace(context.node, [...context.path, key]),
  };
}

export function notExactlyOne(context: Context): Finding | undefined {
  const names = schemasOf(context).flatMap(exclusiveFields);
  if (names.length === 0) return otherRule(context);
  const found = names.filter((name) => property(valueAt(context), name) !== undefined);
  const quoted = alternatives(names.map((name) => `"${name}"`));
  const what =
    found.length === 0 ? "none" : alternatives(found.map((name) => `"${name}"`)).replace(" or ", " and ");
  const message = `${labelOf(context)}: exactly one of ${quoted} is required (got ${what})`;
  const second = found[1];
  return {
    code: "RC2012",
    message,
    at: second === undefined ? placeOfKey(context) : keyPlace(context.node, [...context.path, second]),
  };
}

export function excluded(context: Context): Finding {
  const together = schemasOf(context).flatMap((schema) => {
    const required = property(schema["not"], "required");
    return isList(required) ? required.map(String) : [];
  });
  const last = together.at(-1);
  if (last === undefined) return otherRule(context);
  const message = `${labelOf(context)}: ${together.map((name) => `"${name}"`).join(" and ")} cannot be used together`;
  return { code: "RC2012", message, at: keyPlace(context.node, [...context.path, last]) };
}

export function otherRule(context: Context): Finding {
  return {
    code: "RC2016",
    message: `${labelOf(context)}: it violates a rule of the schema`,
    at: placeOfKey(context),
  };
}
