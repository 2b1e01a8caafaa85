import { createHash } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { treeOf } from "../../test/file-tree.ts";
import { beginIn, changeFiles } from "./file-batch.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rollcall-files-"));
  for (const name of ["a", "b"]) await writeFile(join(root, `${name}.yaml`), `# ${name}\n`);
});

afterEach(() => rm(root, { recursive: true, force: true }));

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const CHANGES = [
  { file: "a.yaml", text: "# 1\n", digest: digest("# a\n") },
  { file: "prompts/new.md", text: "# 3\n" },
  { file: "b.yaml", text: "# 2\n", digest: digest("# b\n") },
];
const change = (changes: Parameters<typeof changeFiles>[3] = CHANGES) =>
  changeFiles(
    { host: "here", pid: 1 },
    { root, environment: { name: "staging" } as Parameters<typeof changeFiles>[1]["environment"] },
    "drift --propose",
    changes,
  );

test("all files are written, and no other files are left", async () => {
  await change();
  expect(treeOf(root)).toEqual({ "a.yaml": "# 1\n", "b.yaml": "# 2\n", "prompts/new.md": "# 3\n" });
});

test.each([
  ["was changed since", () => writeFile(join(root, "b.yaml"), "# new\n"), "b.yaml was changed in the meantime"],
  ["is gone", () => rm(join(root, "b.yaml")), "b.yaml was changed in the meantime"],
  ["now leads out of the project", leadOut, "b.yaml is outside of the project or hidden"],
])("when one of them %s, none is written", async (_, happens, reason) => {
  await happens();
  await expect(change()).rejects.toThrow(reason);
  const { "a.yaml": text, "b.yaml": __, ...others } = treeOf(root);
  expect([text, others]).toEqual(["# a\n", {}]);
});

async function leadOut(): Promise<void> {
  await rm(join(root, "b.yaml"));
  await symlink("/etc/hostname", join(root, "b.yaml"));
}

test("a file that is there already is not replaced by a new one, and nothing else is written", async () => {
  const before = treeOf(root);
  await expect(change([...CHANGES, { file: "b.yaml", text: "# new\n" }])).rejects.toThrow("b.yaml");
  expect(treeOf(root)).toEqual(before);
});

test("while another change of the environment is open, nothing is written", async () => {
  const open = await beginIn(root, "staging")([{ file: "c.yaml", text: "# c\n" }], null);
  const before = treeOf(root);
  await expect(change()).rejects.toThrow("another command changes files of this project");
  expect(treeOf(root)).toEqual(before);
  await open.place();
  await open.close();
  await change();
  expect(await readFile(join(root, "c.yaml"), "utf8")).toBe("# c\n");
});

test("a folder without write permission is reported, and nothing is written", async () => {
  const before = treeOf(root);
  await chmod(root, 0o555);
  const failure = await change().then(
    () => "",
    (error: unknown) => String(error),
  );
  await chmod(root, 0o755);
  // The superuser may write everywhere.
  if (process.getuid?.() === 0) expect(failure).toBe("");
  else expect([failure, treeOf(root)]).toEqual([expect.stringContaining("permission denied"), before]);
});
