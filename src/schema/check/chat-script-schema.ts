import type { JsonObject } from "../../model/json.ts";

const MOST_TURNS = 200;
const LONGEST_PATTERN = 1000;

const texts = (description: string, maxLength?: number): JsonObject => ({
  description,
  type: ["string", "array"],
  minLength: 1,
  minItems: 1,
  ...(maxLength !== undefined && { maxLength }),
  items: { type: "string", minLength: 1, ...(maxLength !== undefined && { maxLength }) },
});

const conditions = {
  contains: texts(
    "A text that must be in the answer, or a list of texts; upper and lower case and line ends do not count.",
  ),
  matches: texts("A regular expression in the syntax of RE2, or a list; `(?i)` ignores case.", LONGEST_PATTERN),
};

const expectations: JsonObject = {
  description: "What the answer must be like.",
  type: "object",
  properties: {
    ...conditions,
    not: {
      description: "What must not be so.",
      type: "object",
      properties: conditions,
      minProperties: 1,
      additionalProperties: false,
    },
  },
  minProperties: 1,
  additionalProperties: false,
};

/** A chat script: a document with `turns`, and without `apiVersion` and `kind`. */
export const chatScriptSchema: JsonObject = {
  type: "object",
  properties: {
    turns: {
      description: "The messages of a scripted conversation, in this order.",
      type: "array",
      minItems: 1,
      maxItems: MOST_TURNS,
      items: {
        type: "object",
        properties: {
          say: {
            description: "The message.",
            type: "string",
            minLength: 1,
            pattern: "\\S",
            "x-form": "a text that is not blank",
          },
          expect: expectations,
        },
        required: ["say"],
        additionalProperties: false,
      },
    },
  },
  required: ["turns"],
  additionalProperties: false,
};
