import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { manifestsIn, treeOf } from "../file-tree.ts";
import { applied, assistant, project, type Scene } from "./scene.ts";

let one: Scene;
afterEach(() => one.close());

const HEAD = "apiVersion: rollcall.dev/v1\n";
const OTHER = { "assistants/other.yaml": assistant("other", "greeting: Hi\n", ["production"]) };
const FILES = { "rollcall.yaml": project([]), ...OTHER };
const staging = ["--env", "staging"];
const rollcallYaml = () => readFile(join(one.folder, "rollcall.yaml"), "utf8");

async function propose(code = 0): Promise<string> {
  const before = await Promise.all(["dev", "production"].map((name) => one.declared(name)));
  const said = await one.ends(code, "drift", "--propose", ...staging);
  expect(await Promise.all(["dev", "production"].map((name) => one.declared(name)))).toEqual(before);
  return said;
}

const isInSync = async () =>
  expect(await one.ends(0, "plan", ...staging, "--detailed-exitcode")).toContain("No changes.");

describe("manifests that all environments have", () => {
  test("versions, canary rules, tests and shared tools get patches of staging", async () => {
    one = await applied({
      ...FILES,
      "assistants/desk.yaml": `${assistant("desk", "greeting: Hi\ntool_ids: [{ ref: Tool/find }]\n")}---
${HEAD}kind: AssistantVersion
metadata: { name: warm }
spec: { assistant: { ref: Assistant/desk }, changes: { greeting: Warm } }
---
${HEAD}kind: CanaryDeploy
metadata: { name: desk }
spec:
  assistant: { ref: Assistant/desk }
  rules:
    # Everyone.
    - serve: { rollout: [{ version_id: { ref: AssistantVersion/warm }, weight: 10 }] }
---
${HEAD}kind: Tool
metadata: { name: find }
spec: { type: webhook, webhook: { name: find, description: Finds., url: "https://acme.example/find" } }
---
${HEAD}kind: AssistantTest
metadata: { name: bye }
spec:
  destination: "+15550001111"
  instructions: Say bye
  telnyx_conversation_channel: phone_call
  rubric: [{ name: ok, criteria: Says bye }, { name: kind, criteria: Is kind }]
`,
    });
    const texts = manifestsIn(one.folder);
    const state = one.emulator.state() as unknown as Record<string, readonly JsonObject[]>;
    const desk = state["assistants"]?.[0]?.["id"] as string;
    const version = ((state["assistants"]?.[0]?.["versions"] ?? []) as unknown as readonly JsonObject[]).find(
      ({ version_name }) => version_name === "warm",
    );
    const id = `${desk}/${String(version?.["version_id"])}`;
    one.emulator.portal.edit("AssistantVersion", id, { greeting: "Warmer", description: "Of the portal" });
    const rollout = [{ version_id: String(version?.["version_id"]), weight: 25 }];
    one.emulator.portal.edit("CanaryDeploy", desk, { rules: [{ serve: { rollout } }] });
    one.emulator.portal.edit("Tool", String(state["tools"]?.[0]?.["id"]), {
      webhook: { name: "find", description: "Finds.", url: "https://acme.example/find2" },
    });
    one.emulator.portal.edit("AssistantTest", String(state["tests"]?.[0]?.["test_id"]), {
      rubric: [{ name: "ok", criteria: "Says goodbye" }],
    });
    const said = await propose();
    expect(said).not.toContain("Not adopted");
    const { "rollcall.yaml": before, ...others } = texts;
    const { "rollcall.yaml": after, ...now } = manifestsIn(one.folder);
    expect(now).toEqual(others);
    expect(after).not.toBe(before);
    await isInSync();
  });

  test("a value that cannot be written is left alone, and the others are taken", async () => {
    one = await applied({
      ...FILES,
      "assistants/desk.yaml": assistant("desk", "greeting: Hi\ndescription: d\ntags: [own]\n"),
      "assistants/a.yaml": assistant("a", "instructions: &text Be kind.\ndescription: *text\n"),
    });
    one.edit("desk", () => ({
      greeting: ["Bearer", "abcdefghijklmnop1234567890"].join(" "),
      description: "e",
      tags: ["own"],
    }));
    one.edit("a", () => ({ description: "Be quick." }));
    const said = await propose(2);
    expect(said).toContain("2 live values adopted in 1 file. 2 differences not adopted.");
    expect(said).toContain(
      "Assistant/desk greeting\n    it contains a secret, and manifests contain no secrets",
    );
    expect(said).toContain(
      "Assistant/desk tags[ours]\n    it is one of the tags of all assistants; see spec.tags.common in rollcall.yaml",
    );
    expect(await rollcallYaml()).toContain("description: Be quick.");
    expect(await rollcallYaml()).toContain("description: e\n");
  });

  test("a variable that the live value replaces is not in the patch, and the report names it", async () => {
    one = await applied({
      ...FILES,
      "assistants/desk.yaml": assistant("desk", "greeting: Hi from ${var.company}\n"),
    });
    one.edit("desk", () => ({ greeting: "Hi from ${us}" }));
    const said = await propose();
    expect(said).toContain(
      "Assistant/desk greeting, line 18, in the patches of staging, without ${var.company}\n",
    );
    expect(await rollcallYaml()).toContain("greeting: Hi from $${us}\n");
    await isInSync();
  });

  test("a file with variables, one of which the live value replaces, gets a new one without", async () => {
    one = await applied({
      ...FILES,
      "assistants/desk.yaml": assistant("desk", "instructions: { file: ../prompts/desk.md, vars: true }\n"),
      "prompts/desk.md": "You work at ${var.company}.\n",
    });
    one.edit("desk", () => ({ instructions: "You work for ${us}." }));
    expect(await propose()).toContain("without ${var.company}\n");
    expect(await readFile(join(one.folder, "prompts/desk.staging.md"), "utf8")).toBe("You work for ${us}.\n");
    expect(await rollcallYaml()).toContain("instructions: { file: prompts/desk.staging.md, vars: false }\n");
    await isInSync();
  });

  test("the last patch of an environment is removed with the value that it set", async () => {
    const patch = { target: "Assistant/desk", path: "/spec/description", value: "d" };
    one = await applied({
      ...FILES,
      "rollcall.yaml": project([patch]),
      "assistants/desk.yaml": assistant("desk", "greeting: Hi\n"),
    });
    one.edit("desk", () => ({ description: null }));
    await propose();
    expect(await rollcallYaml()).toBe(project([]));
    await isInSync();
  });

  test("a part of the project: only its manifests are changed", async () => {
    one = await applied({
      ...FILES,
      "assistants/desk.yaml": assistant("desk", "greeting: Hi\n"),
      "assistants/a.yaml": assistant("a", "greeting: Hi\n"),
    });
    for (const name of ["desk", "a"]) one.edit(name, () => ({ greeting: "Hello" }));
    const said = await one.ends(0, "drift", "assistants/a.yaml", "--propose", ...staging);
    expect(said).toContain("1 live value adopted in 1 file.");
    expect(await rollcallYaml()).toBe(
      project([]).replace(
        "    production",
        "      patches:\n        - target: Assistant/a\n          patch:\n            spec:\n              greeting: Hello\n    production",
      ),
    );
  });

  test("an error that another environment had before does not matter: a variable without a value", async () => {
    one = await applied({
      ...FILES,
      "rollcall.yaml": project([]).replace(
        "vars: { company: Acme of staging",
        'vars: { town: "Bonn", company: Acme of staging',
      ),
      "assistants/desk.yaml": assistant("desk", "greeting: Hi from ${var.town}\n"),
    });
    one.edit("desk", () => ({ greeting: "Hello from Bonn" }));
    const text = await readFile(join(one.folder, "assistants/desk.yaml"), "utf8");
    await one.ends(0, "drift", "--propose", ...staging);
    expect(await readFile(join(one.folder, "assistants/desk.yaml"), "utf8")).toBe(text);
    expect(await rollcallYaml()).toContain("greeting: Hello from ${var.town}\n");
  });

  test("patches that two environments have as one are not changed", async () => {
    const patches = "[{ target: Assistant/desk, patch: { spec: { greeting: Both } } }]";
    one = await applied({
      "rollcall.yaml": `${HEAD}kind: Project
metadata: { name: desk }
spec:
  manifests: [assistants]
  environments:
    staging: { apiKey: { env: TELNYX_STAGING_API_KEY }, patches: &both ${patches} }
    dev: { apiKey: { env: TELNYX_DEV_API_KEY }, patches: *both }
    production: { apiKey: { env: TELNYX_API_KEY } }
`,
      "assistants/desk.yaml": assistant("desk", "greeting: Hi\ndescription: d\n"),
    });
    const before = treeOf(one.folder);
    one.edit("desk", () => ({ greeting: "Hello", description: "e" }));
    const said = await propose(2);
    expect(said).toContain("No manifest was changed. 2 differences not adopted.");
    expect(said).toContain("as &both");
    expect(treeOf(one.folder)).toEqual(before);
  });

  test("the project file keeps its line ends, its byte order mark and its brackets", async () => {
    const text = (patches: string) =>
      `\uFEFF${HEAD}kind: Project # ours
metadata: { name: desk }
spec:
  environments:
    # The first.
    staging: { apiKey: { env: TELNYX_STAGING_API_KEY }${patches} }
    production: { apiKey: { env: TELNYX_API_KEY } }
`.replaceAll("\n", "\r\n");
    one = await applied({ "rollcall.yaml": text(""), "desk.yaml": assistant("desk", "greeting: Hi\n") });
    one.edit("desk", () => ({ greeting: "Hello" }));
    await one.ends(0, "drift", "--propose", ...staging);
    expect(await rollcallYaml()).toBe(
      text(", patches: [{ target: Assistant/desk, patch: { spec: { greeting: Hello } } }]"),
    );
    await isInSync();
  });

  test("a file of the name that a new one would have is not replaced", async () => {
    one = await applied({
      ...FILES,
      "assistants/desk.yaml": assistant("desk", "instructions: { file: ../prompts/desk.md }\n"),
      "prompts/desk.md": "Be kind.\n",
      "prompts/desk.staging.md": "Notes.\n",
    });
    one.edit("desk", () => ({ instructions: "Be quick." }));
    expect(await propose()).toContain("prompts/desk-2.staging.md");
    expect(manifestsIn(one.folder)).toMatchObject({
      "prompts/desk.md": "Be kind.\n",
      "prompts/desk.staging.md": "Notes.\n",
      "prompts/desk-2.staging.md": "Be quick.\n",
    });
    await isInSync();
  });

  test("where no new file can be made, nothing is written", async () => {
    one = await applied({
      ...FILES,
      "assistants/desk.yaml": assistant("desk", "instructions: { file: desk.md }\n"),
      "assistants/desk.md": "Be kind.\n",
    });
    writeFileSync(join(one.folder, "prompts"), "a file\n");
    const before = treeOf(one.folder);
    one.edit("desk", () => ({ instructions: "Be quick." }));
    expect(await propose(1)).toMatch(
      /error: no file was written: prompts\/desk\.staging\.md cannot be written: /,
    );
    expect(treeOf(one.folder)).toEqual(before);
  });
});
