import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringify, type JsonObject } from "../../src/model/json.ts";
import { desk, type Desk, type Ran } from "./cli.ts";

let office: Desk;

beforeEach(async () => {
  office = await desk();
});

afterEach(() => office.close());

const MODEL = "meta-llama/Llama-3.3-70B-Instruct";
const SPEC = { name: "Front desk", model: MODEL, instructions: "Be brief.", greeting: "Hello." };

async function declare(kind: string, name: string, spec: JsonObject, more: JsonObject = {}): Promise<void> {
  const manifest = { apiVersion: "rollcall.dev/v1", kind, metadata: { name }, ...more, spec };
  await writeFile(join(office.folder, `${kind}-${name}.yaml`), stringify(manifest, 2));
}

const run = (...args: readonly string[]) => office.rollcall(...args);
const apply = (...args: readonly string[]) => run("apply", "--yes", ...args);
const loseLedger = () => rm(join(office.folder, ".rollcall"), { recursive: true });
const live = () => office.emulator.state().assistants.filter(({ deleted_at }) => deleted_at === null);
const said = ({ stdout, stderr }: Ran) => `${stdout}\n${stderr}`.replaceAll(/\s+/g, " ");

/** Refused, with nothing written. */
async function refused(...args: readonly string[]): Promise<string> {
  office.writes();
  const ran = await apply(...args);
  expect(ran.code, said(ran)).toBe(4);
  expect(office.writes()).toEqual([]);
  return said(ran);
}

async function done(...args: readonly string[]): Promise<readonly string[]> {
  office.writes();
  const ran = await apply(...args);
  expect(ran.code, said(ran)).toBe(0);
  return office.writes();
}

describe("an object that is matched by name", () => {
  test.each<[string, JsonObject]>([
    ["its text", { instructions: "Be kind." }],
    ["a field that is absent live", { dynamic_variables: { company: "Acme" } }],
    ["a tag", { tags: ["ours"] }],
    ["a list", { tools: [{ type: "hangup", hangup: {} }] }],
  ])("is not changed without --adopt: %s", async (_, more) => {
    office.emulator.portal.create("Assistant", SPEC);
    await declare("Assistant", "desk", { ...SPEC, ...more });
    const text = await refused();
    expect(text).toContain("Assistant/desk: adopted with changes");
    expect(text).toContain("pass --adopt");
    expect(text).toContain(Object.keys(more)[0] ?? "");
    expect((await run("plan")).code).toBe(1);
    expect(await done("--adopt")).not.toEqual([]);
    expect(await done()).toEqual([]);
  });

  test("is adopted without --adopt if nothing is written", async () => {
    office.emulator.portal.create("Assistant", { ...SPEC, tags: ["theirs"], dynamic_variables: { a: "1" } });
    await declare("Assistant", "desk", { name: "Front desk", model: MODEL, instructions: "Be brief." });
    expect(await done()).toEqual([]);
    await declare("Assistant", "desk", SPEC);
    expect(await done()).toEqual([]);
  });

  test("is adopted without --adopt if only an ignored path differs", async () => {
    office.emulator.portal.create("Assistant", SPEC);
    await declare(
      "Assistant",
      "desk",
      { name: "Front desk", model: MODEL, instructions: "Be brief." },
      { lifecycle: { ignore: ["/greeting"] } },
    );
    expect(await done()).toEqual([]);
  });

  test("is not changed with --target, nor by a plan saved without --adopt", async () => {
    office.emulator.portal.create("Assistant", SPEC);
    await declare("Assistant", "desk", { ...SPEC, instructions: "Be kind." });
    await refused("--target", "Assistant/desk");
    await run("plan", "--out", "plan.json");
    office.writes();
    expect((await run("apply", "plan.json")).code).toBe(4);
    expect(office.writes()).toEqual([]);
    await run("plan", "--adopt", "--out", "plan.json");
    expect((await run("apply", "plan.json", "--accept", "none")).code).toBe(4);
    expect((await run("apply", "plan.json", "--adopt")).code).toBe(1);
    const ran = await run("apply", "plan.json", "--accept", "adopt");
    expect(ran.code, said(ran)).toBe(0);
    expect(live()[0]?.main).toMatchObject({ instructions: "Be kind." });
  });

  test("is changed without --adopt after import", async () => {
    const id = office.emulator.portal.create("Assistant", SPEC);
    await declare("Assistant", "desk", { ...SPEC, instructions: "Be kind." });
    expect((await run("import", "Assistant/desk", id)).code).toBe(0);
    expect(await done()).not.toEqual([]);
  });

  test("gets no version and no canary without --adopt", async () => {
    office.emulator.portal.create("Assistant", SPEC);
    await declare("Assistant", "desk", SPEC);
    await declare("AssistantVersion", "next", {
      assistant: { ref: "Assistant/desk" },
      version_name: "next",
      changes: { greeting: "Hi." },
    });
    const text = await refused();
    expect(text).toContain("AssistantVersion/next: adopted with changes");
    expect(text).toContain("would be created under Assistant/desk");
    await refused("--target", "AssistantVersion/next");
    expect(await done("--adopt")).toHaveLength(1);
  });

  test("may be referred to", async () => {
    const hangup = { display_name: "end", type: "hangup", hangup: { description: "Ends the call." } };
    office.emulator.portal.create("Tool", hangup);
    await declare("Tool", "end", hangup);
    await declare("Assistant", "desk", { ...SPEC, tool_ids: [{ ref: "Tool/end" }] });
    expect(await done()).toEqual(["POST /ai/assistants"]);
  });

  test("is not deleted by destroy or --prune", async () => {
    office.emulator.portal.create("Assistant", SPEC);
    await declare("Assistant", "desk", { ...SPEC, instructions: "Be kind." });
    expect((await run("destroy", "--yes")).code).toBe(0);
    await refused("--prune");
    expect(live()).toHaveLength(1);
  });
});

describe("a project that has lost its ledger", () => {
  beforeEach(async () => {
    await declare("Assistant", "desk", SPEC);
    await declare("AssistantVersion", "next", {
      assistant: { ref: "Assistant/desk" },
      version_name: "next",
      changes: { greeting: "Hi." },
    });
    await declare("CanaryDeploy", "desk", {
      assistant: { ref: "Assistant/desk" },
      rules: [
        { match: [], serve: { rollout: [{ version_id: { ref: "AssistantVersion/next" }, weight: 10 }] } },
      ],
    });
    const ran = await apply();
    expect(ran.code, said(ran)).toBe(0);
    await loseLedger();
  });

  test("recovers if nothing has drifted", async () => {
    expect(await done()).toEqual([]);
    expect((await run("drift")).code).toBe(0);
  });

  test("needs --adopt if something has drifted", async () => {
    const [assistant] = live();
    office.emulator.portal.edit("Assistant", assistant?.id ?? "", { greeting: "Edited." });
    expect((await run("drift")).code).toBe(2);
    expect(await refused()).toContain("Assistant/desk: adopted with changes");
    expect(live()[0]?.main).toMatchObject({ greeting: "Edited." });
    expect(await done("--adopt")).not.toEqual([]);
  });
});

describe("an adoption with changes that failed", () => {
  test("continues without --adopt", async () => {
    office.emulator.portal.create("Assistant", SPEC);
    await declare("Assistant", "desk", { ...SPEC, instructions: "Be kind." });
    office.emulator.inject({
      match: { method: "POST" },
      fault: { kind: "status", status: 500 },
      times: "always",
    });
    expect((await apply("--adopt")).code).not.toBe(0);
    office.emulator.clearFaults();
    expect(await done()).not.toEqual([]);
  });
});
