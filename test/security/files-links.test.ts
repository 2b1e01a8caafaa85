import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { elsewhere, project, settings } from "./project.ts";

const MINE = "mine\n";

/** A file of somebody's, outside of the project. */
function victim(): string {
  const file = join(elsewhere(), "notes.txt");
  writeFileSync(file, MINE);
  return file;
}

const OUTPUTS: readonly (readonly string[])[] = [
  ["plan", "-o", "out.file"],
  ["plan", "--report", "markdown=out.file"],
  ["plan", "--report", "html=out.file"],
  ["apply", "--yes", "--report", "json=out.file"],
  ["destroy", "--yes", "--report", "text=out.file"],
  ["drift", "--report", "markdown=out.file"],
  ["drift", "--propose", "--report", "json=out.file"],
];

describe("a result is not written through a link", () => {
  test.each(OUTPUTS)("%s %s %s", async (...args) => {
    const one = await project();
    const file = victim();
    symlinkSync(file, join(one.folder, "out.file"));
    const ran = await one.rollcall(...args);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("symbolic link") });
    expect(readFileSync(file, "utf8")).toBe(MINE);
    expect(one.emulator.requests()).toEqual([]);
  });

  test.each(["out.file", "nowhere"])("a result is not written through a dangling link (%s)", async (name) => {
    const one = await project();
    const folder = elsewhere();
    symlinkSync(join(folder, name), join(one.folder, "out.file"));
    expect((await one.rollcall("plan", "-o", "out.file")).code).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each(["out/plan.json", "./out/plan.json", "out/deep/plan.json", "sub/../out/plan.json"])(
    "a result is not written through a linked folder of the project (%s)",
    async (path) => {
      const one = await project();
      const folder = elsewhere();
      mkdirSync(join(folder, "deep"));
      symlinkSync(folder, join(one.folder, "out"));
      const ran = await one.rollcall("plan", "-o", path);
      expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("its folder is a symbolic link") });
      expect(readdirSync(folder, { recursive: true })).toEqual(["deep"]);
    },
  );

  test("a result is not written into .git under any name", async () => {
    const one = await project({ ".git/config": MINE });
    symlinkSync(".git", join(one.folder, "out"));
    for (const path of [".git/config", "out/config", ".git/new"])
      expect((await one.rollcall("plan", "-o", path)).code).toBe(1);
    expect(readdirSync(join(one.folder, ".git"))).toEqual(["config"]);
    expect(readFileSync(join(one.folder, ".git/config"), "utf8")).toBe(MINE);
  });

  test("a result is not written into a hard link", async () => {
    const one = await project();
    const file = join(one.folder, "other-name.txt");
    writeFileSync(file, MINE);
    linkSync(file, join(one.folder, "out.file"));
    expect((await one.rollcall("plan", "--report", "json=out.file")).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(MINE);
    // A plan takes the place of a plan only.
    expect((await one.rollcall("plan", "-o", "plan.json")).code).toBe(0);
    const before = readFileSync(join(one.folder, "plan.json"), "utf8");
    linkSync(join(one.folder, "plan.json"), join(one.folder, "same.json"));
    writeFileSync(
      join(one.folder, "front.yaml"),
      readFileSync(join(one.folder, "front.yaml"), "utf8") + "# x\n",
    );
    expect((await one.rollcall("plan", "-o", "same.json")).code).toBe(0);
    expect(readFileSync(join(one.folder, "plan.json"), "utf8")).toBe(before);
  });

  test("by the emulator", async () => {
    const folder = elsewhere();
    const file = victim();
    symlinkSync(file, join(folder, "live.jsonl"));
    await expect(startEmulator({ dataFile: join(folder, "live.jsonl") })).rejects.toThrow();
    // Where a draft could be expected.
    symlinkSync(file, join(folder, "other.jsonl.new"));
    await (await startEmulator({ dataFile: join(folder, "other.jsonl") })).close();
    expect(readFileSync(file, "utf8")).toBe(MINE);
  });
});

describe("allowed destinations", () => {
  test("a file is replaced atomically with its mode; only the owner can read a plan; no other file is left", async () => {
    const one = await project();
    writeFileSync(join(one.folder, "plan.md"), MINE, { mode: 0o640 });
    expect((await one.rollcall("plan", "-o", "plan.json")).code).toBe(0);
    chmodSync(join(one.folder, "plan.json"), 0o640);
    expect((await one.rollcall("plan", "-o", "plan.json", "--report", "markdown=plan.md")).code).toBe(0);
    expect(statSync(join(one.folder, "plan.md")).mode & 0o777).toBe(0o640);
    expect(statSync(join(one.folder, "plan.json")).mode & 0o777).toBe(0o600);
    expect(readdirSync(one.folder).sort()).toEqual(["front.yaml", "plan.json", "plan.md"]);
  });

  test("a named path outside of the project, also below links", async () => {
    const one = await project();
    const folder = elsewhere();
    mkdirSync(join(folder, "real"));
    symlinkSync("real", join(folder, "link"));
    expect((await one.rollcall("plan", "-o", join(folder, "link/plan.json"))).code).toBe(0);
    expect(existsSync(join(folder, "real/plan.json"))).toBe(true);
  });

  test("standard output and standard error", async () => {
    const one = await project();
    const ran = await one.rollcall(
      "plan",
      "--report",
      "markdown=/dev/stdout",
      "--report",
      "gitlab=/dev/stderr",
    );
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining("<!-- rollcall plan") });
    expect(ran.stderr).toContain('{"create":1,"update":0,"delete":0}');
  });

  test("a pipe with a reader, but not without one", async () => {
    const one = await project();
    const pipe = join(one.folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    expect(await one.rollcall("plan", "-o", "pipe")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no process reads from it"),
    });
    const read = readFile(pipe, "utf8");
    const ran = await one.rollcall("plan", "-o", "pipe");
    expect(ran.stderr).toContain("Saved the plan to pipe");
    expect(await read).toContain('"x_rollcall"');
  });
});

describe("the ledger of a project stays in it", () => {
  const ledger = (path: string) =>
    settings(`{ manifests: [front.yaml], ledger: { backend: file, path: "${path}" } }`);

  test.each([
    ["..", "cannot be used: it is outside"],
    ["../../..", "cannot be used: it is outside"],
    ["/tmp", "cannot be used: it is outside"],
    ["out", "cannot be used: it is outside"],
    ["out/deep/er", "cannot be used: it is outside"],
    [".git", "it is in a hidden folder"],
    [".git/refs/heads", "it is in a hidden folder"],
    ["inside", "it is in a hidden folder"],
    [".vscode", "it is in a hidden folder"],
    ["GIT~1", "it is in a hidden folder"],
  ])("path: %s", async (path, why) => {
    const one = await project({ "rollcall.yaml": ledger(path), ".git/config": MINE });
    const folder = elsewhere();
    symlinkSync(folder, join(one.folder, "out"));
    symlinkSync(".git", join(one.folder, "inside"));
    const ran = await one.rollcall("apply", "--yes");
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining(why) });
    expect(one.writes()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync(join(one.folder, ".git"))).toEqual(["config"]);
  });

  test.each(["linked folder", "linked file", "linked file that is not there"])("%s", async (how) => {
    const one = await project({ "rollcall.yaml": settings("{ manifests: [front.yaml] }") });
    const folder = elsewhere();
    if (how === "linked folder") symlinkSync(folder, join(one.folder, ".rollcall"));
    else {
      mkdirSync(join(one.folder, ".rollcall"));
      symlinkSync(join(folder, "x.json"), join(one.folder, ".rollcall/default.json"));
    }
    if (how === "linked file") writeFileSync(join(folder, "x.json"), MINE);
    const ran = await one.rollcall("apply", "--yes");
    expect(ran.code).toBe(1);
    expect(one.writes()).toEqual([]);
    expect(readdirSync(folder)).toEqual(how === "linked file" ? ["x.json"] : []);
  });

  test("in a linked folder of the project, and where the environment allows it, it is written", async () => {
    const outside = elsewhere();
    const one = await project({ "rollcall.yaml": settings("{ manifests: [front.yaml] }") });
    mkdirSync(join(one.folder, "state"));
    symlinkSync("state", join(one.folder, ".rollcall"));
    expect((await one.rollcall("apply", "--yes")).code).toBe(0);
    expect(readdirSync(join(one.folder, "state"))).toEqual(["default.json"]);
    const two = await project({ "rollcall.yaml": ledger(outside) });
    const allowed = { ROLLCALL_ALLOWED_PATHS: outside };
    expect((await two.rollcallWith(allowed, "apply", "--yes")).code).toBe(0);
    expect(readdirSync(outside)).toEqual(["default.json"]);
  });
});

describe("init stays in its folder", () => {
  test.each(["prompts", "assistants", "tests", ".vscode", ".github", ".github/workflows"])(
    "if %s is a link",
    async (path) => {
      const one = await project({ ".git/config": MINE });
      const folder = elsewhere();
      for (const [name, to] of [
        ["away", folder],
        ["hidden", join("..", path.includes("/") ? ".." : "", "hidden/.git")],
      ] as const) {
        const there = join(one.folder, name);
        mkdirSync(join(there, path, ".."), { recursive: true });
        mkdirSync(join(there, ".git"), { recursive: true });
        symlinkSync(to, join(there, path));
        const ran = await one.rollcall("init", name);
        expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("below a link") });
        expect(readdirSync(folder)).toEqual([]);
        expect(readdirSync(join(there, ".git"))).toEqual([]);
        expect(existsSync(join(there, "rollcall.yaml"))).toBe(false);
      }
    },
  );

  test("with a link as .gitignore", async () => {
    const one = await project();
    const file = victim();
    symlinkSync(file, join(one.folder, ".gitignore"));
    expect(await one.rollcall("init")).toMatchObject({ code: 1, stderr: expect.stringContaining("link") });
    expect(readFileSync(file, "utf8")).toBe(MINE);
  });
});
