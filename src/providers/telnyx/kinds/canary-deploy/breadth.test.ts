import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../../model/json.ts";
import { isWiderRollout } from "./breadth.ts";

const TARGET = "telnyx_end_user_target";
const clause = (operator: string, ...values: readonly string[]): JsonObject => ({
  attribute: TARGET,
  operator,
  values,
});
const rollout = (...weights: readonly number[]): JsonObject => ({
  rollout: weights.map((weight, index) => ({ version_id: `v${index}`, weight })),
});
const all: JsonObject = { version_id: "v" };
const canary = (...rules: readonly JsonObject[]): JsonObject => ({ assistant: "a", rules });

test.each<[string, JsonObject, JsonObject, boolean]>([
  ["a greater weight", canary({ serve: rollout(10) }), canary({ serve: rollout(25) }), true],
  ["a smaller weight", canary({ serve: rollout(10) }), canary({ serve: rollout(5) }), false],
  ["a weight divided among two", canary({ serve: rollout(10) }), canary({ serve: rollout(4, 6) }), false],
  [
    "another version with the same share",
    canary({ serve: all }),
    canary({ serve: { version_id: "w" } }),
    false,
  ],
  [
    "one more caller",
    canary({ match: [clause("in", "a")], serve: all }),
    canary({ match: [clause("in", "a", "b")], serve: all }),
    true,
  ],
  [
    "one caller fewer",
    canary({ match: [clause("in", "a", "b")], serve: all }),
    canary({ match: [clause("in", "a")], serve: all }),
    false,
  ],
  [
    "a shorter prefix",
    canary({ match: [clause("starts_with", "+15")], serve: all }),
    canary({ match: [clause("starts_with", "+1")], serve: all }),
    true,
  ],
  [
    "a longer prefix",
    canary({ match: [clause("starts_with", "+1")], serve: all }),
    canary({ match: [clause("starts_with", "+15")], serve: all }),
    false,
  ],
  [
    "one exception fewer",
    canary({ match: [clause("not_in", "a", "b")], serve: all }),
    canary({ match: [clause("not_in", "a")], serve: all }),
    true,
  ],
  ["a removed condition", canary({ match: [clause("in", "a")], serve: all }), canary({ serve: all }), true],
  [
    "a rule for everyone at the end",
    canary({ match: [clause("in", "a")], serve: all }),
    canary({ match: [clause("in", "a")], serve: all }, { serve: rollout(1) }),
    true,
  ],
  [
    "a rule that is never reached",
    canary({ serve: rollout(5) }),
    canary({ serve: rollout(5) }, { serve: all }),
    false,
  ],
  [
    "a removed rule that kept callers from the next one",
    canary({ match: [clause("in", "a")], serve: rollout(0) }, { serve: all }),
    canary({ serve: all }),
    true,
  ],
  [
    "the older form rewritten as rules",
    { versions: [{ version_id: "v", percentage: 10 }] },
    canary({ serve: rollout(10) }),
    false,
  ],
  ["a removed rule", canary({ serve: all }), canary(), false],
])("%s", (_, before, after, expected) => {
  expect(isWiderRollout(before, after)).toBe(expected);
});

const words = fc.stringMatching(/^[ab]{0,3}$/);
const rules = fc.record({
  match: fc.array(
    fc
      .tuple(fc.constantFrom("in", "not_in", "starts_with"), fc.array(words, { minLength: 1, maxLength: 2 }))
      .map(([operator, values]) => clause(operator, ...values)),
    { maxLength: 2 },
  ),
  serve: fc.oneof(
    fc.constant(all),
    fc.nat(99).map((weight) => rollout(weight)),
  ),
});
const canaries = fc.array(rules, { maxLength: 3 }).map((list) => canary(...list));

test("a rollout is not wider than itself, nor than with a rule for everyone before it", () => {
  fc.assert(
    fc.property(canaries, (one) => {
      expect(isWiderRollout(one, one)).toBe(false);
      expect(isWiderRollout(canary({ serve: all }, ...(one["rules"] as JsonObject[])), one)).toBe(false);
    }),
  );
});

test("a rollout that gives a caller a greater share is wider", () => {
  fc.assert(
    fc.property(canaries, words, (one, caller) => {
      const more = canary({ match: [clause("in", caller)], serve: all }, ...(one["rules"] as JsonObject[]));
      const less = canary(
        { match: [clause("in", caller)], serve: rollout(0) },
        ...(one["rules"] as JsonObject[]),
      );
      expect(isWiderRollout(less, more)).toBe(true);
      expect(isWiderRollout(more, less)).toBe(false);
    }),
  );
});
