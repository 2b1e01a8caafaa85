import type { JsonObject } from "../../../model/json.ts";
import { choice, flag, list, number, object, tag, text, variants, when } from "./schema-builders.ts";

/** The tree contains itself: schemas that use it carry `expressionDefs` at their root. */
export const expression: JsonObject = {
  description: "A rule over dynamic variables that is true or false.",
  $ref: "#/$defs/Expression",
};

function operand(description: string): JsonObject {
  return { description, $ref: "#/$defs/Expression" };
}

const comparison = object(
  "Compares two values.",
  {
    type: tag("comparison", "Compares two values."),
    op: choice("How they are compared; `contains` looks into text and lists.", [
      "==",
      "!=",
      "<",
      "<=",
      ">",
      ">=",
      "contains",
      "not_contains",
    ]),
    left: operand("The left side."),
    right: operand("The right side."),
  },
  { required: ["type", "op", "left", "right"] },
);

const boolOp = object(
  "Joins rules with and, or, not.",
  {
    type: tag("bool_op", "Joins rules."),
    op: choice("`not` takes one operand, `and` and `or` two or more.", ["and", "or", "not"]),
    operands: list("The rules to join.", operand("One rule.")),
  },
  {
    required: ["type", "op", "operands"],
    keywords: when(
      { properties: { op: { const: "not" } } },
      { properties: { operands: { minItems: 1, maxItems: 1 } } },
      { properties: { operands: { minItems: 2 } } },
    ),
  },
);

const arithmetic = object(
  "Calculates with two numbers.",
  {
    type: tag("arithmetic", "Calculates with two numbers."),
    op: choice("The calculation.", ["+", "-", "*", "/", "%"]),
    left: operand("The left side."),
    right: operand("The right side."),
  },
  { required: ["type", "op", "left", "right"] },
);

const variable = object(
  "The value of a dynamic variable.",
  { type: tag("variable", "A dynamic variable."), name: text("Its name.", { examples: ["customer_tier"] }) },
  { required: ["type", "name"] },
);

const stringLiteral = object(
  "A text.",
  { type: tag("string_literal", "A text."), value: text("The text.") },
  { required: ["type", "value"] },
);

const numberLiteral = object(
  "A number.",
  { type: tag("number_literal", "A number."), value: number("The number.") },
  { required: ["type", "value"] },
);

const boolLiteral = object(
  "True or false.",
  { type: tag("bool_literal", "True or false."), value: flag("The value.") },
  { required: ["type", "value"] },
);

export const expressionDefs = {
  Expression: variants("A rule over dynamic variables, as a tree.", [
    comparison,
    boolOp,
    arithmetic,
    variable,
    stringLiteral,
    numberLiteral,
    boolLiteral,
  ]),
};
