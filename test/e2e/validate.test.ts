import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { desk, EXAMPLE, type Desk } from "./cli.ts";

let one: Desk;

afterEach(() => one.close());

test("without --env all environments are checked", async () => {
  one = await desk(EXAMPLE);
  const ran = await one.rollcall("validate");
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain("27 manifests valid in 2 environments");
  const sarif = await one.rollcall("validate", "--format", "sarif");
  expect(JSON.parse(sarif.stdout)).toMatchObject({ version: "2.1.0", runs: [{ results: [] }] });
  expect(sarif.code).toBe(0);
});

test("--show prints one resolved manifest that is valid again", async () => {
  one = await desk(EXAMPLE);
  const ran = await one.rollcall("validate", "--env", "staging", "--show", "Assistant/front-desk");
  const manifest = parse(ran.stdout) as { metadata: object; spec: Record<string, unknown> };
  expect(manifest.metadata).toMatchObject({ name: "front-desk" });
  expect(manifest.spec["greeting"]).toMatch(/Larkmoor Staging/);
  expect(manifest.spec["instructions"]).toMatch(/^#/);
  expect(manifest.spec["telephony_settings"]).toMatchObject({ time_limit_secs: 300 });
  expect(ran.code).toBe(0);
  expect((await one.rollcall("validate", "--env", "staging", "--show", "Assistant/nobody")).code).toBe(1);
});

const projectOf = (name: string) => `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: ${name} }\n`;
const assistant = (name: string, more = "") =>
  `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: ${name} }\nspec:\n  instructions: Be brief.\n${more}`;

async function folder(files: Readonly<Record<string, string>>): Promise<void> {
  one = await desk();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(one.folder, name)), { recursive: true });
    await writeFile(join(one.folder, name), text);
  }
}

describe("several projects", () => {
  const TWO = {
    "voice/one/rollcall.yaml": projectOf("first"),
    "voice/one/a.yaml": assistant("desk"),
    "voice/two/rollcall.yaml": projectOf("second"),
    "voice/two/deep/b.yaml": assistant("desk"),
  };

  test("below a folder are checked separately, with their names", async () => {
    await folder(TWO);
    for (const args of [[], ["."], ["voice"]]) {
      const ran = await one.rollcall("validate", ...args);
      expect(ran.stdout).toContain("Project first in voice/one\nfirst: 1 manifest valid");
      expect(ran.stdout).toContain("Project second in voice/two\nsecond: 1 manifest valid");
      expect(ran.stdout).toContain("2 projects, all valid.");
      expect(ran).toMatchObject({ code: 0, stderr: "" });
    }
    for (const command of ["plan", "drift"]) {
      const ran = await one.rollcall(command, "voice");
      expect(ran.stderr).toContain("error[RC4010]: no manifests found, only other projects");
      expect(ran.stderr).toContain("help: pass the folder of one: one, two");
      expect(ran.code).toBe(1);
    }
  });

  test("a mistake in one is an error, with a path relative to the current folder", async () => {
    await folder({ ...TWO, "voice/two/c.yaml": assistant("other", "  greting: Hi\n") });
    const ran = await one.rollcall("validate", "voice");
    expect(ran.stdout).toContain("error[RC2004]: voice/two/c.yaml:6:3:");
    expect(ran.stdout).toContain("6 |   greting: Hi");
    expect(ran.stdout).toContain("2 projects, 1 with errors.");
    expect(ran.code).toBe(1);
    const json = JSON.parse((await one.rollcall("validate", "voice", "--format", "json")).stdout);
    expect(json).toMatchObject([{ code: "RC2004", range: { file: "voice/two/c.yaml" } }]);
  });

  test("of several paths are checked once each", async () => {
    await folder({ ...TWO, "loose.yaml": assistant("loose") });
    const paths = ["voice/one/a.yaml", "voice/one/rollcall.yaml", "voice/two", "loose.yaml"];
    const ran = await one.rollcall("validate", ...paths);
    expect(ran.stdout.match(/^Project .*$/gm)).toHaveLength(3);
    expect(ran.stdout).toContain("3 projects, all valid.");
    expect(ran.code).toBe(0);
    expect((await one.rollcall("validate", "voice/one", "nowhere")).code).toBe(1);
  });

  test("inside of another project are not a part of it", async () => {
    await folder({
      "rollcall.yaml": projectOf("outer"),
      "a.yaml": assistant("desk"),
      "inner/rollcall.yaml": projectOf("inner"),
      "inner/a.yaml": assistant("desk", "  greting: Hi\n"),
    });
    const ran = await one.rollcall("validate");
    expect(ran.stdout).toContain("outer: 1 manifest valid");
    expect(ran.code).toBe(0);
    expect((await one.rollcall("apply", "--yes")).stdout).toContain("1 added");
    expect((await one.rollcall("validate", "inner/a.yaml")).code).toBe(1);
  });
});

describe("chat scripts", () => {
  const GOOD = "turns: [{ say: Hello }]\n";

  test("a file, or a folder, that has only scripts is valid", async () => {
    await folder({ "chat/a.yaml": GOOD, "chat/b.yaml": GOOD });
    expect((await one.rollcall("validate", "chat/a.yaml")).stdout).toContain("1 chat script valid");
    const ran = await one.rollcall("validate", "chat");
    expect(ran).toMatchObject({ code: 0, stdout: "chat: 2 chat scripts valid in environment default.\n" });
    expect((await one.rollcall("plan", "chat")).stderr).toContain("no manifests found");
  });

  test("of a part of a project, its scripts are counted", async () => {
    await folder({
      "rollcall.yaml": projectOf("desk"),
      "a.yaml": assistant("desk"),
      "tests/smoke.yaml": GOOD,
    });
    expect((await one.rollcall("validate")).stdout).toContain("1 manifest and 1 chat script valid");
    expect((await one.rollcall("validate", "a.yaml")).stdout).toContain("1 manifest valid");
  });

  test("mistakes in a script that stands alone are all that is reported", async () => {
    await folder({ "chat/a.yaml": "turns: [{ sya: Hello }]\n" });
    const ran = await one.rollcall("validate", "chat/a.yaml");
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("a.yaml:1:");
    expect(ran.stdout).not.toContain("RC4010");
  });
});
