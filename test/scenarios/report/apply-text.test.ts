import { expect, test } from "vitest";
import type { ApplyEvent } from "../../../src/model/event.ts";
import { applyText } from "../../../src/report/text/apply.ts";
import { applyProgressLine } from "../../../src/report/text/progress.ts";
import { plans } from "./plans.ts";
import { millisecondsOf, resultOf, results } from "./results.ts";

const EFFORT = { requests: { reads: 21, writes: 9, repeated: 2 }, seconds: 2.04 };
const PLAIN = { colour: false, width: 100 };

for (const [name, { plan, result }] of Object.entries(results)) {
  test(`apply: ${name}`, async () => {
    const text = applyText(result, plan, {
      style: PLAIN,
      milliseconds: millisecondsOf(plan),
      effort: EFFORT,
    });
    await expect(text).toMatchFileSnapshot(`goldens/apply-${name}.txt`);
  });

  test(`progress: ${name}`, async () => {
    const events = result.steps.flatMap(({ step, outcome }, index): readonly ApplyEvent[] => {
      const ended = { type: "step-ended", step, outcome, milliseconds: 310 + index * 270 } as const;
      const ran = outcome.status !== "blocked" && outcome.status !== "not-started";
      return ran ? [{ type: "step-started", step }, ended] : [ended];
    });
    await expect(`${events.map(applyProgressLine).join("\n")}\n`).toMatchFileSnapshot(`goldens/progress-${name}.txt`);
  });
}

const COMPLETE = /Apply complete!/;

test("a step without a result counts as not started", () => {
  const { steps, serial } = resultOf(plans.everyday);
  const text = applyText({ steps: steps.slice(1), serial }, plans.everyday, { style: PLAIN });
  expect(text).not.toMatch(COMPLETE);
  expect(text).toContain("Apply incomplete: 1 not started.");
});

test("an apply is not complete after a refusal or an early stop", () => {
  const refused = applyText({ steps: [], serial: 41 }, { ...plans.conflicts, steps: [] }, { style: PLAIN });
  expect(refused).not.toMatch(COMPLETE);
  expect(refused).toContain("Nothing was written.");
  const stopped = applyText(resultOf(plans.everyday, {}, "interrupted"), plans.everyday, { style: PLAIN });
  expect(stopped).not.toMatch(COMPLETE);
});

test.each(["failed", "blocked", "not-started"] as const)("one step that is %s is enough for incomplete", (status) => {
  const outcome = {
    failed: { status: "failed", wrote: false, failure: { why: "stale", message: "it moved" } },
    blocked: { status: "blocked", by: ["McpServer/crm"] },
    "not-started": { status: "not-started", because: "stopped" },
  } as const;
  const result = resultOf(plans.everyday, { "Assistant/front-desk": outcome[status] });
  expect(applyText(result, plans.everyday, { style: PLAIN })).not.toMatch(COMPLETE);
});
