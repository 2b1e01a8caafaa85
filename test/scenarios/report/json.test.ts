import { expect, test } from "vitest";
import { isObject, stringify, type Json } from "../../../src/model/json.ts";
import { applyJson } from "../../../src/report/json/apply.ts";
import { driftJson } from "../../../src/report/json/drift.ts";
import { planJson } from "../../../src/report/json/plan.ts";
import { change, path, plan, step } from "./fixtures.ts";
import { plans } from "./plans.ts";
import { results } from "./results.ts";

const VERSION = { rollcallVersion: "0.1.0" };
const text = (value: Json) => `${stringify(value, 2)}\n`;

for (const name of ["everyday", "firstPlan", "everything", "conflicts", "nothing"] as const) {
  test(`plan: ${name}`, async () => {
    await expect(text(planJson(plans[name], VERSION))).toMatchFileSnapshot(`goldens/plan-${name}.json`);
  });
}

for (const name of ["everything", "conflicts", "nothing"] as const) {
  test(`drift: ${name}`, async () => {
    await expect(text(driftJson(plans[name], VERSION))).toMatchFileSnapshot(`goldens/drift-${name}.json`);
  });
}

for (const name of ["everyday", "partial", "interrupted"] as const) {
  test(`apply: ${name}`, async () => {
    const { plan, result } = results[name] ?? expect.unreachable();
    await expect(text(applyJson(result, plan, { ...VERSION, requests: { reads: 21, writes: 9, repeated: 2 } }))).toMatchFileSnapshot(`goldens/apply-${name}.json`);
  });
}

test("the actions of every resource change are Terraform's", () => {
  const changes = planJson(plans.everything, VERSION)["resource_changes"];
  const actions = (Array.isArray(changes) ? changes : []).map((one: Json) =>
    isObject(one) && isObject(one["change"]) ? [one["address"], one["change"]["actions"]] : [],
  );
  expect(Object.fromEntries(actions)).toEqual({
    "Assistant/spanish": ["create"],
    "Assistant/support": ["update"],
    "Assistant/appointments": ["update"],
    "McpServer/calendar": ["no-op"],
    "Tool/open-ticket": ["update"],
    "AssistantVersion/front-desk-candidate": ["create", "delete"],
    "CanaryDeploy/front-desk": ["update"],
    "Assistant/old-line": ["delete"],
    "Tool/hang-up": ["no-op"],
    "McpServer/gone": ["forget"],
    "Assistant/billing": ["no-op"],
    "Assistant/quiet": ["no-op"],
    "Tool/left-over": ["no-op"],
  });
});

test("a refused plan and an empty plan are not applyable", () => {
  expect(planJson(plans.conflicts, VERSION)).toMatchObject({ applyable: false, complete: false });
  expect(planJson(plans.nothing, VERSION)).toMatchObject({ applyable: false, complete: true });
  expect(planJson(plans.everyday, VERSION)).toMatchObject({ applyable: true, complete: true });
});

test("digests, secrets and unknown ids are marked in the shape of the value", () => {
  const secret = "rollcall:sha256:3b1d99a210";
  const one = change("Tool/lookup", "update", {
    changes: [path("webhook.token", "pending", ["plain", "other"], { sensitive: true })],
    before: { webhook: { token: "plain", url: "https://a.example" } },
    after: {
      webhook: { token: "other", url: "https://a.example", headers: [{ name: "A", value: "b" }, { name: "K", value: secret }] },
      owner: { ref: "Assistant/front-desk" },
    },
  });
  expect(planJson(plan({ changes: [one] }), VERSION)["resource_changes"]).toMatchObject([
    {
      change: {
        before_sensitive: { webhook: { token: true } },
        after_sensitive: { webhook: { token: true, headers: [false, { value: true }] } },
        after_unknown: { owner: true },
      },
    },
  ]);
});

test("the body of a step is not printed", () => {
  const sent = step("Tool/lookup", "create", { desired: { webhook: { token: "s3cret" } }, applied: { token: "s3cret" } });
  expect(stringify(planJson(plan({ steps: [sent] }), VERSION))).not.toContain("s3cret");
});

test("integers beyond a double keep their digits", () => {
  const one = change("Tool/lookup", "create", { after: { id: 9007199254740993n } });
  expect(stringify(planJson(plan({ changes: [one] }), VERSION))).toContain('"id":9007199254740993');
});

test("a path named __proto__ is data", () => {
  const drifted = { address: "Tool/a", kind: "Tool", id: "1", what: "changed", unmanaged: [] } as const;
  const changes = [path("x", "drift", [1, 2, 3], { path: "/__proto__/polluted" })];
  const [one] = driftJson(plan({ drift: [{ ...drifted, changes }] }), VERSION)["resource_drift"] as Json[];
  expect(stringify(one ?? null)).toContain('"__proto__":{"polluted":');
  expect(Object.prototype).not.toHaveProperty("polluted");
});
