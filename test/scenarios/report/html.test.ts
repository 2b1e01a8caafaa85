import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "../../../src/model/json.ts";
import { applyHtml } from "../../../src/report/html/apply.ts";
import { driftHtml } from "../../../src/report/html/drift.ts";
import { planHtml } from "../../../src/report/html/plan.ts";
import { planJson } from "../../../src/report/json/plan.ts";
import { change, drift, path, plan } from "./fixtures.ts";
import { hostilePlan, hostileText } from "./hostile.ts";
import { expectWhole } from "./html-structure.ts";
import { fleet, huge, many, rewrite } from "./large.ts";
import { plans } from "./plans.ts";
import { millisecondsOf, resultOf, results } from "./results.ts";

for (const [name, one] of Object.entries({ ...plans, rewrite, many: many(300), huge, fleet: fleet(40) })) {
  test(`plan: ${name}`, () => expectWhole(planHtml(one)));
  test(`drift: ${name}`, () => expectWhole(driftHtml(one)));
}

for (const [name, { plan, result }] of Object.entries(results)) {
  test(`apply: ${name}`, () => expectWhole(applyHtml(result, plan, { milliseconds: millisecondsOf(plan) })));
}

test("no text can become markup, hide, or reorder the text around it", () => {
  fc.assert(
    fc.property(hostilePlan, hostileText, (plan, text) => {
      expectWhole(planHtml(plan, { title: text, json: text, planId: text, showUnmanaged: true }));
      expectWhole(driftHtml(plan, { json: text }));
    }),
  );
});

test("no response of the API can either", () => {
  fc.assert(
    fc.property(hostilePlan, hostileText, (plan, text) => {
      const failure = { why: "unverified", mismatches: [{ path: `/${text}`, sent: text, live: [text] }] } as const;
      const outcomes = Object.fromEntries(plan.steps.map(({ id }) => [id, { status: "failed", wrote: true, failure } as const]));
      expectWhole(applyHtml(resultOf(plan, outcomes, text), plan));
    }),
  );
});

test("only the page's own style and script are allowed, and nothing can be loaded", () => {
  const page = planHtml(plans.everyday);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1]?.replaceAll("&#39;", "'") ?? "";
  const digest = (element: string) => {
    const [, text = ""] = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(page) ?? [];
    expect(text).not.toBe("");
    return createHash("sha256").update(text).digest("base64");
  };
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `style-src 'sha256-${digest("style")}'`,
    `script-src 'sha256-${digest("script")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page).not.toMatch(/https?:\/\/(?!api\.telnyx\.com|mcp\.acme\.example)/);
});

test("the embedded JSON is unchanged for any content", () => {
  const secret = '{"a":"</script><script>alert(1)</script><!-- \u2028"}';
  const page = planHtml(plans.everyday, { json: secret });
  const [, data = ""] = /href="data:application\/gzip;base64,([^"]+)"/.exec(page) ?? [];
  expect(gunzipSync(Buffer.from(data, "base64")).toString("utf8")).toBe(secret);
});

test("a page of 300 resources with specs is smaller than 2 MB", () => {
  const big = fleet(300);
  const page = planHtml(big, { json: stringify(planJson(big, { rollcallVersion: "0.1.0" }), 2) });
  expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
  expect(page.match(/<details class="item/g)?.length).toBeGreaterThan(300);
});

const textOf = (page: string) =>
  page
    .replace(/<(style|script)>[\s\S]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

test("every changed resource and every risk is reported", () => {
  const text = textOf(planHtml(plans.everything));
  for (const { address, action } of plans.everything.changes) if (action !== "no-op") expect(text).toContain(address);
  for (const risk of ["Affects every caller immediately", "Deletes a live object", "used by 5 other objects"]) expect(text).toContain(risk);
  expect(text).toContain("Plan: 2 to add, 4 to change, 2 to destroy.");
});

test("a created prompt is complete", () => {
  expect(textOf(planHtml(plans.firstPlan))).toContain("Say goodbye by name.");
});

test("conflicts show all three values, and the page says that apply refuses", () => {
  const text = textOf(planHtml(plans.conflicts));
  for (const value of ["Hi, this is Acme. How can I help?", "Welcome to Acme, please hold.", "Hello, Acme here."]) expect(text).toContain(value);
  expect(text).toContain("Apply writes nothing until 3 points are resolved.");
});

test("secrets are not shown", () => {
  const digest = "rollcall:sha256:3b1d99a210";
  const headers = [{ name: "X-Api-Key", value: digest }];
  const secret = path("webhook.token", "conflict", ["first", "second", "third"], { sensitive: true });
  const one = plan({
    changes: [
      change("Tool/a", "create", { after: { webhook: { headers, note: "a\nb" }, token: digest } }),
      change("Tool/b", "update", { changes: [secret, path("headers", "pending", [undefined, headers])] }),
    ],
    drift: [drift("Tool/b", "changed", { changes: [secret] })],
    refusals: [{ address: "Tool/b", rule: "conflict", message: "one path was changed" }],
  });
  for (const page of [planHtml(one), driftHtml(one)]) {
    expect(textOf(page)).not.toMatch(/\bfirst\b|\bsecond\b|\bthird\b|3b1d99a210/);
    expect(page).toContain("(sensitive)");
  }
});

test("an incomplete apply is not called complete", () => {
  const { plan, result } = results["partial"] ?? expect.unreachable();
  const page = applyHtml(result, plan);
  expect(page).toContain("Apply incomplete: ");
  expect(page).not.toMatch(/Apply complete|class="verdict good"/);
});

test("undeclared live objects are listed if they are known", () => {
  const foreign = plan({ foreign: { Tool: 1 }, foreignObjects: [{ kind: "Tool", id: "tool-1", name: "<b>left</b>" }] });
  expect(textOf(driftHtml(foreign))).toContain("tool-1Tool<b>left</b>");
});

test("the same plan gives the same page", () => {
  expect(planHtml(plans.everything, { json: "{}" })).toBe(planHtml(plans.everything, { json: "{}" }));
});
