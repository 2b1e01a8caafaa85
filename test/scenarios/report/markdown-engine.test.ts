import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyMarkdown } from "../../../src/report/markdown/apply.ts";
import { driftMarkdown } from "../../../src/report/markdown/drift.ts";
import { planMarkdown } from "../../../src/report/markdown/plan.ts";
import { hostile, hostilePlan, hostileText } from "./hostile.ts";
import { huge, many, rewrite } from "./large.ts";
import { outline } from "./markdown-engine.ts";
import { plans } from "./plans.ts";
import { millisecondsOf, resultOf, results } from "./results.ts";

const WHOLE = "https://ci.example/runs/41";
const TWELVE = { ...plans, rewrite, many: many(300), huge, hostile };

describe("rendered by a Markdown engine", () => {
  for (const [name, plan] of Object.entries(TWELVE)) {
    test(`plan: ${name}`, async () => {
      const page = planMarkdown(plan, { planId: "sha256:1f0c", wholeAt: WHOLE });
      expect(page.length).toBeLessThan(65_536);
      await expect(outline(page, WHOLE)).toMatchFileSnapshot(`goldens/outline-${name}.txt`);
    });
  }

  for (const name of ["everything", "conflicts"] as const) {
    test(`drift: ${name}`, async () => {
      await expect(outline(driftMarkdown(plans[name]))).toMatchFileSnapshot(`goldens/outline-drift-${name}.txt`);
    });
  }

  for (const [name, { plan, result }] of Object.entries(results)) {
    test(`apply: ${name}`, async () => {
      const page = applyMarkdown(result, plan, { milliseconds: millisecondsOf(plan) });
      await expect(outline(page)).toMatchFileSnapshot(`goldens/outline-apply-${name}.txt`);
    });
  }
});

test("every resource of a plan has a section of its own", () => {
  const read = outline(planMarkdown(plans.everything));
  for (const { address, action, changes, reason } of plans.everything.changes) {
    const isTold = action !== "no-op" || changes.length > 0 || reason !== undefined;
    expect(new RegExp(`^(?:details.*: |p ).*${address}`, "m").test(read)).toBe(isTold);
  }
});

test("no text is rendered as a link, image, mention, heading, list or element", () => {
  fc.assert(
    fc.property(hostilePlan, (plan) => {
      outline(planMarkdown(plan));
      outline(driftMarkdown(plan));
    }),
    { numRuns: 300 },
  );
});

test("no response of the API is either", () => {
  fc.assert(
    fc.property(hostilePlan, hostileText, (plan, text) => {
      const request = { reason: "invalid", message: text, method: "POST", path: `/${text}`, effect: "no", requestId: text } as const;
      const failure = { why: "request", failure: request } as const;
      const outcomes = Object.fromEntries(plan.steps.map(({ id }) => [id, { status: "failed", wrote: true, failure } as const]));
      outline(applyMarkdown(resultOf(plan, outcomes, text), plan));
    }),
  );
});

test("a shortened page is still valid Markdown", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2500, max: 40_000 }), fc.integer({ min: 1, max: 40 }), (limit, count) => {
      outline(planMarkdown(many(count), { limit, wholeAt: WHOLE }), WHOLE);
    }),
    { numRuns: 30 },
  );
});
