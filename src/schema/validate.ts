import { isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import {
  AJV_OPTIONS,
  prepared,
  schemaDigest,
  type CompiledValidator,
  type SchemaError,
  type Validator,
} from "./compile.ts";
import { envelopeSchema } from "./envelope-schema.ts";
import { projectSchema } from "./project-schema.ts";
import { severityOf, type Report } from "./finding.ts";
import { validators as generated } from "./generated/validators.ts";
import { translate } from "./translate.ts";
import type { Subject } from "./words/context.ts";
import type { Kind } from "../model/kind.ts";

/** By name of kind, with `Manifest` for what all manifests have in common and `Project` for `rollcall.yaml`. */
export type Validators = ReadonlyMap<string, Validator>;

/**
 * The validators of `rollcall.yaml`, of what all manifests have in common, and of the given kinds: those that were compiled
 * ahead of time where the schema is the same; others are compiled now.
 */
export async function validatorsFor(
  kinds: Iterable<Kind>,
  ready: Readonly<Record<string, CompiledValidator>> = generated,
): Promise<Validators> {
  const schemas: (readonly [string, JsonObject])[] = [
    ["Manifest", envelopeSchema],
    ["Project", projectSchema],
    ...[...kinds].map(({ kind, schema }) => [kind, schema] as const),
  ];
  const found = await Promise.all(
    schemas.map(async ([name, schema]) => {
      const compiled = Object.hasOwn(ready, name) ? ready[name] : undefined;
      const fits = compiled !== undefined && compiled.digest === schemaDigest(schema);
      return [name, await (fits ? compiled.load() : compile(schema))] as const;
    }),
  );
  return new Map(found);
}

const COMPILED = new WeakMap<JsonObject, Validator>();

/** The compiler is loaded only where it is needed. */
async function compile(schema: JsonObject): Promise<Validator> {
  const known = COMPILED.get(schema);
  if (known !== undefined) return known;
  const { Ajv } = await import("ajv");
  const validator: Validator = new Ajv(AJV_OPTIONS).compile(prepared(schema));
  COMPILED.set(schema, validator);
  return validator;
}

/** More problems than anyone reads; a bound for hostile files. */
const MOST_ERRORS = 500;

/** Reports what is wrong with the shape of a value; true when nothing worse than a warning is. */
export function validateShape(name: string, subject: Subject, validators: Validators, report: Report): boolean {
  const validator = validators.get(name);
  if (
    validator === undefined ||
    validator(subject.value) ||
    (hasBigint(subject.value) && validator(withDoubles(subject.value)))
  )
    return true;
  const errors: readonly SchemaError[] = validator.errors ?? [];
  const findings = translate(errors.slice(0, MOST_ERRORS), subject);
  for (const finding of findings) report(finding);
  return findings.every(({ code }) => severityOf(code) !== "error");
}

function hasBigint(value: Json): boolean {
  if (typeof value === "bigint") return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasBigint);
}

/** Validators know the numbers of JavaScript only. */
function withDoubles(value: Json): Json {
  if (typeof value === "bigint") return Number(value);
  if (isList(value)) return value.map(withDoubles);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDoubles(item)]));
}
