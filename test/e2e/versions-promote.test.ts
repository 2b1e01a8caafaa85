import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { beginBatch } from "../../src/host/files/batch.ts";
import { KEY, runIn, type Ran } from "./cli.ts";

const HEAD = "apiVersion: rollcall.dev/v1\n";
const PROJECT = `${HEAD}kind: Project
metadata: { name: desk }
spec:
  manifests: [assistants, rollouts]
  vars: { brand: Acme }
  environments:
    staging:
      apiKey: { env: TELNYX_STAGING_API_KEY }
      patches:
        # short
        - target: AssistantVersion/warmer
          path: /spec/changes/greeting
          value: "Hi, \${var.brand}."
        - target: CanaryDeploy/front
          path: /spec/rules/0/serve/rollout/0/weight
          value: 50
    production: {}
`;
const ASSISTANT = `# The front desk.
${HEAD}kind: Assistant
metadata: { name: front }
spec:
  name: Front desk
  instructions: { file: ../prompts/front.md, vars: true }
  greeting: Hello.   # short
  voice_settings:
    voice: Telnyx.KokoroTTS.af
    # not too fast
    voice_speed: 1.0
`;
const VERSION = `${HEAD}kind: AssistantVersion
metadata: { name: warmer }
spec:
  assistant: { ref: Assistant/front }
  changes:
    greeting: "Hello from \${var.brand}." # approved by legal
    instructions: { file: ../prompts/warmer.md, vars: true }
    voice_settings: { voice: Telnyx.KokoroTTS.af, voice_speed: 1.2 }
`;
const SPARE = `${HEAD}kind: AssistantVersion
metadata: { name: spare }
spec: { assistant: { ref: Assistant/front }, changes: { greeting: Spare. } }
`;
const slot = (name: string) => `{ version_id: { ref: AssistantVersion/${name} }, weight: 10 }`;
const CANARY = `${HEAD}kind: CanaryDeploy
metadata: { name: front }
spec:
  assistant: { ref: Assistant/front }
  rules:
    - serve: { rollout: [${slot("warmer")}] }
`;
const FILES = {
  "rollcall.yaml": PROJECT,
  "assistants/front.yaml": ASSISTANT,
  "rollouts/front.yaml": `${VERSION}---\n${CANARY}`,
  "prompts/front.md": "Answer for ${var.brand}.\n",
  "prompts/warmer.md": "Answer for ${var.brand}.\nBe warm.\n",
};
type Files = Readonly<Record<string, string>>;

let root = "";
const env = { TELNYX_API_KEY: KEY, TELNYX_STAGING_API_KEY: KEY };
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rollcall-promote-"));
});
afterEach(() => rm(root, { recursive: true }));

async function write(files: Files): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
}

/** The files of the project; what the ledger leaves beside them does not count. */
function read(): Files {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const names = files.map((one) => join(one.parentPath, one.name).slice(root.length + 1)).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name), "utf8")]));
}

const run = (...words: readonly string[]) => runIn(root, env, words);
const promote = (...words: readonly string[]): Promise<Ran> =>
  run("versions", "promote", "Assistant/front", "AssistantVersion/warmer", "--env", "staging", ...words);

async function expectValid(): Promise<void> {
  const valid = await run("validate");
  expect(valid.code, valid.stderr).toBe(0);
}

describe("versions promote", () => {
  test("writes the version into the assistant, with its prompt, variables and patches, and removes the rest", async () => {
    await write(FILES);
    const ran = await promote("--yes");
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain("CanaryDeploy/front is removed: it serves no other version");
    expect(ran.stderr).toContain("its patches in environment staging become patches of Assistant/front");
    expect(ran.stderr).toContain(
      "comments that are removed with it: rollouts/front.yaml:7 # approved by legal\n",
    );
    expect(read()).toEqual({
      "rollcall.yaml": PROJECT.replace("[assistants, rollouts]", "[assistants]")
        .replace(
          "AssistantVersion/warmer\n          path: /spec/changes/greeting",
          "Assistant/front\n          path: /spec/greeting",
        )
        .replace(/ {8}- target: CanaryDeploy[^]*?value: 50\n/, ""),
      "assistants/front.yaml": ASSISTANT.replace("Hello.   #", "Hello from ${var.brand}.   #").replace(
        "1.0",
        "1.2",
      ),
      "prompts/front.md": FILES["prompts/warmer.md"],
    });
    await expectValid();
  });

  test("of a file with several documents, it removes those of the version and its canary only", async () => {
    const head = "# Everything about the front desk.\n\n";
    const own = `${HEAD}kind: Assistant\nmetadata: { name: front }\nspec: { name: Front, instructions: Answer., greeting: Hello. }\n`;
    const version = `# Warmer.\n${VERSION.replace(/ {4}instructions.*\n/, "    instructions: Be ${var.brand}.\n")}`;
    const vars = `${HEAD}kind: Project\nmetadata: { name: desk }\nspec: { vars: { brand: Acme }, environments: { staging: {} } }\n`;
    await write({ "rollcall.yaml": vars, "a.yaml": [head + version, own, CANARY, SPARE].join("---\n") });
    const ran = await promote("--yes", "--format", "json");
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      assistant: "Assistant/front",
      version: "AssistantVersion/warmer",
      files: [{ file: "a.yaml", action: "changed" }],
      canaries: [{ address: "CanaryDeploy/front", action: "removed" }],
      followers: ["AssistantVersion/spare"],
      lost_comments: [
        { file: "a.yaml", line: 3, text: "# Warmer." },
        { file: "a.yaml", line: 10, text: "# approved by legal" },
      ],
      written: true,
    });
    const spec =
      'spec: { name: Front, instructions: "Be ${var.brand}.", greeting: "Hello from ${var.brand}.", voice_settings: { voice: Telnyx.KokoroTTS.af, voice_speed: 1.2 } }';
    expect(read()["a.yaml"]).toBe(`${head}---\n${own.replace(/spec:.*/, spec)}---\n${SPARE}`);
    await expectValid();
  });

  test("a canary that serves other versions keeps their rules", async () => {
    const canary = CANARY.replace("10 }]", `10 }, ${slot("spare")}]`);
    const rules = `${canary}    - match: [{ attribute: telnyx_end_user_target, operator: in, values: ["+15550001111"] }]
      serve: { version_id: { ref: AssistantVersion/warmer } }\n`;
    await write({ ...FILES, "rollouts/front.yaml": [VERSION, rules, SPARE].join("---\n") });
    const patch = / {8}- target: CanaryDeploy[^]*?value: 50\n/;
    await write({ "rollcall.yaml": PROJECT.replace(patch, "") });
    const ran = await promote("--yes");
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain("CanaryDeploy/front keeps its rules for other versions");
    expect(read()["rollouts/front.yaml"]).toBe(
      [CANARY.replace("AssistantVersion/warmer", "AssistantVersion/spare"), SPARE].join("---\n"),
    );
    await expectValid();
  });

  test("a prompt that something else includes stays, and the text goes where it belongs", async () => {
    const other = ASSISTANT.replace("{ name: front }", "{ name: back }").replace("Front desk", "Back desk");
    await write({ ...FILES, "assistants/back.yaml": other });
    const ran = await promote("--yes");
    expect(ran.code, ran.stderr).toBe(0);
    expect(read()["prompts/front.md"]).toBe(FILES["prompts/front.md"]);
    expect(read()["prompts/warmer.md"]).toBe(FILES["prompts/warmer.md"]);
    expect(read()["assistants/front.yaml"]).toContain(
      "instructions: { file: ../prompts/warmer.md, vars: true }",
    );
    expect(read()["assistants/back.yaml"]).toBe(other);
    await expectValid();
  });

  test("a text of the version goes into the prompt file of the assistant", async () => {
    const version = VERSION.replace(
      / {4}instructions.*\n/,
      "    instructions: |\n      One for ${var.brand}.\n      Two.\n",
    );
    const { "prompts/warmer.md": _, ...files } = FILES;
    await write({ ...files, "rollouts/front.yaml": `${version}---\n${CANARY}` });
    await write({ "assistants/front.yaml": ASSISTANT.replace(", vars: true", "") });
    await write({ "prompts/front.md": "Answer.\n" });
    const ran = await promote("--yes");
    expect(ran.code, ran.stderr).toBe(0);
    expect(read()["prompts/front.md"]).toBe("One for ${var.brand}.\nTwo.\n\n");
    expect(read()["assistants/front.yaml"]).toContain("{ file: ../prompts/front.md, vars: true }");
    await expectValid();
  });

  const observed = (text: string) => text.replace("spec:", "lifecycle: { observe: true }\nspec:");
  const patched = (patch: string) => ({
    "rollcall.yaml": PROJECT.replace("        # short\n", `        # short\n${patch}`),
  });
  test.each<readonly [string, Files, RegExp]>([
    [
      "a version that a protected canary serves",
      {
        "rollouts/front.yaml": `${VERSION}---\n${CANARY.replace("spec:", "lifecycle: { protect: true }\nspec:")}`,
      },
      /rollouts\/front.yaml:11: CanaryDeploy\/front serves it and is protected/,
    ],
    [
      "a protected version",
      {
        "rollouts/front.yaml": `${VERSION.replace("spec:", "lifecycle: { protect: true }\nspec:")}---\n${CANARY}`,
      },
      /rollouts\/front.yaml:1: it is protected/,
    ],
    [
      "an observed assistant with its version and canary",
      {
        "assistants/front.yaml": observed(ASSISTANT),
        "rollouts/front.yaml": `${observed(VERSION)}---\n${observed(CANARY)}`,
      },
      /assistants\/front.yaml:2: Assistant\/front is observed/,
    ],
    [
      "a version that ignores a field",
      {
        "rollouts/front.yaml": `${VERSION.replace("spec:", "lifecycle: { ignore: [/changes/model] }\nspec:")}---\n${CANARY}`,
      },
      /it ignores \/changes\/model/,
    ],
    [
      "a field that the assistant ignores",
      {
        "assistants/front.yaml": ASSISTANT.replace(
          "spec:",
          "lifecycle: { ignore: [/greeting] }\nspec:",
        ).replace(/ {2}greeting.*\n/, ""),
      },
      /Assistant\/front ignores \/greeting, which the version changes/,
    ],
    [
      "a version of one environment only",
      {
        "rollouts/front.yaml": `${VERSION}---\n${CANARY}`
          .replace("{ name: warmer }", "{ name: warmer, environments: [staging] }")
          .replace("metadata: { name: front }", "metadata: { name: front, environments: [staging] }"),
      },
      /rollouts\/front.yaml:1: it does not exist in environment production, and Assistant\/front does/,
    ],
    [
      "a patch of the assistant that sets another value",
      patched("        - { target: Assistant/front, path: /spec/voice_settings/voice_speed, value: 1.1 }\n"),
      /rollcall.yaml:12: Assistant\/front would have another value at \/spec\/voice_settings\/voice_speed/,
    ],
    [
      "a patch of the version that changes more than its fields",
      patched("        - { target: AssistantVersion/warmer, patch: { lifecycle: { protect: false } } }\n"),
      /rollcall.yaml:12: its patch changes lifecycle/,
    ],
  ])("refuses %s, and says where", async (_, files, message) => {
    await write({ ...FILES, ...files });
    const before = read();
    const ran = await promote("--yes");
    expect(ran.code, ran.stdout).toBe(1);
    expect(ran.stderr).toMatch(message);
    expect(read()).toEqual(before);
  });

  test("--dry-run shows the files and writes none; without a terminal and --yes nothing is done", async () => {
    await write(FILES);
    const dry = await promote("--dry-run");
    expect(dry.code, dry.stderr).toBe(0);
    expect(dry.stdout).toContain("# assistants/front.yaml will be changed");
    expect(dry.stdout).toContain("# rollouts/front.yaml will be deleted");
    const silent = await promote();
    expect(silent.code).toBe(1);
    expect(silent.stderr).toContain("versions promote needs approval, and there is no terminal to ask on");
    expect(read()).toEqual(FILES);
  });

  test.each([
    ["yes\n", 0],
    ["no\n", 1],
  ])("on a terminal it asks, and the answer %j ends with %d", async (answer, code) => {
    await write(FILES);
    const words = ["versions", "promote", "front", "warmer", "--env", "production"];
    const ran = await runIn(root, env, words, { isInteractive: true, stdin: Readable.from([answer]) });
    expect(ran.code, ran.stderr).toBe(code);
    expect(ran.stderr).toContain("Promote AssistantVersion/warmer in these files?");
    expect(Object.keys(read()).includes("rollouts/front.yaml")).toBe(code === 1);
  });

  test("a process that was killed between its files: the next command undoes all of them", async () => {
    await write(FILES);
    const digest = (file: keyof typeof FILES) => createHash("sha256").update(FILES[file]).digest("hex");
    const batch = await beginBatch(
      root,
      "staging",
      [
        { file: "assistants/front.yaml", text: "kind: x\n", digest: digest("assistants/front.yaml") },
        { file: "rollouts/front.yaml", digest: digest("rollouts/front.yaml") },
      ],
      { command: "versions promote", host: "here", pid: process.pid },
    );
    await batch.place();
    const noted = await run("validate");
    expect(noted.stderr).toContain("a promotion of environment staging is under way or was interrupted");
    const ran = await promote("--dry-run");
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain("note: undid an interrupted versions promote; run it again");
    expect(read()).toEqual(FILES);
  });
});
