import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

let office: Desk;

beforeEach(async () => {
  office = await desk();
  const manifest = `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: front }\nspec: { instructions: Answer. }\n`;
  await writeFile(join(office.folder, "a.yaml"), manifest);
  await office.rollcall("apply", "--yes");
  const { portal } = office.emulator;
  const webhook = { name: "t", description: "x", url: "https://a.example" };
  portal.create("Tool", { type: "webhook", display_name: "Ticket", webhook });
  for (const name of ["crm", "erp"])
    portal.create("McpServer", { name, type: "http", url: "https://a.example" });
  portal.create("AssistantTest", {
    name: "Asks",
    destination: "+15550100000",
    instructions: "Ask.",
    rubric: [{ name: "kind", criteria: "Kind." }],
  });
});

afterEach(() => office.close());

test("objects of undeclared kinds are counted and listed", async () => {
  const counts = "Not managed by this project: 1 assistant test, 2 MCP servers and 1 tool.";
  expect((await office.rollcall("plan")).stdout).toContain(counts);
  expect((await office.rollcall("drift")).stdout).toContain(counts);
  const listed = (await office.rollcall("drift", "--show-foreign")).stdout;
  for (const name of ["crm", "erp", "Ticket", "Asks"]) expect(listed).toContain(name);
  const plan = JSON.parse((await office.rollcall("plan", "--format", "json")).stdout);
  expect(plan.x_rollcall.foreign).toEqual({ AssistantTest: 1, McpServer: 2, Tool: 1 });
});

test("an undeclared kind that cannot be listed does not stop a plan and is reported", async () => {
  office.emulator.inject({
    match: { method: "GET", path: "/ai/tools" },
    times: "always",
    fault: { kind: "status", status: 403, body: "telnyx" },
  });
  const plan = await office.rollcall("plan", "--detailed-exitcode");
  expect(plan.code, plan.stderr).toBe(0);
  expect(plan.stdout).toContain("Not managed by this project: 1 assistant test and 2 MCP servers.");
  expect(plan.stdout).toMatch(/Not counted: tools \(GET \/ai\/tools answered 403\b.*\)\./);
  const drift = JSON.parse((await office.rollcall("drift", "--format", "json")).stdout);
  expect(drift.x_rollcall.uncounted).toMatchObject([{ kind: "Tool" }]);
});

test("what an object of such a kind refers to is not pruned", async () => {
  const { portal } = office.emulator;
  const webhook = { name: "u", description: "x", url: "https://a.example" };
  const tool = { display_name: "Used", type: "webhook", webhook };
  await writeFile(
    join(office.folder, "a.yaml"),
    JSON.stringify({ apiVersion: "rollcall.dev/v1", kind: "Tool", metadata: { name: "used" }, spec: tool }),
  );
  await office.rollcall("ledger", "forget", "Assistant/front");
  expect((await office.rollcall("apply", "--yes")).code).toBe(0);
  const id = String(office.emulator.state().tools.find((one) => one["display_name"] === "Used")?.["id"]);
  portal.create("Assistant", { name: "Of others", instructions: "x", tool_ids: [id] });
  await rm(join(office.folder, "a.yaml"));
  const mcp = { name: "own", type: "http", url: "https://b.example" };
  await writeFile(
    join(office.folder, "m.yaml"),
    JSON.stringify({ apiVersion: "rollcall.dev/v1", kind: "McpServer", metadata: { name: "own" }, spec: mcp }),
  );
  const pruned = await office.rollcall("apply", "--yes", "--prune", "--allow-mass-change");
  expect(pruned.code).toBe(4);
  expect(pruned.stdout).toContain("still refer");
});
