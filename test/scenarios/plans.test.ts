/**
 * What a plan says, case by case: each folder holds its manifests, what is live, perhaps a ledger and options, and the
 * text of the plan that follows, with its steps. One case for each action has the plan as JSON, too.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { stringify } from "../../src/model/json.ts";
import type { Action, Step } from "../../src/model/plan.ts";
import { planText } from "../../src/report/text/plan.ts";
import { planned, plannedScenario, PLANS, publishedPlan } from "./planned.ts";
import { situationOf } from "./field-shapes.ts";

const cases = readdirSync(PLANS);

describe("the text and the steps of a plan", () => {
  test.each(cases)("%s", async (name) => {
    const plan = await plannedScenario(name);
    const text = planText(plan, { style: { colour: false, width: 100 }, showUnmanaged: true });
    const steps = plan.steps.map(stepLine);
    await expect([text, "Steps:", ...steps, ""].join("\n")).toMatchFileSnapshot(join(PLANS, name, "plan.txt"));
  });
});

/** The case whose JSON is kept for each action. */
const JSON_CASES: Record<Action, string> = {
  create: "create",
  update: "scalar-pending",
  replace: "replace",
  delete: "prune",
  adopt: "adopt-without-difference",
  move: "move",
  forget: "forget-what-is-gone",
  observe: "observed-drift",
  "no-op": "scalar-in-sync",
};

describe("the JSON of a plan", () => {
  test.each(Object.entries(JSON_CASES))("%s: %s", async (action, name) => {
    const plan = await plannedScenario(name);
    expect(plan.changes.map((change) => change.action)).toContain(action);
    const json = stringify(publishedPlan(plan), 2);
    await expect(`${json}\n`).toMatchFileSnapshot(join(PLANS, name, "plan.json"));
  });

  test("no other case has a JSON file", () => {
    const kept = cases.filter((name) => existsSync(join(PLANS, name, "plan.json")));
    expect(kept).toEqual(Object.values(JSON_CASES).sort());
  });
});

test("the text of each class of a field", async () => {
  const scenes = ["manifest changed", "portal changed", "both changed", "not in the ledger"] as const;
  const others = ["no longer declared", "never declared, portal changed"] as const;
  const texts = await Promise.all(
    [...scenes, ...others].map(async (scene) => {
      const plan = await planned(situationOf("text of several lines", scene));
      return `=== ${scene}\n${planText(plan, { style: { colour: false, width: 100 }, showUnmanaged: true })}`;
    }),
  );
  await expect(`${texts.join("\n")}\n`).toMatchFileSnapshot(join(import.meta.dirname, "field-classes.txt"));
});

function stepLine({ id, action, needs }: Step): string {
  return `  ${action} ${id}${needs.length === 0 ? "" : ` after ${needs.join(", ")}`}`;
}
