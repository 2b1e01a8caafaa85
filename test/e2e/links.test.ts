import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

let one: Desk;

afterEach(() => one.close());

const assistant = (name: string) =>
  `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: ${name} }\nspec: { instructions: Be brief. }\n`;

const project = (entry: string) =>
  `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec: { manifests: ["${entry}"] }\n`;

/** Two assistants are live; the manifest of one is reached through a link. */
async function linked(files: Readonly<Record<string, string>>, from: string, to: string): Promise<void> {
  one = await desk();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(one.folder, name)), { recursive: true });
    await writeFile(join(one.folder, name), text);
  }
  await symlink(to, join(one.folder, from));
  expect(await one.rollcall("apply", "--yes")).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining("RC"),
  });
  expect(one.emulator.state().assistants).toHaveLength(2);
  one.writes();
}

describe("a dangling link", () => {
  test.each([
    ["to a manifest", { "a.yaml": assistant("desk"), "real/b": assistant("two") }, "b.yaml", "real/b", "real"],
    [
      "to a folder",
      {
        "rollcall.yaml": project("assistants"),
        "assistants/a.yaml": assistant("desk"),
        "shared/night/b.yaml": assistant("two"),
      },
      "assistants/night",
      "../shared/night",
      "shared",
    ],
    [
      "that matches a pattern of the project",
      {
        "rollcall.yaml": project("assistants/**/*.yaml"),
        "assistants/a.yaml": assistant("desk"),
        "shared/night/b.yaml": assistant("two"),
      },
      "assistants/night",
      "../shared/night",
      "shared",
    ],
  ])("%s is a mistake, and deletes nothing", async (_, files, from, to, gone) => {
    await linked(files, from, to);
    await rename(join(one.folder, gone), join(one.folder, ".elsewhere"));
    const valid = await one.rollcall("validate");
    expect(valid.stdout).toContain(`error[RC1002]: cannot read "${from}": it is a dangling link`);
    expect(valid.code).toBe(1);
    const ran = await one.rollcall("apply", "--prune", "--yes");
    expect(ran.code).toBe(1);
    expect(one.writes()).toEqual([]);
  });

  test("below a linked folder is a mistake", async () => {
    await linked(
      {
        "rollcall.yaml": project("assistants"),
        "assistants/a.yaml": assistant("desk"),
        "shared/night/b.yaml": assistant("two"),
      },
      "assistants/night",
      "../shared/night",
    );
    await symlink("nowhere", join(one.folder, "shared/night/c.yml"));
    const ran = await one.rollcall("validate");
    expect(ran.stdout).toContain('cannot read "assistants/night/c.yml": it is a dangling link');
  });

  test("is no mistake for a single file", async () => {
    await linked({ "a.yaml": assistant("desk"), "real/b": assistant("two") }, "b.yaml", "real/b");
    await rename(join(one.folder, "real"), join(one.folder, ".elsewhere"));
    const ran = await one.rollcall("plan", "a.yaml");
    expect(ran.stderr).toContain("errors in other files: b.yaml");
    expect(ran.code).toBe(0);
  });
});

test("to a text is a mistake if the text is used", async () => {
  await linked({ "a.yaml": assistant("desk"), "real/b": assistant("two") }, "b.yaml", "real/b");
  await symlink("gone.md", join(one.folder, "notes.md"));
  expect((await one.rollcall("validate")).stdout).toContain("2 manifests valid");
});

test("circular links end", async () => {
  await linked({ "a.yaml": assistant("desk"), "real/b": assistant("two") }, "b.yaml", "real/b");
  await symlink("..", join(one.folder, "real/up"));
  expect((await one.rollcall("validate")).stdout).toContain("2 manifests valid");
  await symlink("self.yaml", join(one.folder, "self.yaml"));
  expect((await one.rollcall("validate")).stdout).toContain('cannot read "self.yaml": its links are circular');
});
