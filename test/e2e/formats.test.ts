/** A format is a row of one table: commands, `--report`, help and completion read it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { format, formatsOf, type PlanResult } from "../../src/cli/formats/format.ts";
import { FORMATS } from "../../src/cli/formats/index.ts";
import { desk, EXAMPLE, KEY, runIn, type Desk, type Ran } from "./cli.ts";

/** What a file of a format exports. */
const csv = {
  plan: ({ plan }: PlanResult) => plan.steps.map(({ address, action }) => `${address},${action}`).join("\n"),
};
const formats = [...FORMATS, format("csv", ["plan"], () => Promise.resolve(csv))];

let one: Desk;

beforeAll(async () => {
  one = await desk(EXAMPLE);
});
afterAll(() => one.close());

function rollcall(...args: readonly string[]): Promise<Ran> {
  const env = { TELNYX_BASE_URL: one.emulator.url, TELNYX_STAGING_API_KEY: KEY };
  return runIn(one.folder, env, args, { formats });
}

test("a row that a test adds is a format in plan, show, --report, help and completion", async () => {
  const planned = await rollcall(
    "plan",
    "--env=staging",
    "--format=csv",
    "--report=csv=plan.csv",
    "--out=plan.json",
  );
  expect(planned.code).toBe(0);
  expect(planned.stdout).toContain("Assistant/front-desk,create\n");
  expect(await readFile(join(one.folder, "plan.csv"), "utf8")).toBe(planned.stdout.trimEnd());
  expect((await rollcall("show", "plan.json", "--format", "csv")).stdout).toBe(planned.stdout);
  const help = (await rollcall("plan", "--help")).stdout.replace(/\s+/g, " ");
  expect(help).toContain('"gitlab", "csv", default: "text")');
  expect(help).toContain("Formats: text, json, markdown, html, gitlab, csv");
  expect((await rollcall("completion", "bash")).stdout).toContain("text json markdown html gitlab csv");
});

test("a command refuses a format whose row does not name its result", async () => {
  const { code, stderr } = await rollcall("drift", "--env", "staging", "--format", "csv");
  expect(code).toBe(1);
  expect(stderr).toContain("Allowed choices are text, json, markdown, html.");
});

test("every row of the table exports a renderer for each result that it names", async () => {
  for (const { name, results, load } of FORMATS) {
    const renderers = await load();
    const lacking = results.filter((result) => typeof renderers[result] !== "function");
    expect([name, lacking]).toEqual([name, []]);
  }
  expect(formatsOf(FORMATS, "tests").map(({ name }) => name)).toEqual(["text", "json", "junit"]);
  expect(formatsOf(FORMATS, "graph").map(({ name }) => name)).toEqual(["mermaid", "dot", "json"]);
});
