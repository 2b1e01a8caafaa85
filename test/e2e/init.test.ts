import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { desk, type Desk } from "./cli.ts";

let open: Desk[] = [];

afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

async function empty(): Promise<Desk> {
  const one = await desk();
  open.push(one);
  return one;
}

const ALL = [
  ".github/workflows/rollcall.yaml",
  ".gitignore",
  ".vscode/rollcall.schema.json",
  ".vscode/settings.json",
  "README.md",
  "assistants/front-desk.yaml",
  "prompts/front-desk.md",
  "rollcall.yaml",
  "tests/front-desk.yaml",
];

async function filesIn({ folder }: Desk, below = "."): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { recursive: true, withFileTypes: true });
  const root = join(folder, below);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

const read = ({ folder }: Desk, path: string) => readFile(join(folder, path), "utf8");

describe("a new project", () => {
  test("is written, and the files are listed", async () => {
    const one = await empty();
    const { code, stdout, stderr } = await one.rollcall("init", "acme-voice");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await filesIn(one, "acme-voice")).toEqual(ALL);
    for (const path of ALL) expect(stdout).toContain(`  ${path}\n`);
    expect(stdout).toContain('Created project "acme-voice" in acme-voice.');
    expect(stdout).toContain("  cd acme-voice\n  rollcall validate\n");
    expect(stdout).toMatch(
      /rollcall\.yaml installs \.\/rollcall-[\d.]+\.tgz, .*: run "npm pack" in a clone of Rollcall/,
    );
    expect(parse(await read(one, "acme-voice/rollcall.yaml"))).toMatchObject({
      metadata: { name: "acme-voice" },
    });
  });

  test("is valid without warnings, and is in sync after apply", async () => {
    const one = await empty();
    await one.rollcall("init");
    const { code, stdout } = await one.rollcall("validate", "--format", "json");
    expect({ code, diagnostics: JSON.parse(stdout) as unknown }).toEqual({ code: 0, diagnostics: [] });
    expect((await one.rollcall("plan")).stdout).toContain("Plan: 2 to add, 0 to change, 0 to destroy.");
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    expect((await one.rollcall("plan", "--detailed-exitcode")).code).toBe(0);
    expect((await one.rollcall("drift")).code).toBe(0);
    const [assistant] = one.emulator.state().assistants;
    expect(assistant?.main["greeting"]).toBe("Hi, this is Acme. How can I help?");
    expect(assistant?.main["instructions"]).toContain("You answer the phone at Acme.");
  });

  test.each([
    [["--name", "My.Voice_2"], "My.Voice_2"],
    [["--name", "true"], "true"],
    [["--name", "1e3"], "1e3"],
    [["Café (5 lines)"], "Caf-5-lines"],
    [["(("], "assistants"],
  ])("init %j is called %s", async (args, name) => {
    const one = await empty();
    const folder = args.length === 1 ? (args[0] ?? "") : "";
    const { code } = await one.rollcall("init", ...args);
    expect(code).toBe(0);
    expect(parse(await read(one, join(folder, "rollcall.yaml")))).toMatchObject({ metadata: { name } });
    expect((await one.rollcall("validate", folder === "" ? "." : folder)).code).toBe(0);
  });
});

describe("existing files", () => {
  test("are kept and listed", async () => {
    const one = await empty();
    await writeFile(join(one.folder, "README.md"), "mine");
    await mkdir(join(one.folder, ".vscode"));
    await writeFile(join(one.folder, ".vscode/settings.json"), "{}");
    const { code, stdout } = await one.rollcall("init");
    expect(code).toBe(0);
    expect(stdout).toContain("Unchanged\n  .vscode/settings.json\n  README.md\n");
    expect(await read(one, "README.md")).toBe("mine");
    expect(await read(one, ".vscode/settings.json")).toBe("{}");
    expect(await filesIn(one)).not.toContain(".vscode/rollcall.schema.json");
  });

  test("links are not followed", async () => {
    const one = await empty();
    await symlink("nowhere", join(one.folder, "README.md"));
    expect((await one.rollcall("init")).stdout).toContain("Unchanged\n  README.md\n");
    expect(await readdir(one.folder)).not.toContain("nowhere");
  });

  test("nothing is written the second time", async () => {
    const one = await empty();
    await one.rollcall("init");
    const before = await Promise.all(ALL.map((path) => read(one, path)));
    const { code, stdout } = await one.rollcall("init");
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing to do");
    expect(stdout).not.toContain("Written");
    expect(await Promise.all(ALL.map((path) => read(one, path)))).toEqual(before);
  });

  test("an existing project gets no manifest", async () => {
    const one = await empty();
    const project = "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: mine }\n";
    await writeFile(join(one.folder, "rollcall.yaml"), project);
    const { code, stdout } = await one.rollcall("init");
    expect(code).toBe(0);
    expect(stdout).toContain("The current directory is already a project. Only missing files were added.");
    const files = await filesIn(one);
    expect(files).toContain(".github/workflows/rollcall.yaml");
    expect(files.filter((path) => /^(?:assistants|tests|prompts)\//.test(path))).toEqual([]);
    expect(await read(one, "rollcall.yaml")).toBe(project);
  });

  test("missing lines are added to .gitignore", async () => {
    const one = await empty();
    await writeFile(join(one.folder, ".gitignore"), "dist/\nnode_modules/");
    expect((await one.rollcall("init")).stdout).toContain("Added to\n  .gitignore\n");
    expect(await read(one, ".gitignore")).toBe("dist/\nnode_modules/\n.rollcall/*\n!.rollcall/*.json\n");
    await one.rollcall("init");
    expect(await read(one, ".gitignore")).toBe("dist/\nnode_modules/\n.rollcall/*\n!.rollcall/*.json\n");
  });
});

describe("--ci", () => {
  test("gitlab writes a pipeline instead of the workflow, and none writes neither", async () => {
    const one = await empty();
    const gitlab = await one.rollcall("init", "--ci", "gitlab", "a");
    expect(gitlab.stdout).toContain("  .gitlab-ci.yml\n");
    expect(await read(one, "a/README.md")).toContain("`.gitlab-ci.yml`");
    const none = await one.rollcall("init", "--ci", "none", "b");
    expect(none.stdout).not.toContain("npm pack");
    expect(await read(one, "b/README.md")).not.toMatch(/checked by/);
    const others = ALL.filter((path) => !path.startsWith(".github"));
    expect(await filesIn(one, "a")).toEqual([...others, ".gitlab-ci.yml"].sort());
    expect(await filesIn(one, "b")).toEqual(others);
  });

  test("an existing pipeline is kept", async () => {
    const one = await empty();
    await writeFile(join(one.folder, ".gitlab-ci.yml"), "mine: {}\n");
    expect((await one.rollcall("init", "--ci", "gitlab")).stdout).toContain("Unchanged\n  .gitlab-ci.yml\n");
    expect(await read(one, ".gitlab-ci.yml")).toBe("mine: {}\n");
  });

  test("another system is an error, and nothing is written", async () => {
    const one = await empty();
    const { code, stderr } = await one.rollcall("init", "--ci", "jenkins");
    expect(code).toBe(1);
    expect(stderr).toContain("Allowed choices are github, gitlab, none.");
    expect(await filesIn(one)).toEqual([]);
  });
});

describe("mistakes", () => {
  test("an invalid name", async () => {
    const one = await empty();
    const { code, stdout, stderr } = await one.rollcall("init", "--name", "a/b\u001b[2J");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: "a\/b\\u001b\[2J" is not a valid project name\nhelp: use 1 to 128/);
    expect(await filesIn(one)).toEqual([]);
  });

  test.each(["taken", "assistants"])("a file exists instead of the folder %s", async (path) => {
    const one = await empty();
    await writeFile(join(one.folder, path), "a file");
    const { code, stderr } = await one.rollcall("init", path === "taken" ? "taken" : ".");
    expect(code).toBe(1);
    expect(stderr).toContain("cannot be written: there is a file where a folder is needed");
  });
});

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: {
    readonly validate: { readonly steps: readonly { readonly uses?: string; readonly run?: string }[] };
  };
}

describe("the workflow", () => {
  test("is safe for forks: no secret, a token that reads, actions by digest", async () => {
    const one = await empty();
    await one.rollcall("init");
    const text = await read(one, ".github/workflows/rollcall.yaml");
    const workflow = parse(text) as Workflow;
    expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(text).toMatch(/^ {2}group: rollcall-[\w-]+-\$\{\{ github\.ref \}\}$/m);
    expect(text).not.toMatch(/secrets|pull_request_target|TELNYX/);
    const { steps } = workflow.jobs.validate;
    for (const { uses } of steps)
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
  });
});
