import { Ajv2020 } from "ajv/dist/2020.js";
import { isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import { AJV_OPTIONS, prepared, type Validator } from "./compile.ts";
import type { Report } from "./finding.ts";
import { translate, type Subject } from "./translate.ts";

/** Validators by name: those that were compiled ahead of time, and those that had to be compiled now. */
export interface Validators {
  readonly ready: Readonly<Record<string, Validator>>;
  readonly compiled: Map<JsonObject, Validator>;
}

/** Reports what is wrong with the shape of a value; true when nothing is. */
export function validateShape(name: string, subject: Subject, validators: Validators, report: Report): boolean {
  const validator = validators.ready[name] ?? compiledFor(subject.schema, validators);
  if (validator(subject.value) || validator(withDoubles(subject.value))) return true;
  for (const finding of translate(validator.errors ?? [], subject)) report(finding);
  return false;
}

/** Validators know the numbers of JavaScript only. */
function withDoubles(value: Json): Json {
  if (typeof value === "bigint") return Number(value);
  if (isList(value)) return value.map(withDoubles);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDoubles(item)]));
}

function compiledFor(schema: JsonObject, { compiled }: Validators): Validator {
  const found = compiled.get(schema);
  if (found !== undefined) return found;
  const validator: Validator = new Ajv2020(AJV_OPTIONS).compile(prepared(schema));
  compiled.set(schema, validator);
  return validator;
}
