import { isList, property, type Json, type JsonObject } from "../model/json.ts";
import { segments } from "../model/pointer.ts";
import type { SchemaError } from "./compile.ts";
import type { Finding } from "./finding.ts";
import { keyPlace, nodeAt, type Node } from "./node.ts";
import { oldBoolean } from "./scalar.ts";
import { fieldsOf, isSensitive, knownValues, referencedKinds, schemasAt } from "./schema-at.ts";
import { alternatives, listed, shown, typeShown } from "./shown.ts";
import { didYouMean } from "./suggest.ts";

export interface Subject {
  /** What was validated. */
  readonly node: Node;
  readonly value: Json;
  readonly schema: JsonObject;
  /** How the value is called: `Assistant.spec`. */
  readonly label: string;
}

interface Context extends Subject {
  readonly path: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
}

/** The findings behind the errors of one validation; errors that only wrap others say nothing. */
export function translate(errors: readonly SchemaError[], subject: Subject): readonly Finding[] {
  return errors.flatMap((error) => {
    // Said by the error about all keys.
    if (error.propertyName !== undefined) return [];
    const path = segments(error.instancePath);
    const words = WORDS[error.keyword];
    const context = { ...subject, path, params: error.params };
    if (isUnread(subject.node, path) || isReferenceText(context)) return [];
    const finding = words === undefined ? otherRule(context) : words(context);
    return finding === undefined ? [] : [finding];
  });
}

function isUnread(node: Node, path: readonly string[]): boolean {
  const found = nodeAt(node, path);
  return found?.type === "scalar" && found.unread === true;
}

/** What a reference says is checked where all resources are known. */
function isReferenceText({ schema, value, path }: Context): boolean {
  return path.at(-1) === "ref" && referencedKinds(schemasAt(schema, value, path.slice(0, -1))).length > 0;
}

type Words = (context: Context) => Finding | undefined;

const WORDS: Readonly<Record<string, Words>> = {
  additionalProperties: unknownField,
  required: missingField,
  type: wrongType,
  enum: notAllowed,
  const: notAllowed,
  discriminator: unknownVariant,
  minimum: outOfBounds,
  maximum: outOfBounds,
  exclusiveMinimum: outOfBounds,
  exclusiveMaximum: outOfBounds,
  multipleOf: outOfBounds,
  minLength: wrongLength,
  maxLength: wrongLength,
  minItems: wrongCount,
  maxItems: wrongCount,
  minProperties: wrongCount,
  maxProperties: wrongCount,
  uniqueItems: repeated,
  pattern: wrongForm,
  propertyNames: wrongKey,
  dependencies: missingDependent,
  oneOf: notExactlyOne,
  not: excluded,
  if: () => undefined,
  allOf: () => undefined,
  anyOf: () => undefined,
};

function otherRule(context: Context): Finding {
  return {
    code: "RC2016",
    message: `${labelOf(context)}: a rule of the schema is broken`,
    at: placeOf(context),
  };
}

function unknownField(context: Context): Finding | undefined {
  const key = String(context.params["additionalProperty"]);
  const fields = fieldsOf(schemasAt(context.schema, context.value, context.path));
  const at = keyPlace(context.node, [...context.path, key]);
  if (referencedKinds(schemasAt(context.schema, context.value, context.path)).length > 0) {
    return {
      code: "RC3003",
      message: `${labelOf(context)}: a reference has the key "ref" only, found "${key}"`,
      at,
    };
  }
  const present = property(context.value, key) === undefined ? [] : Object.keys(context.value as JsonObject);
  const free = fields.filter((field) => !present.includes(field));
  return {
    code: "RC2004",
    message: `unknown field "${key}" in ${labelOf(context)}`,
    at,
    hint:
      didYouMean(key, free) ?? (fields.length > 0 ? `allowed here: ${listed([...fields].sort())}` : undefined),
  };
}

function missingField(context: Context): Finding | undefined {
  const field = String(context.params["missingProperty"]);
  const schemas = schemasAt(context.schema, context.value, context.path);
  if (referencedKinds(schemas).length > 0 && field === "ref") {
    const hint = `write { ref: ${referencedKinds(schemas).join(" or ")}/name }`;
    return {
      code: "RC3003",
      message: `${labelOf(context)}: this is not a reference`,
      at: placeOf(context),
      hint,
    };
  }
  // The branches of "exactly one of" are reported as one.
  const isBranch = schemas.some((schema) => exclusive(schema).includes(field));
  if (isBranch) return undefined;
  return {
    code: "RC2001",
    message: `required field "${field}" is missing in ${labelOf(context)}`,
    at: placeOf(context),
  };
}

function missingDependent(context: Context): Finding {
  const { property: given, missingProperty: missing } = context.params;
  const message = `"${String(given)}" needs "${String(missing)}" beside it in ${labelOf(context)}`;
  return { code: "RC2001", message, at: keyPlace(context.node, [...context.path, String(given)]) };
}

function wrongType(context: Context): Finding {
  const { params, path } = context;
  const found = valueAt(context);
  const types = isList(params["type"] as Json) ? (params["type"] as string[]) : [String(params["type"])];
  const schemas = schemasAt(context.schema, context.value, path);
  const allowed = alternatives(types.filter((type) => type !== "null").map(typeShown));
  const at = placeOf(context, true);
  if (found === null) {
    const message = `${labelOf(context)}: found nothing, allowed ${allowed}`;
    return { code: "RC2013", message, at, hint: "leave the field out, or give it a value" };
  }
  if (property(found, "ref") !== undefined && referencedKinds(schemas).length === 0) {
    return {
      code: "RC3004",
      message: `${labelOf(context)}: a reference cannot stand here`,
      at,
      hint: `allowed: ${allowed}`,
    };
  }
  return {
    code: "RC2005",
    message: `${labelOf(context)}: found ${described(context, found)}, allowed ${allowed}`,
    at,
    hint: typeHint(context, found, types),
  };
}

function typeHint({ node, path }: Context, found: Json, types: readonly string[]): string | undefined {
  const here = nodeAt(node, path);
  const plain = here?.type === "scalar" ? here.plain : undefined;
  if (types.includes("boolean") && plain !== undefined) {
    const meant = oldBoolean(plain);
    if (meant !== undefined) return `in YAML 1.2 "${plain}" is text: write ${String(meant)}`;
  }
  if (types.includes("string") && plain !== undefined && typeof found !== "string")
    return `put it in quotes: "${plain}"`;
  const numeric = types.includes("number") || types.includes("integer");
  if (numeric && typeof found === "string" && /^[-+]?\d+(?:\.\d+)?$/.test(found)) {
    return plain === undefined && here?.type === "scalar" && here.substituted === true
      ? "a variable is text; change a number by a patch of the environment"
      : "remove the quotes";
  }
  if (types.includes("array") && types.length === 1) return "begin each entry with `- `, or write `[…]`";
  return undefined;
}

function notAllowed(context: Context): Finding | undefined {
  const { params } = context;
  const found = valueAt(context);
  const schemas = schemasAt(context.schema, context.value, context.path);
  const given =
    "allowedValues" in params ? (params["allowedValues"] as readonly Json[]) : [params["allowedValue"] as Json];
  const values = given.filter((value) => value !== null);
  const known = knownValues(schemas);
  const texts = values.map((value) => (typeof value === "string" ? value : shown(value)));
  const hint = typeof found === "string" ? didYouMean(found, texts) : undefined;
  const list = listed(values.map(shown), 20);
  const at = placeOf(context, true);
  if (known.length > 0 && values.every((value) => known.includes(String(value)))) {
    // A template becomes a value when the conversation runs.
    if (typeof found === "string" && found.includes("{{")) return undefined;
    const message = `${labelOf(context)}: ${described(context, found)} is not a value that Rollcall knows`;
    return { code: "RC2014", message, at, hint: hint ?? `known: ${list}` };
  }
  const type = wrongTypeForEnum(found, values);
  if (type) return undefined;
  return {
    code: found === null ? "RC2013" : "RC2006",
    message: `${labelOf(context)}: found ${described(context, found)}, allowed ${list}`,
    at,
    hint,
  };
}

/** The type is reported as wrong already. */
function wrongTypeForEnum(found: Json, values: readonly Json[]): boolean {
  return values.length > 0 && values.every((value) => typeof value !== typeof found);
}

function unknownVariant(context: Context): Finding | undefined {
  const tag = String(context.params["tag"]);
  const found = property(valueAt(context), tag);
  const path = [...context.path, tag];
  if (found === undefined) {
    return {
      code: "RC2001",
      message: `required field "${tag}" is missing in ${labelOf(context)}`,
      at: placeOf(context),
      hint: `allowed: ${listed(variantsOf(context, tag), 20)}`,
    };
  }
  const variants = variantsOf(context, tag);
  return {
    code: "RC2006",
    message: `${labelOf({ ...context, path })}: found ${shown(found)}, allowed ${listed(
      variants.map((name) => shown(name)),
      20,
    )}`,
    at: nodeAt(context.node, path),
    hint: typeof found === "string" ? didYouMean(found, variants) : undefined,
  };
}

function variantsOf({ schema, value, path }: Context, tag: string): readonly string[] {
  return schemasAt(schema, value, path)
    .filter((sub) => property(sub["discriminator"], "propertyName") === tag)
    .flatMap((sub) => (isList(sub["oneOf"]) ? sub["oneOf"] : []))
    .map((branch) => property(property(property(branch, "properties"), tag), "const"))
    .filter((constant) => typeof constant === "string");
}

const BOUNDS: Readonly<Record<string, string>> = {
  ">=": "at least",
  "<=": "at most",
  ">": "more than",
  "<": "less than",
};

function outOfBounds(context: Context): Finding {
  const { comparison, limit, multipleOf } = context.params;
  const allowed =
    multipleOf === undefined
      ? (boundsShown(context) ?? `${BOUNDS[String(comparison)] ?? ""} ${String(limit)}`)
      : `multiples of ${String(multipleOf)}`;
  const message = `${labelOf(context)}: found ${described(context, valueAt(context))}, allowed ${allowed}`;
  return { code: "RC2007", message, at: placeOf(context, true) };
}

function boundsShown({ schema, value, path }: Context): string | undefined {
  const sub = schemasAt(schema, value, path).find(
    ({ minimum, maximum }) => minimum !== undefined && maximum !== undefined,
  );
  return sub === undefined ? undefined : `${String(sub["minimum"])} to ${String(sub["maximum"])}`;
}

function wrongLength(context: Context): Finding {
  const found = valueAt(context);
  const length = typeof found === "string" ? [...found].length : 0;
  const limit = Number(context.params["limit"]);
  const few = length < limit;
  const unit = limit === 1 ? "character" : "characters";
  const what = length === 0 ? "an empty text" : `${length} characters`;
  return {
    code: "RC2008",
    message: `${labelOf(context)}: found ${what}, allowed at ${few ? "least" : "most"} ${limit} ${unit}`,
    at: placeOf(context, true),
  };
}

function wrongCount(context: Context): Finding {
  const found = valueAt(context);
  const count = isList(found) ? found.length : Object.keys(found ?? {}).length;
  const limit = Number(context.params["limit"]);
  const unit = limit === 1 ? "entry" : "entries";
  const bound = count < limit ? "least" : "most";
  const message = `${labelOf(context)}: found ${count === 0 ? "none" : count}, allowed at ${bound} ${limit} ${unit}`;
  return { code: "RC2010", message, at: placeOf(context) };
}

function repeated(context: Context): Finding {
  const { i, j } = context.params;
  const [first, second] = [Number(i), Number(j)].sort((a, b) => a - b);
  const path = [...context.path, String(second)];
  const found = valueAt({ ...context, path });
  return {
    code: "RC2011",
    message: `${labelOf(context)}: ${shown(found)} stands twice, as entries ${Number(first) + 1} and ${Number(second) + 1}`,
    at: nodeAt(context.node, path),
  };
}

function wrongForm(context: Context): Finding | undefined {
  const message = `${labelOf(context)}: found ${described(context, valueAt(context))}, allowed text of the form ${String(context.params["pattern"])}`;
  return { code: "RC2009", message, at: placeOf(context, true) };
}

function wrongKey(context: Context): Finding {
  const key = String(context.params["propertyName"]);
  return {
    code: "RC2009",
    message: `${labelOf(context)}: "${key}" is not usable as a name`,
    at: keyPlace(context.node, [...context.path, key]),
  };
}

/** The fields of which exactly one must be there. */
function exclusive(schema: JsonObject): readonly string[] {
  const branches = isList(schema["oneOf"]) ? schema["oneOf"] : [];
  return branches.flatMap((branch) => {
    const required = property(branch, "required");
    return isList(required) && property(branch, "properties") === undefined ? required.map(String) : [];
  });
}

function notExactlyOne(context: Context): Finding | undefined {
  const names = schemasAt(context.schema, context.value, context.path).flatMap(exclusive);
  if (names.length === 0) return otherRule(context);
  const found = names.filter((name) => property(valueAt(context), name) !== undefined);
  const quoted = alternatives(names.map((name) => `"${name}"`));
  const what =
    found.length === 0 ? "none" : alternatives(found.map((name) => `"${name}"`)).replace(" or ", " and ");
  const message = `${labelOf(context)}: exactly one of ${quoted} must be there, found ${what}`;
  const second = found[1];
  return {
    code: "RC2012",
    message,
    at: second === undefined ? placeOf(context) : keyPlace(context.node, [...context.path, second]),
  };
}

function excluded(context: Context): Finding {
  const together = schemasAt(context.schema, context.value, context.path).flatMap((schema) => {
    const required = property(schema["not"], "required");
    return isList(required) ? required.map(String) : [];
  });
  const last = together.at(-1);
  if (last === undefined) return otherRule(context);
  const message = `${labelOf(context)}: ${together.map((name) => `"${name}"`).join(" and ")} must not stand together`;
  return { code: "RC2012", message, at: keyPlace(context.node, [...context.path, last]) };
}

function valueAt({ value, path }: Context): Json {
  let here: Json | undefined = value;
  for (const segment of path) here = isList(here) ? here[Number(segment)] : property(here, segment);
  return here ?? null;
}

/** A secret in clear is not repeated in a message. */
function described({ schema, value, path }: Context, found: Json): string {
  return isSensitive(schemasAt(schema, value, path)) ? "another value" : shown(found);
}

function placeOf({ node, path }: Context, ofValue = false) {
  const found = nodeAt(node, path);
  return ofValue && found !== undefined && found.end > found.start && found.type === "scalar"
    ? found
    : keyPlace(node, path);
}

function labelOf({ label, path }: Context): string {
  return labelled(label, path);
}

/** `Assistant.spec.tools[0].webhook`. */
export function labelled(label: string, path: readonly string[]): string {
  return path.reduce((text, segment) => {
    if (/^\d+$/.test(segment)) return `${text}[${segment}]`;
    return /^[\w-]+$/.test(segment) ? `${text}.${segment}` : `${text}[${shown(segment)}]`;
  }, label);
}
