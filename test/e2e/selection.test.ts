import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { sealed, type PlanTerms } from "../../src/reconcile/saved-plan/planfile.ts";
import { desk, PLAN_KEY, runIn, type Desk } from "./cli.ts";

let one: Desk;

afterEach(() => one.close());

function assistant(name: string, more = ""): string {
  return `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: ${name} }\nspec:\n  instructions: Be brief.\n${more}`;
}

const PROJECT =
  "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec: { manifests: [assistants] }\n";

const TO_TWO =
  "  tools:\n    - type: handoff\n      handoff:\n        ai_assistants:\n          - { name: two, id: { ref: Assistant/two } }\n";

async function folder(files: Readonly<Record<string, string>>): Promise<void> {
  one = await desk();
  await write(files);
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(one.folder, name)), { recursive: true });
    await writeFile(join(one.folder, name), text);
  }
}

/** Names of the assistants that are live. */
function live(): readonly unknown[] {
  return one.emulator
    .state()
    .assistants.filter(({ deleted_at }) => deleted_at === null)
    .map(({ main }) => main["name"])
    .sort();
}

describe.each([
  ["a folder without rollcall.yaml", {}, ""],
  ["a project", { "rollcall.yaml": PROJECT }, "assistants/"],
])("one file of %s", (_, project, at) => {
  test("is a selection: other resources are not deleted", async () => {
    await folder({ ...project, [`${at}a.yaml`]: assistant("desk"), [`${at}b.yaml`]: assistant("two") });
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    one.writes();
    const plan = await one.rollcall("plan", `${at}a.yaml`);
    expect(plan).toMatchObject({ code: 0, stderr: "" });
    expect(plan.stdout).not.toMatch(/left the manifests|Assistant\/two/);
    const pruned = await one.rollcall("apply", `${at}a.yaml`, "--prune", "--yes");
    expect(pruned).toMatchObject({ code: 0, stderr: "" });
    expect(pruned.stdout).toContain("No changes.");
    expect(one.writes()).toEqual([]);
    const destroyed = await one.rollcall("destroy", `${at}a.yaml`, "--yes");
    expect(destroyed.stdout).toContain("Resources: 0 added, 0 changed, 1 destroyed.");
    expect(destroyed.stdout).not.toContain("left the manifests");
    expect(live()).toEqual(["two"]);
    await one.rollcall("apply", `${at}a.yaml`, "--yes");
    expect(live()).toEqual(["desk", "two"]);
  });

  test("finds references in other files, and creates what it needs", async () => {
    await folder({
      ...project,
      [`${at}a.yaml`]: assistant("desk", TO_TWO),
      [`${at}b.yaml`]: `${assistant("two")}---\n${assistant("three")}`,
    });
    expect((await one.rollcall("apply", `${at}a.yaml`, "--yes")).code).toBe(0);
    expect(live()).toEqual(["desk", "two"]);
    const drift = await one.rollcall("drift", `${at}b.yaml`);
    expect(drift.code).toBe(0);
  });

  test("with --target or --selector selects only from that file", async () => {
    await folder({ ...project, [`${at}a.yaml`]: assistant("desk"), [`${at}b.yaml`]: assistant("two") });
    const ran = await one.rollcall("apply", `${at}a.yaml`, "--target", "Assistant/two", "--yes");
    expect(ran.stderr).toContain(`error: --target Assistant/two is not declared in ${at}a.yaml`);
    expect(ran.code).toBe(1);
    expect(live()).toEqual([]);
  });

  test("that declares nothing is an error", async () => {
    await folder({ ...project, [`${at}a.yaml`]: assistant("desk"), "notes.txt": "Call them back.\n" });
    const ran = await one.rollcall("apply", "notes.txt", "--yes");
    expect(ran.code).toBe(1);
    expect(live()).toEqual([]);
  });

  test("saved as a plan, is applied as planned", async () => {
    await folder({ ...project, [`${at}a.yaml`]: assistant("desk"), [`${at}b.yaml`]: assistant("two") });
    expect((await one.rollcall("plan", `${at}a.yaml`, "--out", "plan.json")).code).toBe(0);
    expect(await one.rollcall("apply", "plan.json")).toMatchObject({ code: 0 });
    expect(live()).toEqual(["desk"]);
  });

  test("may be a link to a file", async () => {
    await folder({ ...project, [`${at}real/a`]: assistant("desk"), [`${at}b.yaml`]: assistant("two") });
    await symlink("real/a", join(one.folder, `${at}a.yaml`));
    expect((await one.rollcall("plan", `${at}a.yaml`, "--out", "plan.json")).code).toBe(0);
    expect(await one.rollcall("apply", "plan.json")).toMatchObject({ code: 0 });
    expect(live()).toEqual(["desk"]);
  });
});

test("a folder of a project is a selection; the current folder only determines the project", async () => {
  await folder({
    "rollcall.yaml": PROJECT,
    "assistants/day/a.yaml": assistant("desk"),
    "assistants/night/b.yaml": assistant("two"),
  });
  expect((await one.rollcall("apply", "assistants/day", "--yes")).code).toBe(0);
  expect(live()).toEqual(["desk"]);
  const inside = await runIn(join(one.folder, "assistants/day"), one.env, ["plan"]);
  expect(inside.stdout).toContain("# Assistant/two will be created");
});

describe("--target of a resource that only the ledger has", () => {
  async function leftOver(): Promise<void> {
    await folder({ "a.yaml": assistant("desk"), "b.yaml": assistant("two"), "c.yaml": assistant("three") });
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    await rm(join(one.folder, "b.yaml"));
    await rm(join(one.folder, "c.yaml"));
  }

  test("destroy deletes it, and nothing else", async () => {
    await leftOver();
    const ran = await one.rollcall("destroy", "--target", "Assistant/two", "--yes");
    expect(ran).toMatchObject({ code: 0 });
    expect(live()).toEqual(["desk", "three"]);
  });

  test("plan and apply take it with --prune", async () => {
    await leftOver();
    const only = ["--target", "Assistant/desk", "--target", "Assistant/two", "--prune"];
    const plan = await one.rollcall("plan", ...only);
    expect(plan.stdout).toContain("Plan: 0 to add, 0 to change, 1 to destroy.");
    expect(await one.rollcall("apply", ...only, "--yes")).toMatchObject({ code: 0 });
    expect(live()).toEqual(["desk", "three"]);
  });

  test("works as the only resource and as a saved plan", async () => {
    await leftOver();
    const two = await one.rollcall("apply", "--target", "Assistant/two", "--prune", "--yes");
    expect(two).toMatchObject({ code: 0 });
    expect((await one.rollcall("plan", "--prune", "--out", "plan.json")).code).toBe(0);
    expect(await one.rollcall("apply", "plan.json")).toMatchObject({ code: 0 });
    expect(live()).toEqual(["desk"]);
  });

  test("is refused in a project that declares nothing", async () => {
    await leftOver();
    await rm(join(one.folder, "a.yaml"));
    const ran = await one.rollcall("apply", "--target", "Assistant/two", "--prune", "--yes");
    expect(ran.stderr).toContain("error[RC4010]: no manifests found");
    expect(ran.code).toBe(1);
  });

  test("is an error without --prune", async () => {
    await leftOver();
    const ran = await one.rollcall("apply", "--target", "Assistant/two", "--yes");
    expect(ran.stderr).toBe(
      "error: --target Assistant/two is no longer in the manifests\nhelp: use --prune to delete it\n",
    );
    const typo = await one.rollcall("destroy", "--target", "Assistant/tow", "--yes");
    expect(typo.stderr).toBe(
      "error: --target Assistant/tow is not the address of a resource of this project\n",
    );
    expect([ran.code, typo.code]).toEqual([1, 1]);
  });
});

describe("mistakes in other files of a folder without rollcall.yaml", () => {
  test("are reported, and do not block", async () => {
    await folder({
      "a.yaml": assistant("desk"),
      "b.yaml": assistant("two", "  greting: Hi\n"),
      "compose.yaml": "services: {}\n",
    });
    const ran = await one.rollcall("apply", "a.yaml", "--yes");
    expect(ran.stderr).toContain("warning[RC1020]: errors in other files: b.yaml, compose.yaml");
    expect(ran.code).toBe(0);
    expect(live()).toEqual(["desk"]);
    expect((await one.rollcall("validate", "a.yaml")).code).toBe(0);
  });

  test("do not block a saved plan", async () => {
    await folder({ "a.yaml": assistant("desk"), "compose.yaml": "services: {}\n" });
    expect((await one.rollcall("plan", "a.yaml", "--out", "plan.json")).code).toBe(0);
    const path = join(one.folder, "plan.json");
    const file = JSON.parse(await readFile(path, "utf8")) as JsonObject & { x_rollcall: { terms: PlanTerms } };
    expect(await one.rollcall("apply", "plan.json")).toMatchObject({ code: 0 });
    expect(live()).toEqual(["desk"]);
    for (const other of ["../a.yaml", "..", "deep/a.yaml", "/a.yaml"]) {
      await writeFile(path, JSON.stringify(sealed(file, { ...file.x_rollcall.terms, file: other }, PLAN_KEY)));
      const elsewhere = await one.rollcall("apply", "plan.json");
      expect(elsewhere.stderr).toContain("plan.json is refused: it is about a file in another folder");
      expect(elsewhere.code).toBe(4);
    }
  });

  test("block a file that needs the resource with the mistake", async () => {
    await folder({
      "a.yaml": assistant("desk", TO_TWO),
      "b.yaml": assistant("two", "  greting: Hi\n"),
      "c.yaml": assistant("three", "  greting: Hi\n"),
    });
    const ran = await one.rollcall("apply", "a.yaml", "--yes");
    expect(ran.stderr).toMatch(/error\[RC2004\]: b\.yaml:6:3: .*warning\[RC1020\]: .*: c\.yaml/s);
    expect(ran.code).toBe(1);
    expect(live()).toEqual([]);
  });

  test("do not hide a dangling reference", async () => {
    await folder({ "a.yaml": assistant("desk", TO_TWO), "b.yaml": "a: [\n" });
    const ran = await one.rollcall("validate", "a.yaml");
    expect(ran.stdout).toMatch(/errors in other files: b\.yaml.*no manifest declares Assistant\/two/s);
    expect(ran.code).toBe(1);
  });

  test("include an address that another file also declares", async () => {
    await folder({ "a.yaml": assistant("desk"), "b.yaml": assistant("desk") });
    for (const file of ["a.yaml", "b.yaml"]) {
      const ran = await one.rollcall("validate", file);
      expect(ran.stdout).toContain("Assistant/desk is declared twice");
      expect(ran.code).toBe(1);
    }
  });
});

test("include files with an extension in capitals", async () => {
  await folder({ "A.YAML": assistant("desk"), "b.Yml": assistant("two") });
  expect((await one.rollcall("validate")).stdout).toContain("2 manifests valid");
  expect((await one.rollcall("apply", "A.YAML", "--yes")).code).toBe(0);
  expect(live()).toEqual(["desk"]);
});

describe("a project that declares nothing", () => {
  test.each([
    ["validate"],
    ["plan"],
    ["plan", "--detailed-exitcode"],
    ["drift"],
    ["apply", "--yes"],
    ["apply", "--yes", "--prune"],
    ["destroy", "--yes"],
    ["graph"],
    ["test"],
  ])("%s %s is an error", async (...args) => {
    await folder({ "readme.md": "# Hello\n" });
    const ran = await one.rollcall(...args);
    expect(ran.stdout + ran.stderr).toContain("error[RC4010]: no manifests found");
    expect(ran.stdout + ran.stderr).not.toMatch(/No changes|No drift|complete/);
    expect(ran.code).toBe(1);
    expect(one.writes()).toEqual([]);
  });

  test.each([
    ["a folder without rollcall.yaml", {}],
    ["a project", { "rollcall.yaml": PROJECT }],
  ])("in %s, only destroy deletes the resource of the last manifest", async (_, files) => {
    await folder({ ...files, "assistants/a.yaml": assistant("desk") });
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    await rm(join(one.folder, "assistants"), { recursive: true });
    for (const args of [["plan"], ["drift"], ["apply", "--yes", "--prune"]]) {
      expect((await one.rollcall(...args)).code, args.join(" ")).toBe(1);
    }
    expect(live()).toEqual(["desk"]);
    expect((await one.rollcall("ledger", "list")).stdout).toContain("Assistant/desk");
    const destroyed = await one.rollcall("destroy", "--yes");
    expect(destroyed.stderr).not.toContain("RC4010");
    expect(destroyed.code, destroyed.stdout + destroyed.stderr).toBe(0);
    expect(live()).toEqual([]);
    expect((await one.rollcall("destroy", "--yes")).code).toBe(1);
  });
});
