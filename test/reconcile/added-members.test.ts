import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { kinds } from "../../src/providers/telnyx/kinds/index.ts";
import { hintsOf } from "../../src/reconcile/compare/hints.ts";
import { compare } from "../../src/reconcile/compare/threeway.ts";

const canary = kinds.find(({ kind }) => kind === "CanaryDeploy");
if (canary === undefined) throw new Error("there is no kind CanaryDeploy");
const HINTS = hintsOf(canary);

const ours = { match: [{ attribute: "a", operator: "in", values: ["1"] }], serve: { version_id: "v-1" } };
const rest = { serve: { rollout: [{ version_id: "v-1", weight: 5 }] } };
const desired = { assistant: "a-1", rules: [ours, rest] };
const live = (first: JsonObject, second: JsonObject): JsonObject => ({ ...desired, rules: [first, second] });

function changedPaths(now: JsonObject, wanted: JsonObject = desired): readonly string[] {
  const baseline = { applied: desired, observed: live({ ...ours, id: 1 }, { ...rest, id: 2 }) };
  return compare({ live: now, desired: wanted, baseline }, HINTS).changes.map(({ path }) => path.join("/"));
}

describe("in an element of a list that has no keys", () => {
  test.each<readonly [string, JsonObject]>([
    ["a field", { ...ours, id: 7 }],
    ["a field of a block", { ...ours, serve: { ...ours.serve, hits: 7 } }],
    ["a field of an element", { ...ours, match: [{ attribute: "a", operator: "in", values: ["1"], hits: 7 }] }],
  ])("%s that is not in the schema is not a change, and is kept", (_, first) => {
    expect(changedPaths(live(first, rest))).toEqual([]);
    const { target } = compare({ live: live(first, rest), desired, baseline: undefined }, HINTS);
    expect(target).toEqual(live(first, rest));
  });

  test("a field in the schema is a change", () => {
    expect(changedPaths(live(ours, { ...rest, match: ours.match }))).toEqual(["rules/1/match"]);
  });

  test("a different order of an unordered list is not a change", () => {
    const both = [
      { attribute: "a", operator: "in", values: ["1"] },
      { attribute: "b", operator: "in", values: ["2"] },
    ];
    const wanted = { ...desired, rules: [{ ...ours, match: both }, rest] };
    expect(changedPaths(live({ ...ours, match: both.toReversed(), id: 7 }, rest), wanted)).toEqual([]);
  });

  test("it is removed in a written element, and kept in others", () => {
    const wanted = { ...desired, rules: [ours, { serve: { version_id: "v-1" } }] };
    const now = live({ ...ours, id: 1 }, { ...rest, id: 2 });
    const { target } = compare({ live: now, desired: wanted, baseline: undefined }, HINTS);
    expect(target).toMatchObject({ rules: [{ ...ours, id: 1 }, wanted.rules[1]] });
    expect(changedPaths(now, wanted)).not.toContain("rules/0/id");
  });

  test("a moved element is not affected", () => {
    const wanted = { ...desired, rules: [rest] };
    const { target } = compare(
      { live: live({ ...ours, id: 1 }, rest), desired: wanted, baseline: undefined },
      HINTS,
    );
    expect(target).toEqual({ ...desired, rules: [rest] });
  });
});

test("free-form content has no unknown fields", () => {
  const tool = kinds.find(({ kind }) => kind === "Tool");
  if (tool === undefined) throw new Error("there is no kind Tool");
  const content = (more: JsonObject): JsonObject => ({
    type: "webhook",
    webhook: { name: "w", url: "https://a.example", preset_body_fields: { list: [{ a: 1, ...more }] } },
  });
  const [desired, live] = [content({}), content({ b: 2 })];
  expect(compare({ live, desired, baseline: undefined }, hintsOf(tool)).changes).toHaveLength(1);
});
