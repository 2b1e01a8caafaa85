import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FaultKind } from "../../src/providers/telnyx/emulator/faults.ts";
import { desk, type Desk } from "./cli.ts";
import { treeOf } from "../file-tree.ts";

let one: Desk;
let id: string;

beforeEach(async () => {
  one = await desk();
  id = one.emulator.portal.create("Assistant", {
    name: "Front desk",
    instructions: "You answer.",
    greeting: "Hello.",
    telephony_settings: { time_limit_secs: 60 },
  });
  await ends(0, "pull");
  one.writes();
});
afterEach(() => one.close());

const ends: Desk["ends"] = (code, ...args) => one.ends(code, ...args);

const ASSISTANTS = /\/ai\/assistants\/[^/]+\/clone$/;

test("a clone gets a manifest under its address, and the plan is empty", async () => {
  const said = await ends(0, "clone", "Assistant/front-desk", "--as", "night", "--yes");
  for (const path of ["/telephony_settings", "/messaging_settings"])
    expect(said).toContain(`Not cloned: Assistant/night ${path}`);
  expect(said).toContain('has the name of its source, "Front desk"');
  expect(one.writes()).toEqual([`POST /ai/assistants/${id}/clone`]);
  expect(await readFile(join(one.folder, "assistants/night.yaml"), "utf8")).toContain("name: Front desk");
  await ends(0, "validate");
  await ends(0, "plan", "--detailed-exitcode");
  const list = await ends(0, "ledger", "list");
  expect(list.split("\n").filter((line) => line.startsWith("Assistant/"))).toHaveLength(2);
});

const FAULTS: readonly (readonly [string, FaultKind, string])[] = [
  ["a connection that is lost after the request", { kind: "reset-after" }, "Cloned"],
  [
    "a server that fails after the request",
    { kind: "status", status: 500, applied: "forgotten" },
    "the clone was found",
  ],
];

test.each(FAULTS)("is made once, with %s", async (_, fault, message) => {
  one.emulator.inject({ match: { method: "POST", path: ASSISTANTS }, fault });
  expect(await ends(0, "clone", id, "--as", "Assistant/night", "--yes")).toContain(message);
  expect(one.emulator.state().assistants).toHaveLength(2);
  await ends(0, "plan", "--detailed-exitcode");
});

test("is not created again if it is unknown whether it was created", async () => {
  one.emulator.inject({
    match: { method: "POST", path: ASSISTANTS },
    fault: { kind: "status", status: 500 },
  });
  expect(await ends(3, "clone", id, "--as", "night", "--yes")).toContain("rollcall get assistants --unmanaged");
  expect(one.writes()).toEqual([`POST /ai/assistants/${id}/clone`]);
});

test("is not created twice after an interrupted run", async () => {
  const body = { name: "Front desk", instructions: "You answer.", greeting: "Hello." };
  const earlier = one.emulator.portal.create("Assistant", body);
  expect(await ends(4, "clone", id, "--as", "night", "--yes")).toContain(`rollcall pull ${earlier}`);
  expect(one.writes()).toEqual([]);
  await ends(0, "pull", earlier);
  await ends(0, "clone", id, "--as", "night", "--yes");
});

test.each([
  ["without an answer", [], 1, "needs approval"],
  ["to an existing address", ["--yes", "--as=front-desk"], 1, "is already declared"],
  ["to an invalid name", ["--yes", "--as=Tool/x"], 1, "is not the name or address of"],
])("nothing is sent or written %s", async (_, options, code, message) => {
  const before = treeOf(one.folder);
  expect(await ends(code, "clone", id, "--as", "night", ...options)).toContain(message);
  expect(treeOf(one.folder)).toEqual(before);
  expect(one.writes()).toEqual([]);
});

test("nothing is sent for an object that does not exist", async () => {
  expect(await ends(1, "clone", "Nobody", "--as", "night", "--yes")).toContain("Nobody");
  expect(one.writes()).toEqual([]);
});

test("as JSON, a clone has its source, its files and what was not cloned", async () => {
  const ran = await one.rollcall("clone", id, "--as", "night", "--yes", "--format", "json");
  expect(ran.code, ran.stderr).toBe(0);
  const clone = one.emulator.state().assistants.find((assistant) => assistant.id !== id)?.id;
  expect(JSON.parse(ran.stdout)).toMatchObject({
    environment: "production",
    source: { id, name: "Front desk", address: "Assistant/front-desk" },
    clone: { id: clone, address: "Assistant/night" },
    notCloned: ["/telephony_settings", "/messaging_settings"],
    isNamesake: true,
    pull: {
      status: "pulled",
      objects: [{ address: "Assistant/night", id: clone }],
      files: expect.arrayContaining([
        expect.objectContaining({ file: "assistants/night.yaml", change: "new" }),
      ]) as unknown,
      skipped: [],
      unmatched: [],
    },
  });
});
