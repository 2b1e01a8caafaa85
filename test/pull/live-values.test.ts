import { describe, expect, test } from "vitest";
import { manifestsIn } from "../file-tree.ts";
import { changedAccount } from "./changed-account.ts";
import { pullTheRest } from "./live-values.ts";

const account = changedAccount();
const { show, objects, idOfNamed, withValue } = account;

pullTheRest(account, 3, 1);

describe("a value that no schema knows", () => {
  test("is not declared where a manifest can do without it: the file and the list say where it is and why", async () => {
    const id = await idOfNamed("Assistant", "Rich");
    await withValue(id, ["telephony_settings", "recording_settings", "format"], "flac", async (run, folder) => {
      const pulled = await run("pull");
      expect(pulled.code, pulled.stdout).toBe(0);
      expect(pulled.stdout).toContain("Assistant/rich /telephony_settings/recording_settings/format\n");
      expect(pulled.stdout).toMatch(/validation does not accept it: .*flac/);
      const text = manifestsIn(folder)["assistants/rich.yaml"] ?? "";
      expect(text).toMatch(/# Not declared: \/telephony_settings\/recording_settings\/format\. Reason: .*flac/);
      expect(text).toMatch(/^ *recording_settings:/m);
      expect(text).not.toMatch(/^ *format:/m);
      const shown = await run("get", "Assistant/rich", "-o", "yaml");
      expect(shown.stdout).toContain("# Not declared: /telephony_settings/recording_settings/format.");
      expect(await run("drift")).toMatchObject({ code: 0 });
    });
  });

  test("leaves the object out where a manifest needs it; what refers to that holds its id", async () => {
    const id = await idOfNamed("Tool", "Rich tool");
    await withValue(id, ["tool_definition", "url"], 5, async (run, folder) => {
      const pulled = await run("pull");
      expect(pulled.code, pulled.stdout).toBe(3);
      expect(pulled.stdout).toContain(
        `Tool Rich tool (${id}): a manifest needs /webhook/url, and cannot hold its value`,
      );
      expect(pulled.stdout).not.toContain("Tool/rich-tool /webhook");
      const text = manifestsIn(folder)["assistants/rich.yaml"] ?? "";
      expect(text).toContain(`# Tool Rich tool, which this project does not manage.\n    - ${id}\n`);
      expect(await run("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
      const shown = await run("get", "tools", "-o", "yaml");
      expect(shown.code, shown.stderr).toBe(3);
      expect(shown.stdout).toContain("name: open-ticket");
      expect(shown.stderr).toContain(`Tool Rich tool (${id}) has no manifest`);
      const alone = await run("get", id, "-o", "yaml");
      expect(alone).toMatchObject({ code: 3, stdout: "" });
      expect(alone.stderr).not.toContain("No objects found");
      const again = await run("pull");
      expect(again.code, again.stdout).toBe(3);
      expect(again.stdout.match(/a manifest needs/g)).toHaveLength(1);
    });
  });

  test("of an assistant with versions and a canary takes neither of these from the pull", async () => {
    const [id] = (await objects())
      .filter(({ body }) => body["greeting"] === "Hi" && body["name"] === "Support")
      .map((object) => object.id);
    await withValue(id ?? "", ["instructions"], 5, async (run, folder) => {
      const pulled = await run("pull");
      expect(pulled.code, pulled.stdout).toBe(3);
      const rollout = Object.entries(manifestsIn(folder)).find(([file]) => file.startsWith("rollouts/"))?.[1];
      expect(rollout).toContain(`assistant: ${id}\n`);
      expect(rollout).toContain("kind: CanaryDeploy");
      expect(await run("validate")).toMatchObject({ code: 0 });
      expect(await run("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
    });
  });

  test("is drift where a manifest declares another one, and is not taken into it", async () => {
    const id = await idOfNamed("Assistant", "Rich");
    await withValue(id, ["telephony_settings", "recording_settings", "format"], "wav", async (run, folder) => {
      expect(await run("pull", "Rich")).toMatchObject({ code: 0 });
      const before = manifestsIn(folder);
      show(id, ["telephony_settings", "recording_settings", "format"], "flac");
      for (const [code, ...args] of [
        [2, "drift"],
        [2, "plan", "--detailed-exitcode"],
        [2, "pull", "--update", "Rich"],
      ] as const) {
        const ran = await run(...args);
        expect(ran.code, `${args.join(" ")}: ${ran.stdout}${ran.stderr}`).toBe(code);
        expect(ran.stdout).toContain("format");
      }
      expect(manifestsIn(folder)).toEqual(before);
    });
  });

  test("stops the import of its object only where a manifest needs it, and then nothing is written", async () => {
    const id = await idOfNamed("Assistant", "Rich");
    await withValue(id, ["telephony_settings", "recording_settings", "format"], "flac", async (run) => {
      const imported = await run("import", "Assistant/mine", id);
      expect(imported.code, imported.stdout + imported.stderr).toBe(0);
      expect(imported.stdout).toContain("Not written: /telephony_settings/recording_settings/format: ");
      expect(await run("plan", "--detailed-exitcode")).toMatchObject({ code: 0 });
    });
    await withValue(id, ["instructions"], 5, async (run, folder) => {
      const imported = await run("import", "Assistant/mine", id);
      expect(imported.code, imported.stdout + imported.stderr).toBe(3);
      expect(imported.stdout).toContain("Assistant/mine  /instructions");
      expect(manifestsIn(folder)).toEqual({});
    });
  });
});
