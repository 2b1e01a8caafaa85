import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

let office: Desk;

const assistant = (name: string, remote: string) =>
  `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: ${name} }\nspec: { name: "${remote}", instructions: x }\n`;
const version = (name: string, parent: string) =>
  `apiVersion: rollcall.dev/v1\nkind: AssistantVersion\nmetadata: { name: ${name} }\nspec: { assistant: { ref: Assistant/${parent} }, version_name: ${name}, changes: { greeting: Hi. } }\n`;

const file = (name: string, text: string) => writeFile(join(office.folder, name), text);
const ignoring = (...patterns: readonly string[]) => file(".rollcallignore", `${patterns.join("\n")}\n`);
const names = () =>
  office.emulator
    .state()
    .assistants.filter(({ deleted_at }) => deleted_at === null)
    .map(({ main }) => main["name"]);

beforeEach(async () => {
  office = await desk();
  await file("kept.yaml", assistant("kept", "Kept"));
});

afterEach(() => office.close());

async function applied(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await office.rollcall("apply", "--yes", "--allow-mass-change", ...args);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe("an object in .rollcallignore", () => {
  test("is not counted, listed or shown as unmanaged", async () => {
    await applied();
    for (const name of ["Legacy 1", "legacy/2", "Other"])
      office.emulator.portal.create("Assistant", { name, instructions: "x" });
    expect((await office.rollcall("plan")).stdout).toContain("Not managed by this project: 3 assistants.");
    await ignoring("# By others.", "Assistant/Legacy*", "legacy");
    expect((await office.rollcall("plan")).stdout).toContain("Not managed by this project: 1 assistant.");
    const drift = (await office.rollcall("drift", "--show-foreign")).stdout;
    expect(drift).toContain("Other");
    expect(drift).not.toMatch(/legacy/i);
    const get = (...args: readonly string[]) => office.rollcall("get", "assistants", ...args);
    expect((await get("--unmanaged", "-o", "name")).stdout).toBe("Assistant/Other\n");
    expect((await get("Legacy 1")).stdout).toMatch(/^Legacy 1 .* ignored /m);
    const all = JSON.parse((await get("-o", "json")).stdout) as { objects: { name: string; ignored?: true }[] };
    const ignored = all.objects.filter((object) => object.ignored === true);
    expect(ignored.map(({ name }) => name).sort()).toEqual(["Legacy 1", "legacy/2"]);
  });

  test("can be a canary by the name of its assistant", async () => {
    await applied();
    const [{ id = "" } = {}] = office.emulator.state().assistants;
    const body = { assistant_id: id, version_name: "trial", greeting: "Hi." };
    const version = office.emulator.portal.create("AssistantVersion", body).split("/")[1] ?? "";
    const rules = [{ serve: { rollout: [{ version_id: version, weight: 10 }] } }];
    office.emulator.portal.create("CanaryDeploy", { assistant_id: id, rules });
    await ignoring("CanaryDeploy/Kept");
    expect((await office.rollcall("get", "canaries")).stdout).toContain(" ignored ");
    expect((await office.rollcall("get", "canaries", "--unmanaged")).stdout).toBe("");
  });

  test("is not pulled, also with objects that refer to it", async () => {
    const tool = (name: string) =>
      office.emulator.portal.create("Tool", {
        type: "webhook",
        display_name: name,
        webhook: { name: name.replace(" ", "_"), description: "x", url: "https://a.example" },
      });
    const tool_ids = [tool("Legacy tool"), tool("Ticket")];
    for (const name of ["Legacy 1", "Other"])
      office.emulator.portal.create("Assistant", { name, instructions: "x", tool_ids });
    await rm(join(office.folder, "kept.yaml"));
    await ignoring("Legacy*");
    const pulled = await office.rollcall("pull");
    expect(pulled.code, pulled.stderr).toBe(0);
    const { stdout } = await office.rollcall("get", "--managed", "-o", "name");
    expect(stdout).toBe("Assistant/other\nTool/ticket\n");
  });

  test.each([
    ["its remote name", "Assistant/Old desk"],
    ["its address", "Assistant/old"],
  ])("is not pruned, by %s", async (_, pattern) => {
    await file("old.yaml", assistant("old", "Old desk"));
    await applied();
    await rm(join(office.folder, "old.yaml"));
    await ignoring(pattern);
    const planned = await office.rollcall("plan", "--prune");
    expect(planned.stdout).toContain("No changes.");
    await applied("--prune");
    expect(names()).toEqual(["Kept", "Old desk"]);
    const listed = await office.rollcall("plan", "--prune", "--format", "json");
    expect(listed.stdout).toContain("no longer in the manifests, and it is kept by .rollcallignore");
    await rm(join(office.folder, ".rollcallignore"));
    await applied("--prune");
    expect(names()).toEqual(["Kept"]);
  });

  test.each(["Assistant/Legacy*", "assistants/Legacy*", "ASSISTANT/Legacy*", "/assistant/Legacy*"])(
    "can have any word for its kind: %s",
    async (pattern) => {
      await applied();
      for (const name of ["Legacy 1", "Other"])
        office.emulator.portal.create("Assistant", { name, instructions: "x" });
      const unmanaged = async () => (await office.rollcall("get", "assistants", "--unmanaged")).stdout;
      await ignoring(pattern);
      expect(await unmanaged()).toContain("Other");
      expect(await unmanaged()).not.toContain("Legacy");
      await ignoring("Assistant/*", `!${pattern}`);
      expect(await unmanaged()).not.toContain("Other");
      expect(await unmanaged()).toContain("Legacy");
    },
  );

  test("prevents pruning its parent", async () => {
    await file("old.yaml", `${assistant("old", "Old")}---\n${version("trial", "old")}`);
    await applied();
    await rm(join(office.folder, "old.yaml"));
    await ignoring("AssistantVersion/trial");
    await applied("--prune");
    expect(names()).toEqual(["Kept", "Old"]);
  });

  test("is not destroyed", async () => {
    await ignoring("Assistant/kept");
    await applied();
    const { code } = await office.rollcall("destroy", "--yes");
    expect(code).toBe(0);
    expect(names()).toEqual(["Kept"]);
  });

  test("is managed if a manifest declares it", async () => {
    await ignoring("Assistant/*");
    await applied();
    await file("kept.yaml", assistant("kept", "Renamed"));
    await applied();
    expect(names()).toEqual(["Renamed"]);
  });
});

test("a mistake in .rollcallignore stops every command that reads it, with file and line", async () => {
  await applied();
  office.emulator.clearRequests();
  await ignoring("# x", "Asistant/legacy-*");
  for (const args of [["validate"], ["plan"], ["apply", "--yes"], ["drift"], ["get"]]) {
    const { code, stdout, stderr } = await office.rollcall(...args);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(".rollcallignore:2:1: there is no kind Asistant");
  }
  expect(office.emulator.requests()).toEqual([]);
});
