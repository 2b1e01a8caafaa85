/** A saved plan is shown as it was made: offline, without a key, and with what is known of who made it. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject, type JsonObject } from "../../src/model/json.ts";
import { sealed, type PlanTerms } from "../../src/reconcile/saved-plan/planfile.ts";
import { desk, EXAMPLE, KEY, PLAN_KEY, runIn, type Desk, type Ran } from "./cli.ts";

const FORMATS = ["text", "json", "markdown", "html", "gitlab"] as const;
const REPORTS = FORMATS.flatMap((format) => ["--report", `${format}=planned.${format}`]);

let one: Desk;

beforeAll(async () => {
  one = await desk(EXAMPLE);
  expect((await one.rollcall("plan", "--env", "staging", "-o", "plan.json", ...REPORTS)).code).toBe(0);
  one.emulator.clearRequests();
});

afterAll(async () => {
  expect(one.emulator.requests()).toEqual([]);
  await one.close();
});

/** Without a key, an address or anything else in the environment. */
function show(...args: readonly string[]): Promise<Ran> {
  return runIn(one.folder, {}, ["show", ...args]);
}

const read = (file: string): Promise<string> => readFile(join(one.folder, file), "utf8");

async function written(file: string, change: (plan: JsonObject) => unknown): Promise<string> {
  const plan: unknown = change(JSON.parse(await read("plan.json")) as JsonObject);
  await writeFile(join(one.folder, file), typeof plan === "string" ? plan : JSON.stringify(plan));
  return file;
}

/** A plan whose checksum fits whatever is in it: everybody can compute one. */
function forged(change: (file: JsonObject) => JsonObject) {
  return (plan: JsonObject): JsonObject => {
    const about = plan["x_rollcall"];
    const terms = isObject(about) ? about["terms"] : undefined;
    return sealed(change(plan), terms as unknown as PlanTerms, Buffer.from("no key"));
  };
}

describe("rollcall show", () => {
  test("shows in every format what plan showed", async () => {
    for (const format of ["markdown", "gitlab"] as const) {
      const { code, stdout } = await show("plan.json", "--format", format);
      expect(code).toBe(0);
      expect(stdout.trimEnd()).toBe((await read(`planned.${format}`)).trimEnd());
    }
    const text = (await show("plan.json")).stdout;
    // The first line tells of requests.
    const withoutHeader = (all: string) => all.slice(all.indexOf("What apply will do"));
    expect(withoutHeader(text)).toBe(withoutHeader(await read("planned.text")));
    const html = (await show("plan.json", "--format", "html")).stdout;
    const withoutDownload = (all: string) => all.replace(/href="data:[^"]*"/, "");
    expect(withoutDownload(html)).toBe(withoutDownload(await read("planned.html")));
    expect(JSON.parse((await show("plan.json", "--format", "json")).stdout)).toEqual(
      JSON.parse(await read("plan.json")),
    );
  });

  test("writes reports from the saved plan", async () => {
    expect((await show("plan.json", "--format", "json", "--report", "markdown=shown.md")).code).toBe(0);
    expect(await read("shown.md")).toBe(await read("planned.markdown"));
    const { code, stderr } = await show("plan.json", "--report", "json=plan.json");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "error: the report is not written to plan.json: the command reads this file\n",
    });
  });

  test("shows who made it and when, and that the seal cannot be checked without the key", async () => {
    const { stdout } = await show("plan.json");
    expect(stdout).toMatch(
      /^Plan [0-9a-f]{12} for the environment staging\nMade \S+ by tester with Rollcall \S+; it expires \S+\nSeal: not checked: the API key it was made with, [0-9a-f]{16}, is not in the environment\n\n/,
    );
    const other = await show("plan.json", "--format", "gitlab");
    expect(other.stderr).toContain("Seal: not checked");
  });

  test("checks the seal if the key is set", async () => {
    const { stdout } = await runIn(one.folder, { TELNYX_STAGING_API_KEY: KEY }, ["show", "plan.json"]);
    expect(stdout).toContain("Seal: made with the API key in TELNYX_STAGING_API_KEY\n");
    const other = await runIn(one.folder, { TELNYX_API_KEY: "another" }, ["show", "plan.json"]);
    expect(other.stdout).toContain("Seal: not checked");
    const file = await written(
      "forged.json",
      forged((plan) => plan),
    );
    const refused = await runIn(one.folder, { TELNYX_API_KEY: KEY }, ["show", file]);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain(
      "its seal is not valid: it was not made with the API key in TELNYX_API_KEY",
    );
    expect(refused.stdout).toBe("");
  });

  test("names the choices of a plan, and that it has expired", async () => {
    const file = await written("choices.json", (plan) => {
      const about = plan["x_rollcall"] as JsonObject;
      const terms = { ...(about["terms"] as JsonObject), expires: "2020-01-01T00:00:00.000Z" };
      const choices = { ...(terms as unknown as PlanTerms).choices, prune: true };
      return sealed(plan, { ...(terms as unknown as PlanTerms), choices }, PLAN_KEY);
    });
    const { stdout } = await show(file);
    expect(stdout).toContain("it expired 2020-01-01T00:00:00.000Z\nChoices: prune\n");
  });

  test.each([
    ["edited", (plan: JsonObject) => ({ ...plan, applyable: false }), /edited or truncated/],
    ["cut short", (plan: JsonObject) => JSON.stringify(plan).slice(0, -99), /not valid JSON/],
    ["not a plan", () => ({ a: 1 }), /not a Rollcall plan/],
    [
      "in another form",
      forged((plan) => ({ ...plan, resource_changes: [1] })),
      /\/resource_changes\/0 has another form/,
    ],
    ["with invalid steps", forged((plan) => changed(plan, { steps: [{}] })), /has another form/],
    ["without drift", forged((plan) => changed(plan, { drift: "x" })), /has another form/],
  ])("a file that is %s is refused", async (_, change, message) => {
    const { code, stdout, stderr } = await show(await written("broken.json", change));
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  });

  test("a printed plan and a missing file are refused with different messages", async () => {
    const printed = await show("planned.json");
    expect(printed.code).toBe(4);
    expect(printed.stderr).toContain("it was printed, not saved");
    const missing = await show("nothing.json");
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("nothing.json cannot be read: there is no such file");
  });
});

function changed(plan: JsonObject, about: JsonObject): JsonObject {
  return { ...plan, x_rollcall: { ...(plan["x_rollcall"] as JsonObject), ...about } };
}
