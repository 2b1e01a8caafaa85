import { mkdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { assistant, elsewhere, project, put, settings } from "./project.ts";

/** Stands for the token that a checkout leaves in the settings of Git. */
const MARK = "what-the-checkout-left";

const NAMES = [
  ".git/config",
  ".GIT/config",
  ".Git/modules/x/config",
  ".git./config",
  ".git /config",
  ".git::$INDEX_ALLOCATION/config",
  "GIT~1/config",
  "git~2/config",
  ".g\u200cit/config",
  "\u200c.git/config",
  "\ufeff.GiT/config",
  "prompts/.git/config",
  ".env",
  ".env.production",
  ".ssh/id",
  "prompts/.secrets/a.md",
];

describe("hidden files are not included", () => {
  test.each(NAMES)("%j", async (name) => {
    const one = await project({ [name]: MARK, "front.yaml": assistant(`instructions: { file: "${name}" }`) });
    const ran = await one.rollcall("plan");
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("error[RC1021]: front.yaml:5:") });
    expect(ran.stdout + ran.stderr).not.toContain(MARK);
  });

  test.each([
    ["a file", "notes.md", ".git/config", "notes.md"],
    ["a folder", "notes", ".git", "notes/config"],
    ["a link to a link", "notes", "more", "notes/config"],
  ])("through %s that is a link", async (_, from, to, file) => {
    const one = await project({
      ".git/config": MARK,
      "front.yaml": assistant(`instructions: { file: ${file} }`),
    });
    await symlink(".git", join(one.folder, "more"));
    await symlink(to, join(one.folder, from));
    const ran = await one.rollcall("validate", "front.yaml");
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringContaining("error[RC1021]: front.yaml:5:") });
    expect(ran.stdout).not.toContain(MARK);
  });

  test("hidden files are not suggested", async () => {
    const one = await project({
      ".git/config": MARK,
      "front.yaml": assistant("instructions: { file: .git/confg }"),
    });
    expect((await one.rollcall("validate")).stdout).not.toMatch(/did you mean/);
  });
});

describe("hidden files are not manifests", () => {
  test.each([
    [".drafts", ".drafts"],
    [".drafts/more.yaml", ".drafts"],
    [".drafts/*.yaml", ".drafts"],
    ["{.drafts,other}/*.yaml", ".drafts"],
    ["drafts", ".drafts"],
    ["drafts/*.yaml", ".drafts"],
    ["**/*.yaml", ".drafts"],
    [".", ".drafts"],
    ["more.yaml", ".drafts"],
    ["GIT~1", "GIT~1"],
    [".git/hooks", ".git/hooks"],
  ])("where the project lists %j", async (entry, folder) => {
    const one = await project({
      "rollcall.yaml": settings(`{ manifests: ["${entry}"] }`),
      [`${folder}/more.yaml`]: assistant("instructions: Answer.", "more"),
    });
    await symlink(folder, join(one.folder, "drafts"));
    await symlink(`${folder}/more.yaml`, join(one.folder, "more.yaml"));
    const ran = await one.rollcall("plan");
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("error[RC1021]") });
    expect(one.emulator.requests()).toEqual([]);
  });

  test.each([".drafts", ".drafts/more.yaml", "drafts", "drafts/more.yaml", "more.yaml", ".git/hooks", "GIT~1"])(
    "where the command is called with %s",
    async (path) => {
      const one = await project({});
      for (const folder of [".drafts", ".git/hooks", "GIT~1"])
        await put(one, { [`${folder}/more.yaml`]: assistant("instructions: Answer.", "more") });
      await symlink(".drafts", join(one.folder, "drafts"));
      await symlink(".drafts/more.yaml", join(one.folder, "more.yaml"));
      const ran = await one.rollcall("plan", path);
      expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("hidden") });
      expect(one.emulator.requests()).toEqual([]);
    },
  );

  test("files in a Git folder are not manifests", async () => {
    const one = await project({ ".git/hooks/more.yaml": assistant("instructions: Answer.", "more") });
    const ran = await one.rollcall("validate", join(one.folder, ".git/hooks/..", "hooks"));
    expect(ran.code).toBe(1);
  });
});

test("a proposal is not written into .git", async () => {
  const one = await project({
    ".git/description": "Answer.\n",
    "front.yaml": assistant("instructions: { file: prompts/front.md }"),
  });
  await mkdir(join(one.folder, "prompts"));
  await symlink("../.git/description", join(one.folder, "prompts/front.md"));
  await one.rollcall("apply", "--yes");
  for (const { id } of one.emulator.state().assistants)
    one.emulator.portal.edit("Assistant", id, { instructions: MARK });
  await one.rollcall("drift", "--propose");
  expect(await readFile(join(one.folder, ".git/description"), "utf8")).toBe("Answer.\n");
});

test.each([".", "**/*.yaml"])("a folder outside of the project is not walked through (%s)", async (entry) => {
  const one = await project({ "rollcall.yaml": settings(`{ manifests: ["${entry}"] }`) });
  const outside = elsewhere();
  await put({ ...one, folder: outside }, { "deep/er/more.yaml": assistant("instructions: Answer.", "more") });
  await symlink(outside, join(one.folder, "link"));
  const { code, stdout } = await one.rollcall("validate");
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining("error[RC1018]") });
  expect(stdout).not.toContain("link/deep");
});
