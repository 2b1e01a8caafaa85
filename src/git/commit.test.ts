import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "../../test/ledger/folder.ts";
import { clone, git } from "../../test/ledger/git-place.ts";
import { runtime } from "../host/runtime.ts";
import { commitOf } from "./commit.ts";
import { gitRunner } from "./run.ts";

const HERE = { run: gitRunner(runtime), env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1" } };

/** A work tree with a project in `voice`, and its commit. */
function voices(...options: readonly string[]): { work: string; project: string; head: string } {
  const work = join(folder(), "work");
  const project = join(work, "voice");
  mkdirSync(project, { recursive: true });
  git(work, "init", "--quiet", ...options);
  writeFileSync(join(project, "a.yaml"), "a: 1\n");
  git(work, "add", ".");
  git(work, "commit", "--quiet", "--message", "one");
  return { work, project, head: git(work, "rev-parse", "HEAD") };
}

test.each<[string, (work: string) => void]>([
  ["a changed file", (work) => appendFileSync(join(work, "voice/a.yaml"), "b: 2\n")],
  ["a new file", (work) => writeFileSync(join(work, "voice/b.yaml"), "b: 2\n")],
  ["a staged file", (work) => (writeFileSync(join(work, "voice/b.yaml"), ""), void git(work, "add", "."))],
  ["a deleted file", (work) => rmSync(join(work, "voice/a.yaml"))],
])("%s counts as a change", async (_, change) => {
  const { work, project, head } = voices();
  expect(await commitOf(project, HERE)).toBe(head);
  change(work);
  expect(await commitOf(project, HERE)).toBe(`${head}-dirty`);
});

test("changes outside of the project, in ignored files or in the ledger do not count", async () => {
  const { work, project, head } = voices();
  writeFileSync(join(work, "other"), "");
  writeFileSync(join(work, ".git/info/exclude"), "*.tmp\n");
  writeFileSync(join(project, "a.tmp"), "");
  mkdirSync(join(project, ".rollcall"));
  writeFileSync(join(project, ".rollcall/default.json"), "{}");
  expect(await commitOf(project, HERE)).toBe(head);
});

test("line endings and file modes are compared with the repository's settings, also with a split index", async () => {
  const { work, head } = voices("--object-format=sha256");
  const there = clone(work, "--config=core.autocrlf=true", "--config=core.fileMode=false");
  git(there, "update-index", "--split-index");
  const file = join(there, "voice/a.yaml");
  expect(readFileSync(file, "utf8")).toBe("a: 1\r\n");
  chmodSync(file, 0o755);
  utimesSync(file, 1, 1);
  expect(await commitOf(join(there, "voice"), HERE)).toBe(head);
  writeFileSync(file, "a: 2\r\n");
  expect(await commitOf(join(there, "voice"), HERE)).toBe(`${head}-dirty`);
});

test("a changed file in a submodule or another commit of the submodule counts as a change", async () => {
  const { work, project } = voices();
  const { project: source, work: inner } = voices();
  git(work, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "voice/inner");
  git(work, "commit", "--quiet", "--message", "two");
  const head = git(work, "rev-parse", "HEAD");
  expect(await commitOf(project, HERE)).toBe(head);
  const file = join(project, "inner/voice/a.yaml");
  appendFileSync(file, "b: 2\n");
  expect(await commitOf(project, HERE)).toBe(`${head}-dirty`);
  git(join(project, "inner"), "commit", "--quiet", "--all", "--message", "three");
  expect(await commitOf(project, HERE)).toBe(`${head}-dirty`);
  expect(await commitOf(source, HERE)).toMatch(/^[0-9a-f]{40}$/);
});

test("in a partial clone, no missing objects are fetched", async () => {
  const { work, head } = voices();
  git(work, "config", "uploadpack.allowFilter", "true");
  const there = clone(`file://${work}`, "--filter=blob:none", "--no-checkout");
  git(there, "sparse-checkout", "set", "--no-cone", "/none");
  expect(await commitOf(there, HERE)).toMatch(new RegExp(`^${head}`));
  git(there, "checkout", "--quiet", "HEAD");
  const objects = git(there, "count-objects", "-v");
  expect(await commitOf(there, HERE)).toBe(head);
  expect(git(there, "count-objects", "-v")).toBe(objects);
});

test("a repository without commits has no commit", async () => {
  const empty = folder();
  git(empty, "init", "--quiet");
  expect(await commitOf(empty, HERE)).toBeUndefined();
});
