import { valueIn } from "../../model/at-path.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { pointer, segments } from "../../model/pointer.ts";
import type { Validators } from "../check/validate.ts";
import { declaredFields, type Fields } from "./declared-fields.ts";
import { invalidValues } from "./invalid-values.ts";
import { LEAVE } from "./unwritable.ts";
import { leaveOut, withoutSecrets, type LeftOut, type Problem } from "./without-secrets.ts";

const NAME = "give it a name in the portal, and pull again";

/** What a new manifest declares of a live object. */
export interface Declarable {
  readonly spec: JsonObject;
  /** Secrets, and what a file cannot hold. */
  readonly secrets: readonly LeftOut[];
  /** What validation does not accept, such as a value that is newer than the schema. */
  readonly invalid: readonly LeftOut[];
}

/** Of a live spec, what a manifest can declare so that it is valid. All else is left out, and keeps its live value. */
export function declarable(
  live: JsonObject,
  kind: Kind,
  { validators, fields }: { readonly validators: Validators; readonly fields: Fields },
): Declarable {
  const { spec: writable, left: secrets } = withoutSecrets(live, kind);
  const invalid = new Map(unnamed(live, kind).map((one) => [one.undeclared, one]));
  let rest = writable;
  for (;;) {
    const spec = declaredFields(rest, kind, fields);
    if (isWhole([...secrets, ...invalid.values()])) return { spec, secrets, invalid: [...invalid.values()] };
    const problems = problemsIn(spec, kind, validators);
    if (problems.length === 0) return { spec, secrets, invalid: [...invalid.values()] };
    const next = leaveOut(rest, kind, problems);
    const isNew = next.left.some(({ undeclared }) => !invalid.has(undeclared));
    for (const one of next.left) {
      // What is left out already and still wrong cannot be declared at all.
      const found = isNew ? one : { ...one, undeclared: "" };
      if (!invalid.has(found.undeclared)) invalid.set(found.undeclared, found);
    }
    rest = next.spec;
  }
}

/** Nothing of the object can be declared. */
function isWhole(left: readonly LeftOut[]): boolean {
  return left.some(({ undeclared }) => undeclared === "");
}

/** A manifest always has a remote name; by default that of its address. */
function unnamed(live: JsonObject, { identity: { name } }: Kind): readonly LeftOut[] {
  const isNamed = name === undefined || (valueIn(live, segments(name)) ?? null) !== null;
  return isNamed ? [] : [{ pointer: name, undeclared: "", why: "the object has no name", hint: NAME }];
}

function problemsIn(spec: JsonObject, kind: Kind, validators: Validators): readonly Problem[] {
  const found = new Map(
    invalidValues(spec, kind, validators).map(({ path, message }): [string, Problem] => [
      pointer(path),
      { path, why: `validation does not accept it: ${message}`, hint: LEAVE },
    ]),
  );
  return [...found.values()];
}
