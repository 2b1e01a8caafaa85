import { isList, isObject, type Json, type JsonObject, mapMembers } from "../../model/json.ts";
import type { CompiledValidator, SchemaError, Validator } from "../../model/validator.ts";
import { AJV_OPTIONS, prepared, schemaDigest } from "./compile.ts";
import { envelopeSchema } from "./envelope-schema.ts";
import { projectSchema } from "./project-schema.ts";
import type { ReportFinding } from "../../model/finding.ts";
import { severityOf } from "../diagnostics/finding.ts";
import { validators as generated } from "./generated/validators.ts";
import { translate } from "./translate.ts";
import type { Subject } from "./words/context.ts";
import type { Kind } from "../../model/kind.ts";

/** By name of kind, with `Manifest` for what all manifests have in common and `Project` for `rollcall.yaml`. */
export type Validators = ReadonlyMap<string, Validator>;

/**
 * The validators of `rollcall.yaml`, of what all manifests have in common, and of the given kinds: those that were compiled
 * ahead of time where the schema is the same; others are compiled now.
 */
export async function validatorsFor(kinds: Iterable<Kind>): Promise<Validators> {
  const all: readonly Validated[] = [
    { kind: "Manifest", schema: envelopeSchema, validator: generated["Manifest"] },
    { kind: "Project", schema: projectSchema, validator: generated["Project"] },
    ...kinds,
  ];
  return new Map(await Promise.all(all.map(async (one) => [one.kind, await validatorOf(one)] as const)));
}

interface Validated extends Pick<Kind, "kind" | "schema"> {
  readonly validator?: CompiledValidator | undefined;
}

function validatorOf({ schema, validator }: Validated): Promise<Validator> {
  return validator?.digest === schemaDigest(schema) ? validator.load() : compiled(schema);
}

const COMPILED = new WeakMap<JsonObject, Validator>();

/** The compiler is loaded only where it is needed. */
export async function compiled(schema: JsonObject): Promise<Validator> {
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
export function validateShape(
  name: string,
  subject: Subject,
  validators: Validators,
  report: ReportFinding,
): boolean {
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
  return isObject(value) ? mapMembers(value, withDoubles) : value;
}
