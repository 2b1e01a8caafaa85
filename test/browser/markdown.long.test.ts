import { join } from "node:path";
import * as fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { applyMarkdown } from "../../src/report/markdown/apply.ts";
import { driftMarkdown } from "../../src/report/markdown/drift.ts";
import { planMarkdown } from "../../src/report/markdown/plan.ts";
import { hostile, hostilePlan } from "../scenarios/report/hostile.ts";
import { huge, many, rewrite } from "../scenarios/report/large.ts";
import { engine } from "../scenarios/report/markdown-engine.ts";
import { plans } from "../scenarios/report/plans.ts";
import { results } from "../scenarios/report/results.ts";
import { launch, missingBrowser } from "./chromium.ts";

const missing = missingBrowser();
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (missing !== undefined) return;
  browser = await launch();
  page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
});

afterAll(async () => {
  if (missing === undefined) await browser.close();
});

beforeEach(({ skip }) => skip(missing !== undefined, missing));

/** About as a forge shows a comment, for whoever looks at the screenshots. */
const LOOK = `<style>body{max-width:56rem;margin:1.5rem auto;font:16px/1.5 sans-serif}
code{background:#eff1f3;padding:.2em .4em;border-radius:6px;font-size:85%}pre{background:#f6f8fa;padding:1rem;border-radius:6px;overflow:auto}pre code{background:none;padding:0}
table{border-collapse:collapse}th,td{border:1px solid #d1d9e0;padding:6px 13px}h2{border-bottom:1px solid #d1d9e0}blockquote{border-left:.25em solid #d1d9e0;margin-left:0;padding-left:1em}</style>`;

const ALLOWED =
  "h2 h3 h4 p strong em code pre ul li blockquote table thead tbody tr th td details summary b br".split(" ");

/** What a browser made of it is the last judge of whether every element ends where it should. */
interface Seen {
  readonly strange: readonly string[];
  readonly attributes: readonly string[];
  /** Code that holds more than text. */
  readonly filled: number;
  /** Sections without a heading, or inside of something else. */
  readonly loose: number;
}

const LOOK_AROUND = `(() => {
  const all = [...document.body.querySelectorAll("*")];
  const named = (name) => all.filter(({ localName }) => localName === name);
  const isLoose = (one) =>
    one.firstElementChild?.localName !== "summary" || (one.querySelector("summary > b") && one.parentElement !== document.body);
  return {
    strange: all.map(({ localName }) => localName).filter((name) => !${JSON.stringify(ALLOWED)}.includes(name)),
    attributes: all.flatMap((one) => one.getAttributeNames().map((name) => one.localName + " " + name)),
    filled: named("code").filter(({ children }) => children.length > 0).length,
    loose: named("details").filter(isLoose).length,
  };
})()`;

const KNOWN = new Set(["code class", "details open", "td style", "th style"]);

async function expectCalm(markdown: string): Promise<void> {
  await page.setContent(LOOK + engine.render(markdown));
  const { attributes, ...seen } = await page.evaluate<Seen>(LOOK_AROUND);
  expect(seen).toEqual({ strange: [], filled: 0, loose: 0 });
  expect(attributes.filter((one) => !KNOWN.has(one))).toEqual([]);
}

for (const [name, plan] of Object.entries({ ...plans, rewrite, many: many(300), huge, hostile })) {
  test(`plan: ${name}`, async () => {
    await expectCalm(planMarkdown(plan));
    const picture = join(import.meta.dirname, `screenshots/markdown-${name}.png`);
    if (!["many", "huge"].includes(name)) await page.screenshot({ path: picture, fullPage: true });
    await expectCalm(driftMarkdown(plan));
  });
}

for (const [name, { plan, result }] of Object.entries(results)) {
  test(`apply: ${name}`, () => expectCalm(applyMarkdown(result, plan)));
}

test("hostile plans", async () => {
  for (const plan of fc.sample(hostilePlan, { numRuns: 60, seed: 11 })) await expectCalm(planMarkdown(plan));
});
