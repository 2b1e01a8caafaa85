import { expect, test } from "vitest";
import { changed, checkOf, errorAt, type Mistake } from "../../../../../test/specification/check.ts";
import { schema } from "./schema.ts";

const check = checkOf(schema);

const refund = {
  name: "Refund",
  assistant: { ref: "Assistant/front-desk" },
  telnyx_conversation_channel: "web_chat",
  destination: "https://chat.acme.example",
  instructions: "Ask for a refund.",
  rubric: [{ name: "Empathy", criteria: "Says sorry." }],
  max_duration_seconds: 60,
};

test("a test needs a destination, instructions and a rubric", () => {
  expect(check(refund)).toEqual([]);
  const { destination, instructions, rubric } = refund;
  expect(check({ destination, instructions, rubric })).toEqual([]);
});

test.each<Mistake>([
  ["no destination", "/destination", undefined, "^required"],
  ["an empty destination", "/destination", "", "minLength"],
  ["no instructions", "/instructions", undefined, "^required"],
  ["instructions of 5001 letters", "/instructions", "x".repeat(5001), "maxLength"],
  ["no rubric", "/rubric", undefined, "^required"],
  ["an empty rubric", "/rubric", [], "minItems"],
  ["a criterion without criteria", "/rubric/0/criteria", undefined, "^required"],
  ["a criterion with a weight", "/rubric/0/weight", 2, "^additionalProperties"],
  ["an empty name", "/name", "", "minLength"],
  ["a name of 256 letters", "/name", "x".repeat(256), "maxLength"],
  ["a description of 1001 letters", "/description", "x".repeat(1001), "maxLength"],
  ["a suite of 101 letters", "/test_suite", "x".repeat(101), "maxLength"],
  ["an unknown channel", "/telnyx_conversation_channel", "fax", "enum"],
  ["a time limit of 0", "/max_duration_seconds", 0, "minimum"],
  ["more than an hour", "/max_duration_seconds", 3601, "maximum"],
  ["an id", "/test_id", "x", "^additionalProperties"],
])("a test is rejected for %s", (_, at, value, error) => {
  expect(check(changed(refund, at, value))).toEqual([errorAt(at, error)]);
});
