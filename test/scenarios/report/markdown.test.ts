import * as fc from "fast-check";
import { expect, test } from "vitest";
import { applyMarkdown } from "../../../src/report/markdown/apply.ts";
import { commentMarker } from "../../../src/report/markdown/assemble.ts";
import { driftMarkdown } from "../../../src/report/markdown/drift.ts";
import { planMarkdown } from "../../../src/report/markdown/plan.ts";
import { plan } from "./fixtures.ts";
import { hostile, hostilePlan, hostileText } from "./hostile.ts";
import { huge, many, rewrite } from "./large.ts";
import { expectIntact } from "./markdown-structure.ts";
import { plans } from "./plans.ts";
import { millisecondsOf, resultOf, results } from "./results.ts";

const LIMIT = 65_536;
const CUT = { planId: "sha256:1f0c", wholeAt: "https://ci.example/runs/41" };
const pages = { ...plans, rewrite, many: many(300), huge, hostile };

for (const [name, one] of Object.entries(pages)) {
  test(`plan: ${name}`, async () => {
    const page = planMarkdown(one, CUT);
    expectIntact(page);
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(LIMIT);
    await expect(page).toMatchFileSnapshot(`goldens/plan-${name}.md`);
  });
}

for (const name of ["driftOnly", "everything", "conflicts", "nothing"] as const) {
  test(`drift: ${name}`, async () => {
    const page = driftMarkdown(plans[name]);
    expectIntact(page);
    await expect(page).toMatchFileSnapshot(`goldens/drift-${name}.md`);
  });
}

for (const [name, { plan, result }] of Object.entries(results)) {
  test(`apply: ${name}`, async () => {
    const page = applyMarkdown(result, plan, { milliseconds: millisecondsOf(plan) });
    expectIntact(page);
    await expect(page).toMatchFileSnapshot(`goldens/apply-${name}.md`);
  });
}

test("no text can break the structure or be a mention or a link", () => {
  fc.assert(
    fc.property(hostilePlan, (plan) => {
      expectIntact(planMarkdown(plan));
      expectIntact(driftMarkdown(plan));
    }),
  );
});

test("no response of the API can either", () => {
  fc.assert(
    fc.property(hostilePlan, hostileText, (plan, text) => {
      const failure = { why: "unverified", mismatches: [{ path: `/${text}`, sent: text, live: [text] }] } as const;
      const outcomes = Object.fromEntries(plan.steps.map(({ id }) => [id, { status: "failed", wrote: true, failure } as const]));
      expectIntact(applyMarkdown(resultOf(plan, outcomes, text), plan));
    }),
  );
});

test("the page respects any limit and stays well-formed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2500, max: 60_000 }), fc.integer({ min: 1, max: 60 }), (limit, count) => {
      const page = planMarkdown(many(count), { limit });
      expect(Buffer.byteLength(page)).toBeLessThanOrEqual(limit);
      expectIntact(page);
      expect(page).toContain("**Plan: ");
    }),
    { numRuns: 40 },
  );
});

test("the longest diff is shortened first, with a note", () => {
  const page = planMarkdown(huge, CUT);
  expect(page).toMatch(/^> ✂️ Cut to fit: 1 long diff shortened\. The whole: <https:\/\/ci\.example\/runs\/41>$/m);
  expect(page.match(/⋮ {3}\d+ lines cut/g)).toHaveLength(1);
  expect(page.length).toBeGreaterThan(LIMIT * 0.7);
});

test("a page that fits is not cut", () => {
  expect(planMarkdown(rewrite)).not.toContain("✂️");
});

test("the marker identifies the comment of a project and environment for any plan", () => {
  const [first, second] = [planMarkdown(plans.everyday, { planId: "1" }), planMarkdown(plans.nothing, { planId: "2" })];
  const marker = commentMarker("plan", plans.everyday);
  expect(first.startsWith(`${marker}id=1 -->`)).toBe(true);
  expect(second.startsWith(`${marker}id=2 -->`)).toBe(true);
  expect(commentMarker("plan", plan({ environment: "staging" }))).not.toBe(marker);
  expect(commentMarker("plan", plan({ environment: "prod" }))).not.toBe(marker.slice(0, -"uction ".length));
  expect(commentMarker("plan", plan({ project: "a --> b" }))).not.toMatch(/--.*--|>/);
});

test("an incomplete apply is not called complete", () => {
  const { plan, result } = results["partial"] ?? expect.unreachable();
  expect(applyMarkdown(result, plan)).not.toMatch(/Apply complete|✅/);
});
