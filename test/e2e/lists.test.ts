import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { stringify, type JsonObject } from "../../src/model/json.ts";
import type { EmulatorOptions } from "../../src/providers/telnyx/emulator/emulator.ts";
import { runtime } from "../../src/host/runtime.ts";
import { desk, runIn, type Desk } from "./cli.ts";

const MODEL = "meta-llama/Llama-3.3-70B-Instruct";
const LOOK_UP = {
  type: "webhook",
  webhook: { name: "look_up", description: "Looks up.", url: "https://acme.example" },
};
const HANGUP = { type: "hangup", hangup: { description: "Ends the call." } };
/** Lists show what was there when it began; reads by id are up to date. */
const CACHED = { milliseconds: 1e12, onlyLists: true };

let office: Desk;
afterEach(() => office.close());

async function declare(kind: string, name: string, spec: JsonObject): Promise<void> {
  const manifest = { apiVersion: "rollcall.dev/v1", kind, metadata: { name }, spec };
  await writeFile(join(office.folder, `${kind}-${name}.yaml`), stringify(manifest, 2));
}

async function ends(code: number, ...args: readonly string[]): Promise<string> {
  const ran = await office.rollcall(...args);
  expect(ran.code, ran.stdout + ran.stderr).toBe(code);
  return ran.stdout;
}

const idOf = (name: string): string =>
  office.emulator.state().assistants.find(({ main }) => main["name"] === name)?.id ?? "";

/** What was asked for since the last call. */
function asked(): readonly string[] {
  const paths = office.emulator.requests().map(({ path }) => path);
  office.emulator.clearRequests();
  return paths;
}

/** Assistants that are applied; each has a tool and a greeting. */
async function applied(names: readonly string[], options: EmulatorOptions = {}): Promise<void> {
  office = await desk(undefined, options);
  for (const name of names)
    await declare("Assistant", name, { model: MODEL, instructions: "Be brief.", tools: [LOOK_UP] });
  await ends(0, "apply", "--yes");
  asked();
}

const ALL = ["a", "b", "c", "d", "e"];

describe("incomplete lists", () => {
  const OMITTED = { hazards: { listOmits: ["tools", "mcp_servers", "conversation_flow"] } };

  test.each(ALL)("a tool that was added to %s is drift", async (name) => {
    await applied(ALL, OMITTED);
    office.emulator.portal.edit("Assistant", idOf(name), { tools: [LOOK_UP, HANGUP] }, { version: "same" });
    const text = await ends(2, "drift");
    expect(text).toContain(`Assistant/${name} has drifted`);
    expect(await ends(0, "plan")).toContain(`Assistant/${name} will be updated in-place`);
  });

  test("without changes, there is no drift and no change", async () => {
    await applied(ALL, OMITTED);
    expect(await ends(0, "drift")).toContain("No drift.");
    expect(await ends(0, "plan", "--detailed-exitcode")).toContain("No changes.");
  });

  test("an undeclared field needs no reads and is not reported as changed", async () => {
    await applied(ALL, { hazards: { listOmits: ["telephony_settings"] } });
    const text = await ends(0, "plan", "--detailed-exitcode");
    expect(text).not.toContain("changed outside Git");
    expect(asked().filter((path) => path.includes("assistant-"))).toHaveLength(1);
  });

  test("a list with an older text hides no edit", async () => {
    await applied(["a"]);
    office.emulator.lag(CACHED);
    office.emulator.portal.edit("Assistant", idOf("a"), { instructions: "Shout." }, { version: "same" });
    expect(await ends(2, "drift")).toContain("Shout.");
    expect(await ends(2, "plan", "--detailed-exitcode")).toContain("Shout.");
  });

  test("an object that is listed but cannot be read is gone", async () => {
    await applied(ALL);
    office.emulator.lag(CACHED);
    office.emulator.portal.delete("Assistant", idOf("c"));
    const text = await ends(2, "drift");
    expect(text).toContain("Assistant/c was deleted outside Git");
    expect(text).toContain("Drift: 1 resource deleted.");
  });

  test("an object that is listed but cannot be read is not a second object of its name", async () => {
    office = await desk();
    const spec = { name: "late", model: MODEL, instructions: "Be brief." };
    const [gone, left] = [0, 1].map(() => office.emulator.portal.create("Assistant", spec));
    office.emulator.lag(CACHED);
    office.emulator.portal.delete("Assistant", gone ?? "");
    await declare("Assistant", "late", { model: MODEL, instructions: "Be brief." });
    expect(await ends(0, "apply", "--yes")).toContain(left);
    expect(office.writes()).toEqual([]);
  });

  test("an object that is listed but cannot be read does not prevent a creation", async () => {
    office = await desk();
    const spec = { name: "new", model: MODEL, instructions: "Be brief." };
    const gone = office.emulator.portal.create("Assistant", spec);
    office.emulator.lag(CACHED);
    office.emulator.portal.delete("Assistant", gone);
    await declare("Assistant", "new", { model: MODEL, instructions: "Be brief." });
    await ends(0, "apply", "--yes");
    const live = office.emulator.state().assistants.filter(({ deleted_at }) => deleted_at === null);
    expect(live).toMatchObject([{ main: { name: "new" } }]);
  });

  test("an object that is listed but cannot be read does not block a renamed manifest", async () => {
    await applied(ALL);
    office.emulator.lag(CACHED);
    for (const name of ["a", "b"]) {
      office.emulator.portal.delete("Assistant", idOf(name));
      await rm(join(office.folder, `Assistant-${name}.yaml`));
      await declare("Assistant", `new-${name}`, { name, model: MODEL, instructions: "Be brief." });
    }
    expect(await ends(0, "plan")).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
  });

  test("an object that is listed but cannot be read refers to nothing", async () => {
    office = await desk();
    await declare("Tool", "used", { display_name: "used", ...LOOK_UP });
    await declare("Tool", "other", { display_name: "other", ...HANGUP });
    await ends(0, "apply", "--yes");
    const used = office.emulator.state().tools.find((tool) => tool["display_name"] === "used")?.["id"];
    const theirs = { name: "theirs", model: MODEL, instructions: "Be brief.", tool_ids: [String(used)] };
    const id = office.emulator.portal.create("Assistant", theirs);
    await declare("Assistant", "a", { model: MODEL, instructions: "Be brief." });
    await ends(0, "apply", "--yes");
    await rm(join(office.folder, "Tool-used.yaml"));
    expect(await ends(4, "apply", "--yes", "--prune")).toContain("still refer to it");
    office.emulator.lag(CACHED);
    office.emulator.portal.delete("Assistant", id);
    await ends(0, "apply", "--yes", "--prune");
    expect(office.emulator.state().tools).toHaveLength(1);
  });

  test("an object in the ledger that the list lacks is found", async () => {
    office = await desk();
    office.emulator.lag(CACHED);
    await declare("Assistant", "late", { model: MODEL, instructions: "Be brief." });
    await ends(0, "apply", "--yes");
    for (const command of [["drift"], ["drift", "--quick"], ["plan", "--detailed-exitcode"]])
      await ends(0, ...command);
  });
});

describe("drift --quick", () => {
  test("trusts the lists, and says so in every format", async () => {
    await applied(ALL, { hazards: { listOmits: ["description"] } });
    office.emulator.lag(CACHED);
    office.emulator.portal.edit("Assistant", idOf("a"), { tools: [LOOK_UP, HANGUP] }, { version: "same" });
    asked();
    const text = await ends(0, "drift", "--quick");
    expect(asked().filter((path) => /\/assistants\/assistant-[^/]+$/.test(path))).toEqual([]);
    expect(text).toContain("No drift in the lists.");
    for (const format of ["text", "markdown", "html"])
      expect((await ends(0, "drift", "--quick", "--format", format)).replaceAll("\\", "")).toContain(
        "5 objects were compared by list only",
      );
    const json = JSON.parse(await ends(0, "drift", "--quick", "--format", "json")) as JsonObject;
    expect(json["x_rollcall"]).toMatchObject({ quick: true, unread: 5 });
    const full = JSON.parse(await ends(2, "drift", "--format", "json")) as JsonObject;
    expect(full["x_rollcall"]).not.toHaveProperty("quick");
  });

  test("finds changes in the lists, and reads them by id", async () => {
    await applied(ALL);
    office.emulator.portal.edit("Assistant", idOf("b"), { instructions: "Shout." }, { version: "same" });
    const text = await ends(2, "drift", "--quick");
    expect(text).toContain("Shout.");
    expect(text).toContain("4 objects were compared by list only");
  });

  test("counts an assistant as unread even if its canary was read", async () => {
    await applied(["a"]);
    const next = { assistant: { ref: "Assistant/a" }, version_name: "next", changes: { greeting: "Yo." } };
    const rollout = [{ version_id: { ref: "AssistantVersion/next" }, weight: 5 }];
    await declare("AssistantVersion", "next", next);
    await declare("CanaryDeploy", "a", { assistant: { ref: "Assistant/a" }, rules: [{ serve: { rollout } }] });
    await ends(0, "apply", "--yes");
    office.emulator.lag(CACHED);
    office.emulator.portal.delete("CanaryDeploy", idOf("a"));
    expect(await ends(2, "drift", "--quick")).toContain("2 objects were compared by list only");
    office.emulator.portal.edit("Assistant", idOf("a"), { tools: [HANGUP] }, { version: "same" });
    await declare("Assistant", "a", { model: MODEL, instructions: "Be kind.", tools: [LOOK_UP] });
    expect(await ends(2, "drift", "--quick")).toContain("Assistant/a has drifted");
  });

  test("proposes nothing", async () => {
    await applied(["a"]);
    await ends(1, "drift", "--quick", "--propose");
  });
});

test("a saved plan is applied with its own sample", async () => {
  await applied(ALL);
  await declare("Assistant", "new", { model: MODEL, instructions: "Be brief." });
  const now = Date.now();
  // The time of a plan is the turn of its sample.
  const sampleOf = async (later: number, code: number, ...args: readonly string[]) => {
    const around = { runtime: { ...runtime, now: () => new Date(now + later) } };
    const ran = await runIn(office.folder, office.env, args, around);
    expect(ran.code, ran.stdout + ran.stderr).toBe(code);
    return asked().filter((path) => /\/assistants\/assistant-[^/]+$/.test(path));
  };
  const planned = await sampleOf(0, 0, "plan", "--out", "plan.json");
  expect(planned).toHaveLength(1);
  expect(await sampleOf(1, 0, "plan")).not.toEqual(planned);
  office.emulator.inject({ match: { method: "POST" }, fault: { kind: "status", status: 422 } });
  expect((await sampleOf(1, 1, "apply", "plan.json"))[0]).toBe(planned[0]);
});
