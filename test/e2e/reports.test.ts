import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, EXAMPLE, type Desk } from "./cli.ts";

let one: Desk;

beforeEach(async () => {
  one = await desk(EXAMPLE);
});
afterEach(() => one.close());

const STAGING = ["--env", "staging"];
const fileOf = (name: string) => readFile(join(one.folder, name), "utf8");

test("a plan is made once and shown in every format with its id", async () => {
  const forms = ["text=plan.txt", "markdown=plan.md", "html=plan.html", "gitlab=counts.json"];
  const before = one.emulator.requests().length;
  await one.rollcall("plan", ...STAGING);
  const once = one.emulator.requests().length - before;
  one.emulator.clearRequests();
  const asked = forms.flatMap((form) => ["--report", form]);
  const ran = await one.rollcall("plan", ...STAGING, "--out", "plan.json", ...asked);
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("Plan: 27 to add") });
  expect(one.emulator.requests()).toHaveLength(once);
  const { planId } = JSON.parse(await fileOf("plan.json")).x_rollcall;
  expect(planId).toMatch(/^[0-9a-f]{64}$/);
  expect((await fileOf("plan.md")).split("\n")[0]).toBe(
    `<!-- rollcall plan larkmoor%2Dvoice staging id=${planId} -->`,
  );
  expect(await fileOf("plan.html")).toMatch(/^<!doctype html>/i);
  expect(await fileOf("plan.txt")).toContain("Plan: 27 to add, 0 to change, 0 to destroy.");
  expect(await fileOf("counts.json")).toBe('{"create":27,"update":0,"delete":0}');
});

test("the GitLab report counts changes and deletions", async () => {
  await one.rollcall("apply", ...STAGING, "--yes", "--report", "json=applied.json");
  expect(JSON.parse(await fileOf("applied.json"))).toMatchObject({ complete: true, resources: { added: 27 } });
  await writeFile(join(one.folder, "prompts/billing.md"), "Be kind.\n");
  await writeFile(join(one.folder, "tests/specialists.yaml"), "");
  const plan = await one.rollcall("plan", ...STAGING, "--prune", "--allow-mass-change", "--format", "gitlab");
  const counts = JSON.parse(plan.stdout);
  expect(counts.create).toBe(0);
  const text = (await one.rollcall("plan", ...STAGING, "--prune", "--allow-mass-change")).stdout;
  expect(text).toContain(`Plan: 0 to add, ${counts.update} to change, ${counts.delete} to destroy.`);
  expect(counts.update).toBeGreaterThan(0);
  expect(counts.delete).toBeGreaterThan(0);
});

test("drift is read once and shown in two formats", async () => {
  await one.rollcall("apply", ...STAGING, "--yes");
  const billing = one.emulator.state().assistants.find(({ main }) => main["name"] === "Billing");
  one.emulator.portal.edit("Assistant", billing?.id ?? "", { greeting: "Ahoy" });
  const forms = ["--report", "json=drift.json", "--report", "markdown=drift.md"];
  expect((await one.rollcall("drift", ...STAGING, ...forms)).code).toBe(2);
  expect(JSON.parse(await fileOf("drift.json"))).toMatchObject({ drifted: true });
  expect(await fileOf("drift.md")).toContain("<!-- rollcall drift larkmoor%2Dvoice staging -->");
});

test.each([
  ["sarif=x", /Expected format=file/],
  ["markdown", /Expected format=file/],
  ["markdown=", /Expected format=file/],
  ["markdown=no/such/folder.md", /the report was not written to no\/such\/folder\.md: there is no such folder/],
])("--report %s is refused with a reason", async (form, message) => {
  const ran = await one.rollcall("plan", ...STAGING, "--report", form);
  expect(ran.stderr).toMatch(message);
  expect(ran.code).toBe(1);
});
