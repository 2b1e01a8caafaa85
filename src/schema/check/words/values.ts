import { isList, itemsOf, property, type Json, type JsonObject } from "../../../model/json.ts";
import type { Finding } from "../../../model/finding.ts";
import { nodeAt } from "../../../model/node.ts";
import { oldBoolean } from "../../read/scalar.ts";
import { discriminatorOf, knownValues, referencedKinds, tagOf } from "../../../model/json-schema.ts";
import { listed, didYouMean, mistyped } from "../../../model/suggest.ts";
import { alternatives, shown, typeShown, mustBe, oneOf } from "../../diagnostics/shown.ts";
import {
  described,
  isSecret,
  labelOf,
  placeOfMapping,
  placeOfValue,
  schemasOf,
  valueAt,
  type Context,
} from "./context.ts";

export function wrongType(context: Context): Finding {
  const { params } = context;
  const found = valueAt(context);
  const types = isList(params["type"] as Json) ? (params["type"] as string[]) : [String(params["type"])];
  const schemas = schemasOf(context);
  const allowed = alternatives(types.filter((type) => type !== "null").map(typeShown));
  const at = placeOfValue(context);
  if (found === null) {
    const message = mustBe(labelOf(context), allowed, "null");
    return {
      code: "RC2013",
      message,
      at,
      hint: "leave the field out, or give it a value; an empty value is null",
    };
  }
  if (property(found, "ref") !== undefined && referencedKinds(schemas).length === 0) {
    return {
      code: "RC3004",
      message: `${labelOf(context)}: a reference is not allowed here`,
      at,
      hint: `allowed: ${allowed}`,
    };
  }
  return {
    code: "RC2005",
    message: mustBe(labelOf(context), allowed, described(context, found)),
    at,
    hint: secretHint(schemas) ?? (isSecret(context) ? undefined : typeHint(context, found, types)),
  };
}

function secretHint(schemas: readonly JsonObject[]): string | undefined {
  const names = schemas.some((schema) => schema["x-secret-identifier"] === true);
  return names ? "write the identifier of an integration secret" : undefined;
}

function typeHint({ node, path }: Context, found: Json, types: readonly string[]): string | undefined {
  if (property(found, "file") !== undefined && !types.includes("object")) return "{ file } is for text only";
  const here = nodeAt(node, path);
  const plain = here?.type === "scalar" ? here.plain : undefined;
  if (types.includes("boolean") && (found === "true" || found === "false")) return "remove the quotes";
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

export function notAllowed(context: Context): Finding | undefined {
  const { params } = context;
  const found = valueAt(context);
  const schemas = schemasOf(context);
  const given =
    "allowedValues" in params ? (params["allowedValues"] as readonly Json[]) : [params["allowedValue"] as Json];
  const values = given.filter((value) => value !== null);
  const known = knownValues(schemas);
  const texts = values.map((value) => (typeof value === "string" ? value : shown(value)));
  const hint = typeof found === "string" ? didYouMean(found, texts) : undefined;
  const list = listed(values.map(shown), 20);
  const at = placeOfValue(context);
  if (known.length > 0 && values.every((value) => known.includes(String(value)))) {
    // A template becomes a value when the conversation runs.
    if (typeof found === "string" && found.includes("{{")) return undefined;
    return (
      mistakenValue(context, found, known) ?? {
        code: "RC2014",
        message: `${labelOf(context)}: ${described(context, found)} is not a known value`,
        at,
        hint: hint ?? `known: ${list}`,
      }
    );
  }
  const type = wrongTypeForEnum(found, values);
  if (type) return undefined;
  return {
    code: found === null ? "RC2013" : "RC2006",
    message: mustBe(labelOf(context), oneOf(values.map(shown)), described(context, found)),
    at,
    hint,
  };
}

/** A value that is not a new one, but a known one that is written wrongly. */
function mistakenValue(context: Context, found: Json, known: readonly string[]): Finding | undefined {
  if (typeof found !== "string") return undefined;
  const at = placeOfValue(context);
  const meant = mistyped(found, known);
  if (meant !== undefined) {
    const message = `${labelOf(context)}: ${described(context, found)} is not a known value`;
    return { code: "RC2022", message, at, hint: `did you mean "${meant}"?` };
  }
  const block = context.path.at(-1) === "type" ? blockBeside(context, known) : undefined;
  if (block === undefined) return undefined;
  return {
    code: "RC2022",
    message: `${labelOf(context)}: ${described(context, found)} does not match the settings of type "${block}" in the same mapping`,
    at,
    hint: `write \`type: ${block}\`, or the settings under "${found}"`,
  };
}

/** The settings of another type that stand beside a type. */
function blockBeside(context: Context, types: readonly string[]): string | undefined {
  const parent = valueAt({ ...context, path: context.path.slice(0, -1) });
  return types.find((type) => property(parent, type) !== undefined);
}

/** The type is reported as wrong already. */
function wrongTypeForEnum(found: Json, values: readonly Json[]): boolean {
  return values.length > 0 && values.every((value) => typeof value !== typeof found);
}

export function unknownVariant(context: Context): Finding | undefined {
  const tag = String(context.params["tag"]);
  const found = property(valueAt(context), tag);
  const path = [...context.path, tag];
  if (found === undefined) {
    return {
      code: "RC2001",
      message: `required field "${tag}" is missing in ${labelOf(context)}`,
      at: placeOfMapping(context),
      hint: `allowed: ${listed(variantsOf(context, tag), 20)}`,
    };
  }
  const variants = variantsOf(context, tag);
  return {
    code: "RC2006",
    message: mustBe(labelOf({ ...context, path }), oneOf(variants.map((name) => shown(name))), shown(found)),
    at: nodeAt(context.node, path),
    hint: typeof found === "string" ? didYouMean(found, variants) : undefined,
  };
}

function variantsOf(context: Context, tag: string): readonly string[] {
  return schemasOf(context)
    .filter((sub) => discriminatorOf(sub) === tag)
    .flatMap((sub) => itemsOf(sub["oneOf"]))
    .map((branch) => tagOf(branch, tag))
    .filter((constant) => typeof constant === "string");
}
