import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadProject, type LoadedProject } from "../load.ts";
import { writeTexts } from "./write.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-write-"));
  for (const name of ["a", "b"]) {
    await writeFile(join(folder, `${name}.yaml`), `# ${name}\n`);
  }
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const load = (): Promise<LoadedProject> => loadProject({ path: folder, env: {}, kinds: new Map() });
const text = (name: string) => readFile(join(folder, name), "utf8");

test("all files are written, and no other files are left", async () => {
  const project = await load();
  const texts = new Map([
    ["a.yaml", "# 1\n"],
    ["b.yaml", "# 2\n"],
  ]);
  expect(await writeTexts(project, texts)).toBeUndefined();
  expect([await text("a.yaml"), await text("b.yaml")]).toEqual(["# 1\n", "# 2\n"]);
  expect((await readdir(folder)).sort()).toEqual(["a.yaml", "b.yaml"]);
});

test.each([
  ["was changed since", () => writeFile(join(folder, "b.yaml"), "# new\n"), "it was changed in the meantime"],
  ["is gone", () => rm(join(folder, "b.yaml")), "there is no such file or folder"],
  ["now leads out of the project", leadOut, '"b.yaml" is outside of the project'],
])("when one of them %s, none is written", async (_, happens, reason) => {
  const project = await load();
  await happens();
  const texts = new Map([
    ["a.yaml", "# 1\n"],
    ["b.yaml", "# 2\n"],
  ]);
  expect(await writeTexts(project, texts)).toEqual({ file: "b.yaml", reason, written: [] });
  expect(await text("a.yaml")).toBe("# a\n");
  expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

async function leadOut(): Promise<void> {
  await rm(join(folder, "b.yaml"));
  await symlink("/etc/hostname", join(folder, "b.yaml"));
}

test("a folder without write permission is reported", async () => {
  const project = await load();
  await chmod(folder, 0o555);
  const result = await writeTexts(project, new Map([["a.yaml", "# 1\n"]]));
  await chmod(folder, 0o755);
  // The superuser may write everywhere.
  if (process.getuid?.() === 0) expect(result).toBeUndefined();
  else expect(result?.reason).toContain("permission denied");
});
