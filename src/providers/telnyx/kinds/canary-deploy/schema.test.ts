import { expect, test } from "vitest";
import type { Json } from "../../../../model/json.ts";
import { changed, checkOf } from "../../../../../test/specification/check.ts";
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

test("a canary has rules, or the versions of old", () => {
  expect(check(canary)).toEqual([]);
  expect(check(legacy)).toEqual([]);
  expect(check(changed(canary, "/rules/0/match/0/attribute", "caller_region"))).toEqual([]);
  expect(check(changed(canary, "/rules/0/serve/version_id", "a-literal-id"))).toEqual([]);
});

test.each<readonly [string, string, Json | undefined, readonly string[]]>([
  ["no assistant", "/assistant", undefined, [" required"]],
  ["no rules", "/rules", undefined, [" required", " required", " oneOf"]],
  ["rules of both forms", "/versions", legacy.versions, [" oneOf"]],
  ["a rule that serves nothing", "/rules/0/serve", undefined, ["/rules/0 required"]],
  ["a version and a rollout", "/rules/0/serve/rollout", [], ["/rules/0/serve oneOf"]],
  ["a clause without values", "/rules/0/match/0/values", [], ["/rules/0/match/0/values minItems"]],
  ["an operator that there is not", "/rules/0/match/0/operator", "equals", ["/rules/0/match/0/operator enum"]],
  ["a weight above 100", "/rules/1/serve/rollout/0/weight", 101, ["/rules/1/serve/rollout/0/weight maximum"]],
  ["a weight below 0", "/rules/1/serve/rollout/0/weight", -1, ["/rules/1/serve/rollout/0/weight minimum"]],
  [
    "a share without weight",
    "/rules/1/serve/rollout/0/weight",
    undefined,
    ["/rules/1/serve/rollout/0 required"],
  ],
  [
    "an assistant as version",
    "/rules/0/serve/version_id",
    { ref: "Assistant/x" },
    ["/rules/0/serve/version_id/ref pattern"],
  ],
])("a canary is rejected for %s", (_, at, value, errors) => {
  expect(check(changed(canary, at, value))).toEqual(errors);
});

test.each([0, 100])("a version of old has a share above 0 and below 100, not %d", (percentage) => {
  expect(check(changed(legacy, "/versions/0/percentage", percentage))).toHaveLength(1);
});
