import { segments } from "../../model/pointer.ts";
import type { SchemaError } from "../../model/validator.ts";
import type { Finding } from "../../model/finding.ts";
import { nodeAt, type Node } from "../../model/node.ts";
import { referencedKinds, schemasAt } from "../../model/json-schema.ts";
import type { Context, Subject } from "./words/context.ts";
import {
  excluded,
  missingDependent,
  missingField,
  notExactlyOne,
  otherRule,
  unknownField,
  wrongKey,
} from "./words/fields.ts";
import { outOfBounds, repeated, wrongCount, wrongForm, wrongLength } from "./words/sizes.ts";
import { notAllowed, unknownVariant, wrongType } from "./words/values.ts";

/** The findings behind the errors of one validation; errors that only wrap others say nothing. */
export function translate(errors: readonly SchemaError[], subject: Subject): readonly Finding[] {
  return withTypesTogether(errors).flatMap((error) => {
    // Said by the error about all keys.
    if (error.propertyName !== undefined) return [];
    const path = segments(error.instancePath);
    const words = WORDS[error.keyword];
    const context = { ...subject, path, params: error.params };
    if (isUnread(subject.node, path) || isReferenceText(context)) return [];
    const finding = words === undefined ? otherRule(context) : words(context);
    return finding === undefined ? [] : [Object.assign(finding, { path: pathOf(error) })];
  });
}

/** A field that must not be there is the one that is wrong. */
function pathOf({ instancePath, params }: SchemaError): readonly string[] {
  const { additionalProperty } = params;
  return [...segments(instancePath), ...(typeof additionalProperty === "string" ? [additionalProperty] : [])];
}

/** Alternatives that each ask for another type are said in one breath. */
function withTypesTogether(errors: readonly SchemaError[]): readonly SchemaError[] {
  const types = new Map<string, Set<string>>();
  for (const { instancePath, keyword, params, propertyName } of errors) {
    if (keyword !== "type" || propertyName !== undefined) continue;
    const all = types.get(instancePath) ?? new Set<string>();
    for (const type of [params["type"]].flat()) all.add(String(type));
    types.set(instancePath, all);
  }
  return errors.flatMap((error) => {
    const all =
      error.keyword === "type" && error.propertyName === undefined ? types.get(error.instancePath) : undefined;
    if (all === undefined) return error.keyword === "type" && error.propertyName === undefined ? [] : [error];
    types.delete(error.instancePath);
    return [Object.assign({}, error, { params: { type: [...all] } })];
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
