import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ApplyResult, StepOutcome } from "../../../src/model/event.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { applyText } from "../../../src/report/text/apply.ts";
import { driftText } from "../../../src/report/text/drift.ts";
import { planText } from "../../../src/report/text/plan.ts";
import { applyProgressLine } from "../../../src/report/text/progress.ts";
import { hostilePlan, hostileText } from "./hostile.ts";

const PLAIN = { colour: false, width: 80 };
const COLOUR = { colour: true, width: 80 };

/** Everything that may not reach a terminal, but for the line ends of the report itself. */
const DANGEROUS = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200B-\u200C\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u;
/** The only escape sequences that the report itself writes. */
const OWN_COLOURS = new RegExp(`${String.fromCodePoint(27)}\\[[\\d;]*m`, "g");

/** Lines that begin in the first column are the report's own. */
const OWN_LINES =
  /^(?:Changed outside Git since|What apply |Unchanged$|Different from the manifest, without|No ledger: |There is no ledger|None of the \d+ objects|\d+ resources? (?:has|have) pending changes|For information:|Plan: \d+ to add, \d+ to change, \d+ to destroy\.$|No changes\.|In the ledger: |Refused: apply writes nothing|\d+ undeclared fields? changed|Not managed by this project|Drift: |No drift\.|Apply restores|Failed$|Blocked$|Not started$|Apply (?:complete|incomplete)|Nothing was written|Completed steps are kept|The run stopped early: |The run was interrupted)/;

function expectSafe(text: string): void {
  expect(text).not.toMatch(DANGEROUS);
  const [first, ...rest] = text.split("\n");
  expect(first).toBeDefined();
  for (const line of rest) if (/^\S/.test(line)) expect(line).toMatch(OWN_LINES);
}

test("a plan prints only text and cannot forge a line", () => {
  fc.assert(fc.property(hostilePlan, (plan) => expectSafe(planText(plan, { style: PLAIN, showUnmanaged: true }))));
});

test("the summary is counted from the plan", () => {
  fc.assert(
    fc.property(hostilePlan, (plan) => {
      const lines = planText(plan, { style: PLAIN }).split("\n");
      expect(lines.filter((line) => /^(?:Plan: \d|No changes)/.test(line))).toHaveLength(1);
    }),
  );
});

test("drift prints only text and cannot forge a line", () => {
  fc.assert(fc.property(hostilePlan, (plan) => expectSafe(driftText(plan, { style: PLAIN }))));
});

test("with colours, only the report's own sequences are printed", () => {
  fc.assert(
    fc.property(hostilePlan, (plan) => {
      for (const text of [planText(plan, { style: COLOUR }), driftText(plan, { style: COLOUR })]) {
        expect(text.replaceAll(OWN_COLOURS, "")).not.toMatch(DANGEROUS);
      }
    }),
  );
});

const outcome = (text: string): fc.Arbitrary<StepOutcome> =>
  fc.constantFrom<StepOutcome>(
    { status: "applied", objectId: text },
    { status: "blocked", by: [`Assistant/${text}`] },
    { status: "failed", wrote: true, failure: { why: "stale", message: text } },
    { status: "failed", wrote: true, failure: { why: "unverified", mismatches: [{ path: `/${text}`, sent: text, live: text }] } },
    {
      status: "failed",
      wrote: false,
      failure: {
        why: "request",
        failure: { reason: "invalid", message: text, method: "POST", path: `/${text}`, effect: "no", code: text, field: text, requestId: text },
      },
    },
  );

const finished: fc.Arbitrary<{ readonly plan: Plan; readonly result: ApplyResult }> = fc
  .tuple(hostilePlan, hostileText)
  .chain(([plan, text]) =>
    fc.array(outcome(text), { minLength: plan.steps.length, maxLength: plan.steps.length }).map((outcomes) => ({
      plan,
      result: {
        steps: plan.steps.flatMap((step, index) => outcomes.slice(index, index + 1).map((outcome) => ({ step, outcome }))),
        serial: 1,
        stopped: text,
      },
    })),
  );

test("a response of the API prints only text, and an incomplete apply is not called complete", () => {
  fc.assert(
    fc.property(finished, ({ plan, result }) => {
      const text = applyText(result, plan, { style: PLAIN });
      expect(text).not.toMatch(DANGEROUS);
      expect(text.split("\n").filter((line) => line.startsWith("Apply complete!"))).toEqual([]);
      for (const { step, outcome } of result.steps) {
        const line = applyProgressLine({ type: "step-ended", step, outcome, milliseconds: 1 });
        expect(line).not.toMatch(DANGEROUS);
        expect(line).not.toContain("\n");
      }
    }),
  );
});
