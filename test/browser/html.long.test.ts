import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as fc from "fast-check";
import type { Browser, BrowserContextOptions, Download, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "../../src/model/json.ts";
import type { Plan } from "../../src/model/plan.ts";
import { applyHtml } from "../../src/report/html/apply.ts";
import { driftHtml } from "../../src/report/html/drift.ts";
import { planHtml } from "../../src/report/html/plan.ts";
import { planJson } from "../../src/report/json/plan.ts";
import { hostilePlan } from "../scenarios/report/hostile.ts";
import { fleet, rewrite } from "../scenarios/report/large.ts";
import { plans } from "../scenarios/report/plans.ts";
import { millisecondsOf, results } from "../scenarios/report/results.ts";
import { launch, missingBrowser } from "./chromium.ts";
import { open, violations, type Opened } from "./opened.ts";

const missing = missingBrowser();
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
const DESK = { viewport: { width: 1200, height: 900 } };

let browser: Browser;
let folder: string;
let opened: Opened[] = [];

beforeAll(async () => {
  if (missing !== undefined) return;
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), "rollcall-browser-"));
});

afterAll(async () => {
  if (missing !== undefined) return;
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async ({ skip }) => {
  skip(missing !== undefined, missing);
  await Promise.all(opened.map((one) => one.close()));
  opened = [];
});

async function show(html: string, options: BrowserContextOptions = DESK): Promise<Opened> {
  const one = await open(browser, folder, html, options);
  opened.push(one);
  return one;
}

const json = (plan: Plan) => stringify(planJson(plan, { rollcallVersion: "0.1.0" }), 2);
const planPage = (plan: Plan) => planHtml(plan, { json: json(plan), planId: "1f0c" });

function applyPage(name: string): string {
  const { plan, result } = results[name] ?? expect.unreachable();
  return applyHtml(result, plan, { milliseconds: millisecondsOf(plan) });
}

const pages = {
  "plan-everyday": planPage(plans.everyday),
  "plan-firstPlan": planPage(plans.firstPlan),
  "plan-conflicts": planPage(plans.conflicts),
  "plan-everything": planPage(plans.everything),
  "plan-rewrite": planPage(rewrite),
  "plan-fleet": planPage(fleet(36)),
  "drift-everything": driftHtml(plans.everything),
  "drift-nothing": driftHtml(plans.nothing),
  "apply-partial": applyPage("partial"),
} as const;

const everyday = pages["plan-everyday"];
const visibleItems = (page: Page) => page.locator(".item:visible");

const LOOKS = [
  ["light", { ...DESK, colorScheme: "light" }],
  ["dark", { ...DESK, colorScheme: "dark" }],
  ["phone", { ...PHONE, colorScheme: "light" }],
] as const;

describe("every report", () => {
  for (const [name, html] of Object.entries(pages)) {
    test(`${name} opens without errors, fits on a phone and passes axe, light and dark`, async () => {
      for (const [look, options] of LOOKS) {
        const { page, trouble } = await show(html, options);
        const picture = join(import.meta.dirname, `screenshots/${name}-${look}.png`);
        await page.screenshot({ path: picture, fullPage: true });
        const overflow = await page.evaluate("document.scrollingElement.scrollWidth - innerWidth");
        expect(overflow).toBeLessThanOrEqual(0);
        if ((await page.locator("#expand").count()) > 0) await page.click("#expand");
        if (look !== "phone") expect(await violations(page)).toEqual([]);
        expect(trouble).toEqual([]);
      }
    });
  }
});

describe("filters", () => {
  test("by outcome, kind and words, alone and combined", async () => {
    const { page } = await show(pages["plan-everything"]);
    const addresses = () => visibleItems(page).locator("h3").allTextContents();
    expect(await page.locator("#shown").textContent()).toBe("15 items");
    await page.getByLabel("destroyed", { exact: false }).check({ force: true });
    expect(await addresses()).toEqual(["Assistant/old-line"]);
    expect(await page.locator("#shown").textContent()).toBe("1 of 15 items");
    await page.getByLabel("replaced", { exact: false }).check({ force: true });
    expect(await addresses()).toEqual(["AssistantVersion/front-desk-candidate", "Assistant/old-line"]);
    await page.locator('input[name="kind"][value="Assistant"]').check({ force: true });
    expect(await addresses()).toEqual(["Assistant/old-line"]);
    await page.fill("#search", "nothing like that");
    expect(await addresses()).toEqual([]);
    expect(await page.locator("#none").isVisible()).toBe(true);
    expect(await page.locator("h2:visible").allTextContents()).toEqual(["Look at these first"]);
    await page.click("#clear");
    expect(await visibleItems(page).count()).toBe(15);
    expect(
      await page.locator("#search").evaluate((element) => element === element.ownerDocument.activeElement),
    ).toBe(true);
  });

  test("by words in prompts, in any case, and all of them must match", async () => {
    const { page } = await show(everyday);
    await page.fill("#search", "REFUND caller");
    expect(await visibleItems(page).locator("h3").allTextContents()).toEqual(["Assistant/front-desk"]);
    await page.fill("#search", "refund crm-that-is-nowhere");
    expect(await visibleItems(page).count()).toBe(0);
  });
});

describe("opening", () => {
  test("all items at once, and one by keyboard", async () => {
    const { page } = await show(everyday);
    const states = () =>
      page.locator("details.item").evaluateAll((all) => all.map((one) => one.hasAttribute("open")));
    await page.click("#collapse");
    expect(await states()).toEqual([false, false, false, false, false]);
    await page.click("#expand");
    expect(await states()).toEqual([true, true, true, true, true]);
    await page.locator("details.item summary").first().focus();
    await page.keyboard.press("Enter");
    expect(await states()).toEqual([false, true, true, true, true]);
  });

  test("a link to a resource opens it, also if it is filtered out", async () => {
    const { page } = await show(everyday);
    await page.click("#collapse");
    await page.fill("#search", "McpServer");
    await page.locator(".risks a", { hasText: "front-desk" }).first().click();
    const desk = page.locator("details.item", { hasText: "Never hang up first." });
    expect(await desk.getAttribute("open")).toBe("");
    expect(
      await desk
        .locator("summary")
        .first()
        .evaluate((element) => element === element.ownerDocument.activeElement),
    ).toBe(true);
  });

  test("the keyboard reaches every control once and is not trapped", async () => {
    const { page } = await show(pages["plan-firstPlan"]);
    const seen: string[] = [];
    for (let presses = 0; presses < 200; presses++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(
        "document.activeElement === document.body ? '' : (document.activeElement.id || document.activeElement.textContent)",
      );
      if (at === "") break;
      seen.push(String(at));
    }
    expect(seen.length).toBeLessThan(200);
    expect(seen[0]).toBe("Skip to the content");
    for (const id of ["download", "search", "expand", "collapse"]) expect(seen).toContain(id);
    expect(await page.locator("svg a").count()).toBe(5);
  });
});

describe("looks", () => {
  test("diffs are side by side on request, with the line number of each side", async () => {
    const { page } = await show(everyday);
    const [before, after] = [page.locator(".c del").first(), page.locator(".c ins").first()];
    const box = async (at: typeof before) => (await at.boundingBox()) ?? expect.unreachable();
    expect((await box(after)).y).toBeGreaterThan((await box(before)).y);
    await page.getByLabel("Side by side").check({ force: true });
    const [left, right] = [await box(before), await box(after)];
    expect(right.y).toBe(left.y);
    expect(right.x).toBeGreaterThanOrEqual(left.x + left.width);
    const unchanged = page.locator(".same", { hasText: "Say goodbye by name." });
    expect(await unchanged.locator("p:visible").allTextContents()).toEqual([
      "17Say goodbye by name.",
      "17Say goodbye by name.",
    ]);
    await page.getByLabel("Inline").check({ force: true });
    expect(await unchanged.locator("p:visible").count()).toBe(1);
  });

  test("both line numbers are correct after added lines", async () => {
    const { page } = await show(pages["plan-conflicts"]);
    await page.getByLabel("Side by side").check({ force: true });
    const pairs = await page.locator(".same").evaluateAll((all) => all.map(({ textContent }) => textContent));
    expect(pairs).toContain("3Be brief and warm.3Be brief and warm.");
    const [, moved = ""] = /(\d+Never promise a delivery date\.\d+)Never/.exec(pairs.join("\n")) ?? [];
    expect(moved).toBe("5Never promise a delivery date.5");
  });

  test("changed words are marked until marking is switched off", async () => {
    const { page } = await show(everyday);
    const mark = page.locator(".c ins mark").first();
    const colour = () =>
      page.evaluate("getComputedStyle(document.querySelector('.c ins mark')).backgroundColor");
    expect(await mark.textContent()).toBe("$50, once per caller");
    const marked = await colour();
    await page.getByLabel("Mark changed words").uncheck();
    expect(await colour()).not.toBe(marked);
  });

  test("colours follow the system until one is chosen", async () => {
    const ground = "getComputedStyle(document.body).backgroundColor";
    const { page } = await show(everyday, { ...DESK, colorScheme: "light" });
    const light = await page.evaluate(ground);
    await page.getByLabel("Dark").check({ force: true });
    const dark = await page.evaluate(ground);
    expect(dark).not.toBe(light);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.getByLabel("Light").check({ force: true });
    expect(await page.evaluate(ground)).toBe(light);
    await page.getByLabel("Auto").check({ force: true });
    expect(await page.evaluate(ground)).toBe(dark);
  });

  test("a node of the picture links to its resource and highlights its edges", async () => {
    const { page } = await show(pages["plan-firstPlan"]);
    const node = page.locator("svg a", { hasText: "billing" });
    await node.hover();
    expect(await page.locator(".edges .near").count()).toBe(1);
    await page.click("#collapse");
    await node.click();
    expect(await page.locator("details.item[open] h3").allTextContents()).toEqual(["Assistant/billing"]);
  });
});

describe("without script", () => {
  const PLAIN = { ...DESK, javaScriptEnabled: false };

  test("everything is readable, and the diff switches work", async () => {
    const { page } = await show(everyday, PLAIN);
    expect(await page.locator("#search, #expand, .chips").filter({ visible: true }).count()).toBe(0);
    await page.locator("details.item:not([open]) > summary").first().click();
    expect(await page.getByText("Will be re-checked and restored if missing.").isVisible()).toBe(true);
    const [before, after] = [page.locator(".c del").first(), page.locator(".c ins").first()];
    await page.getByLabel("Side by side").check({ force: true });
    expect((await after.boundingBox())?.y).toBe((await before.boundingBox())?.y);
  });

  test("a link opens its resource", async () => {
    const { page } = await show(pages["plan-fleet"], PLAIN);
    const link = page.locator(".risks a", { hasText: "desk-003" }).first();
    await link.click();
    const item = page.locator("#changes ~ details.item", { hasText: "desk-003" }).first();
    expect(await item.getAttribute("open")).toBe("");
  });
});

describe("saving", () => {
  const save = async (page: Page): Promise<readonly [Download, Buffer]> => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
    return [download, await readFile(await download.path())];
  };

  test("the JSON is saved unchanged", async () => {
    const { page } = await show(everyday);
    const [download, bytes] = await save(page);
    expect(download.suggestedFilename()).toBe("rollcall-plan.json");
    expect(bytes.toString("utf8")).toBe(json(plans.everyday));
  });

  test("without script it is saved compressed", async () => {
    const { page } = await show(everyday, { javaScriptEnabled: false });
    const [download, bytes] = await save(page);
    expect(download.suggestedFilename()).toBe("rollcall-plan.json.gz");
    expect(gunzipSync(bytes).toString("utf8")).toBe(json(plans.everyday));
  });
});

describe("safety", () => {
  test("hostile text runs nothing, loads nothing and adds no elements", async () => {
    const samples = fc.sample(hostilePlan, { numRuns: 80, seed: 7 });
    const plan: Plan = {
      ...plans.everyday,
      project: samples.map(({ project }) => project).join(" "),
      changes: samples.flatMap(({ changes }) => changes),
      drift: samples.flatMap(({ drift }) => drift),
      refusals: samples.flatMap(({ refusals }) => refusals),
      steps: samples.flatMap(({ steps }) => steps),
    };
    for (const html of [planHtml(plan, { json: json(plan), showUnmanaged: true }), driftHtml(plan)]) {
      const { page, trouble } = await show(html);
      expect(trouble).toEqual([]);
      const strange =
        "img, iframe, object, embed, link, base, form, video, audio, svg image, svg use, foreignObject";
      const count = (selector: string) => page.locator(selector).count();
      expect([await count("script"), await count("style"), await count(strange)]).toEqual([1, 1, 0]);
      const handlers =
        "[...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith('on'))";
      expect(await page.evaluate(handlers)).toEqual([]);
    }
  });

  test("the content security policy blocks injected code", async () => {
    const broken = everyday.replace(
      "<main",
      "<script>document.title='owned'</script><img src='https://evil.example/x.png' onerror=\"document.title='owned'\"><main",
    );
    const { page, trouble } = await show(broken);
    expect(await page.title()).not.toBe("owned");
    const stopped = trouble.filter((one) => one.includes("Content Security Policy"));
    expect(stopped.map((one) => /script|event handler|image/.exec(one)?.[0])).toEqual([
      "script",
      "event handler",
      "image",
    ]);
  });
});

test("a plan of 300 resources opens quickly", async ({ annotate }) => {
  const html = planPage(fleet(300));
  const { page, trouble } = await show(html);
  const times = await page.evaluate<readonly number[]>(
    "performance.getEntriesByType('navigation').flatMap((one) => [one.domContentLoadedEventEnd, one.loadEventEnd])",
  );
  const [ready, loaded] = times.map((time) => `${Math.round(time)} ms`);
  await annotate(`${Math.round(html.length / 1024)} KiB; ready after ${ready}, loaded after ${loaded}`);
  await page.fill("#search", "desk-117");
  expect(await visibleItems(page).locator("h3").first().textContent()).toBe("Assistant/desk-117");
  await page.click("#expand");
  expect(await page.getByText("prompts/desk-117.md").isVisible()).toBe(true);
  expect(trouble).toEqual([]);
});
