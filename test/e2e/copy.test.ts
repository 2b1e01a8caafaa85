import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KINDS } from "../../src/cli/project.ts";
import { loadEnvironments, type LoadedProject } from "../../src/schema/load.ts";
import { copyManifest } from "../../src/schema/author/copy.ts";
import { desk, EXAMPLE, type Desk } from "./cli.ts";
import { treeOf } from "../file-tree.ts";

let one: Desk;

beforeEach(async () => {
  one = await desk();
});
afterEach(() => one.close());

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(one.folder, file)), { recursive: true });
    await writeFile(join(one.folder, file), text);
  }
}

const text = (file: string) => readFile(join(one.folder, file), "utf8");

async function ends(code: number, ...args: readonly string[]): Promise<string> {
  const before = treeOf(one.folder);
  const ran = await one.rollcall(...args);
  expect(ran.code, `${args.join(" ")}\n${ran.stdout}${ran.stderr}`).toBe(code);
  // What was there is as it was; a command that fails leaves nothing else.
  const after = treeOf(one.folder);
  const kept = Object.entries(after).filter(([file]) => code !== 0 || file in before);
  expect(Object.fromEntries(kept)).toEqual(before);
  expect(one.emulator.requests()).toEqual([]);
  return ran.stdout + ran.stderr;
}

const PROJECT = `apiVersion: rollcall.dev/v1
kind: Project
metadata: { name: acme }
spec:
  vars: { suffix: "" }
  environments:
    staging:
      apiKey: { env: TELNYX_STAGING_API_KEY }
      vars: { suffix: " staging" }
      patches: [{ target: Assistant/desk, patch: { spec: { greeting: Staging } } }]
    production: {}
`;

const DESK = `# Who is responsible: the voice team.
apiVersion: rollcall.dev/v1
kind: Assistant   # the main one
metadata:
  name: desk
  labels: { team: voice }
lifecycle:
  protect: true
  movedFrom: [Assistant/reception]
  import: assistant-1
spec:
  name: "Front desk\${var.suffix}"
  instructions: { file: prompts/desk.md }

  # Kept short.
  greeting: 'Hello,   you!'
  tools:
    - type: handoff
      handoff:
        ai_assistants:
          - { name: me, id: { ref: Assistant/desk } }
          - { name: you, id: { ref: Assistant/other } }
    - { type: hangup, hangup: { description: { file: prompts/shared.md } } }
`;

const REST = `apiVersion: rollcall.dev/v1
kind: Tool
metadata: { name: hangup }
spec: { type: hangup, hangup: { description: { file: prompts/shared.md } } }
--- # the other one
apiVersion: rollcall.dev/v1
kind: Assistant
metadata: { name: other }
lifecycle: { observe: true }
spec:
  instructions: |
    ---x
    Be kind.
`;

const FILES = {
  "rollcall.yaml": PROJECT,
  "desk.yaml": DESK,
  "rest.yaml": REST,
  "prompts/desk.md": "Be kind.\n",
  "prompts/shared.md": "Ends the call.\n",
};

describe("a copy", () => {
  test("is the manifest under another name, with its own text file", async () => {
    await write(FILES);
    const said = await ends(0, "copy", "Assistant/desk", "night");
    expect(said).toContain("Written\n  night.yaml\n  prompts/night.md\n");
    expect(said).toContain("the patches of Assistant/desk in the environment staging");
    const expected = DESK.replace("  name: desk", "  name: night")
      .replace("  movedFrom: [Assistant/reception]\n  import: assistant-1\n", "")
      .replace("Front desk${var.suffix}", "night${var.suffix}")
      .replace("prompts/desk.md", "prompts/night.md")
      .replace("ref: Assistant/desk", "ref: Assistant/night");
    expect(await text("night.yaml")).toBe(expected);
    expect(await text("prompts/night.md")).toBe("Be kind.\n");
    await one.rollcall("validate").then(({ code }) => expect(code).toBe(0));
  });

  test("that has the name of the project file is in a file of another name", async () => {
    await write(FILES);
    const said = await ends(0, "copy", "Assistant/desk", "rollcall");
    expect(said).toContain("Written\n  rollcall-1.yaml\n  prompts/rollcall-1.md\n");
    await one.rollcall("validate").then(({ code }) => expect(code).toBe(0));
  });

  test("of one document among several has only that document", async () => {
    await write(FILES);
    await ends(0, "copy", "Assistant/other", "Assistant/another", "--remote-name", "Another one");
    const [, document = ""] = REST.split("---");
    const rest = REST.slice(REST.indexOf("--- # the other one") + "---".length);
    expect(document).not.toBe("");
    const expected = rest.replace("name: other", "name: another").replace("lifecycle: { observe: true }\n", "");
    expect(await text("another.yaml")).toBe(`${expected}  name: Another one\n`);
    await one.rollcall("validate").then(({ code }) => expect(code).toBe(0));
  });

  test("keeps a shared text file, and reports it", async () => {
    await write(FILES);
    await ends(0, "copy", "Tool/hangup", "hangup-2");
    expect(await text("hangup-2.yaml")).toContain("{ file: prompts/shared.md }");
  });

  test("can be applied next to its source", async () => {
    const files = { ...FILES, "rollcall.yaml": PROJECT.replace("    production: {}\n", "") };
    await write({ ...files, "desk.yaml": DESK.replace("  import: assistant-1\n", "") });
    await ends(0, "copy", "Assistant/desk", "night");
    one.emulator.portal.create("Assistant", { name: "other", instructions: "Be kind." });
    const ran = await one.rollcall("apply", "--yes");
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    const names = one.emulator.state().assistants.map(({ main }) => main["name"]);
    expect(names.toSorted()).toEqual(["Front desk staging", "night staging", "other"]);
  });
});

const TESTS = `apiVersion: rollcall.dev/v1
kind: AssistantTest
metadata: { name: desk-hours }
spec:
  assistant: { ref: Assistant/desk } # this one
  destination: "+15550001111"
  instructions: { file: prompts/desk-hours.md }
  rubric: [{ name: Polite, criteria: The assistant says hello. }]
---
apiVersion: rollcall.dev/v1
kind: AssistantTest
metadata: { name: refund }
spec:
  assistant: { ref: Assistant/desk }
  name: "Asks for a refund\${var.suffix}"
  destination: "+15550001111"
  instructions: Ask for a refund.
  rubric: [{ name: Polite, criteria: The assistant says hello. }]
---
apiVersion: rollcall.dev/v1
kind: AssistantTest
metadata: { name: of-another }
spec:
  assistant: { ref: Assistant/other }
  destination: "+15550001111"
  instructions: Say hello.
  rubric: [{ name: Polite, criteria: The assistant says hello. }]
`;

describe("tests of an assistant", () => {
  const files = { ...FILES, "tests.yaml": TESTS, "prompts/desk-hours.md": "Ask when we are open.\n" };

  test("come along on request, under new names and with the copy as their assistant", async () => {
    await write(files);
    const said = await ends(0, "copy", "Assistant/desk", "night", "--with-tests");
    expect(said).toContain("Copied Assistant/desk to Assistant/night, with 2 tests.");
    expect(said).not.toContain("--with-tests");
    for (const file of ["night-hours.yaml", "prompts/night-hours.md", "night-refund.yaml"])
      expect(said).toContain(`  ${file}\n`);
    const [hours = "", refund = ""] = TESTS.split("---\n");
    expect(await text("night-hours.yaml")).toBe(
      hours
        .replace("name: desk-hours", "name: night-hours")
        .replace("Assistant/desk }", "Assistant/night }")
        .replace("prompts/desk-hours.md", "prompts/night-hours.md"),
    );
    expect(await text("night-refund.yaml")).toBe(
      refund
        .replace("name: refund", "name: night-refund")
        .replace("Assistant/desk }", "Assistant/night }")
        .replace("Asks for a refund", "night-refund"),
    );
    expect((await one.rollcall("validate")).code).toBe(0);
  });

  test("are counted if they stay behind", async () => {
    await write(files);
    expect(await ends(0, "copy", "Assistant/desk", "night")).toContain(
      "Not copied: 2 tests (AssistantTest/desk-hours and AssistantTest/refund). To copy tests, pass --with-tests.",
    );
  });

  test("prevent the copy if one of their names is taken", async () => {
    await write({ ...files, "prompts/night-hours.md": "Mine.\n" });
    expect(await ends(1, "copy", "Assistant/desk", "night", "--with-tests")).toContain(
      "prompts/night-hours.md exists",
    );
  });

  test("prevent the copy if two of them would have one name", async () => {
    await write({ ...files, "tests.yaml": TESTS.replace("name: refund", "name: hours") });
    expect(await ends(1, "copy", "Assistant/desk", "night", "--with-tests")).toContain(
      "AssistantTest/desk-hours and AssistantTest/hours would both be night-hours.yaml",
    );
  });
});

test("a copy of every manifest of the example is valid, and says nothing else", async () => {
  const options = { path: EXAMPLE, env: {}, kinds: KINDS };
  const production = ({ environment }: LoadedProject) => environment.name === "production";
  const project = (await loadEnvironments(options)).find(production);
  if (project === undefined) throw new Error("it has no production");
  const sources = project.resources.filter(({ kind }) => kind !== "CanaryDeploy");
  const texts = new Map<string, string>();
  for (const source of sources) {
    const [kind, name] = [KINDS.get(source.kind), `copy-of-${source.name}`];
    if (kind === undefined) throw new Error(source.kind);
    const copy = copyManifest(project, { source, kind, name });
    if ("reason" in copy) throw new Error(copy.reason);
    for (const [file, content] of copy.files) texts.set(file, content);
  }
  const projects = await loadEnvironments({ ...options, texts });
  const errors = projects.flatMap(({ diagnostics }) =>
    diagnostics.filter(({ severity }) => severity === "error"),
  );
  expect(errors).toEqual([]);
  const specs = new Map(projects.find(production)?.resources.map(({ address, spec }) => [address, spec]));
  for (const { kind, name, address, spec } of sources) {
    const at = KINDS.get(kind)?.identity.name?.slice(1) ?? "";
    const copied = { ...specs.get(`${kind}/copy-of-${name}`), [at]: spec[at] ?? null };
    expect(copied, address).toEqual({ [at]: null, ...spec });
  }
});

describe("nothing is written", () => {
  test.each([
    ["to an existing address", ["Assistant/desk", "OTHER"], "Assistant/other is already declared"],
    ["of an unknown resource", ["Assistant/nobody", "night"], "is not declared"],
    ["to an invalid name", ["Assistant/desk", "../night"], "is not a name"],
    ["over a manifest", ["Assistant/desk", "rest"], "rest.yaml exists"],
    ["over a text", ["Assistant/desk", "taken"], "prompts/taken.md exists"],
    ["with the name of another object", ["Assistant/desk", "night", "--remote-name", "other"], "RC3006"],
  ])("%s", async (_, args, message) => {
    await write({ ...FILES, "prompts/taken.md": "Mine.\n" });
    expect(await ends(1, "copy", ...args)).toContain(message);
  });

  test("if the new file would not be read", async () => {
    const manifests = "spec:\n  manifests: [desk.yaml, rest.yaml]\n";
    await write({ ...FILES, "rollcall.yaml": PROJECT.replace("spec:\n", manifests) });
    expect(await ends(1, "copy", "Assistant/desk", "night")).toContain("night.yaml would not be read");
  });

  test("for a canary, and for a project with errors", async () => {
    await one.close();
    one = await desk(EXAMPLE);
    expect(await ends(1, "copy", "CanaryDeploy/front-desk-canary", "other")).toContain("cannot be copied");
    await write({ "assistants/more.yaml": "kind: Assistant\n" });
    expect(await ends(1, "copy", "Assistant/front-desk", "night")).toContain("error[RC");
  });
});
