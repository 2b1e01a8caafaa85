import { expect, test } from "vitest";
import { changed, checkOf, errorAt, type Mistake } from "../../../../../test/specification/check.ts";
import { schema } from "./schema.ts";

const check = checkOf(schema);

const V2 = { ref: "AssistantVersion/warmer" };

const canary = {
  assistant: { ref: "Assistant/front-desk" },
  rules: [
    {
      match: [{ attribute: "telnyx_end_user_target", operator: "starts_with", values: ["+1555"] }],
      serve: { version_id: V2 },
    },
    { serve: { rollout: [{ version_id: V2, weight: 10 }] } },
  ],
};

const legacy = { assistant: canary.assistant, versions: [{ version_id: V2, percentage: 10 }] };

test("a canary has rules, or versions in the older form", () => {
  expect(check(canary)).toEqual([]);
  expect(check(legacy)).toEqual([]);
  expect(check(changed(canary, "/rules/0/match/0/attribute", "caller_region"))).toEqual([]);
  expect(check(changed(canary, "/rules/0/serve/version_id", "a-literal-id"))).toEqual([]);
});

test.each<Mistake>([
  ["no assistant", "/assistant", undefined, "^required"],
  ["no rules", "/rules", undefined, "^required"],
  ["rules and versions", "/versions", legacy.versions, "^not"],
  ["a rule that serves nothing", "/rules/0/serve", undefined, "^required"],
  ["a version and a rollout", "/rules/0/serve/rollout", [], "^oneOf"],
  ["a clause without values", "/rules/0/match/0/values", [], "minItems"],
  ["an unknown operator", "/rules/0/match/0/operator", "equals", "enum"],
  ["a weight above 100", "/rules/1/serve/rollout/0/weight", 101, "maximum"],
  ["a weight below 0", "/rules/1/serve/rollout/0/weight", -1, "minimum"],
  ["a share without weight", "/rules/1/serve/rollout/0/weight", undefined, "^required"],
  ["an assistant as version", "/rules/0/serve/version_id", { ref: "Assistant/x" }, "/ref pattern"],
])("a canary is rejected for %s", (_, at, value, error) => {
  expect(check(changed(canary, at, value))).toEqual([errorAt(at, error)]);
});

test("a rule serves something", () => {
  expect(check(changed(canary, "/rules/0/serve", {}))).toContain("/rules/0/serve oneOf");
});

test.each([0, 100])("a version in the older form has a share above 0 and below 100, not %d", (percentage) => {
  expect(check(changed(legacy, "/versions/0/percentage", percentage))).toHaveLength(1);
});
