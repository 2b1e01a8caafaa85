import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "../../test/ledger/folder.ts";
import { bareRepository, clone, git } from "../../test/ledger/git-place.ts";
import { runtime } from "../host/runtime.ts";
import { gitRunner } from "../git/run.ts";
import { pushChanges } from "./branch.ts";

const TOKEN = ["ghs", "Geheim"].join("_");
const env = { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", GITHUB_TOKEN: TOKEN };

/** A shallow clone of a repository that has a text, and what is pushed from it. */
function shallowClone() {
  const bare = bareRepository();
  const first = clone(bare);
  writeFileSync(join(first, "text.md"), "one\n");
  git(first, "add", ".");
  git(first, "commit", "--quiet", "--message", "a text");
  git(first, "push", "--quiet", "origin", "HEAD:main");
  const work = clone(`file://${bare}`, "--depth=1");
  const push = (...created: readonly string[]) => {
    const run = gitRunner(runtime);
    return pushChanges({ folder: work, branch: "adopt", created, message: "Adopt", git: { run, env } });
  };
  return { bare, work, push };
}

test("changes of tracked files are committed to a branch once, and the work tree does not change", async () => {
  const { bare, work, push } = shallowClone();
  expect(await push()).toBe("nothing-changed");
  appendFileSync(join(work, "text.md"), "two\n");
  writeFileSync(join(work, "new.md"), "unknown\n");
  const before = [git(work, "status", "--porcelain=v2", "--branch"), git(work, "ls-files", "--stage")];
  expect(await push()).toBe("pushed");
  expect(await push()).toBe("unchanged");
  expect([git(work, "status", "--porcelain=v2", "--branch"), git(work, "ls-files", "--stage")]).toEqual(before);
  expect(git(bare, "show", "adopt:text.md")).toBe("one\ntwo");
  expect(git(bare, "log", "--format=%an %s", "main..adopt")).toBe("Rollcall Adopt");
  appendFileSync(join(work, "text.md"), "three\n");
  expect(await push()).toBe("pushed");
  expect(git(bare, "rev-list", "--count", "main..adopt")).toBe("1");
});

test("new files that are named go along, others do not", async () => {
  const { bare, work, push } = shallowClone();
  writeFileSync(join(work, ".gitignore"), "*.md\n");
  for (const name of ["new.md", "*.md", "other.md"]) writeFileSync(join(work, name), "new\n");
  const status = git(work, "status", "--porcelain=v2", "--branch");
  expect(await push("*.md", "new.md")).toBe("pushed");
  expect(git(work, "status", "--porcelain=v2", "--branch")).toBe(status);
  expect(git(bare, "diff", "--name-only", "main", "adopt")).toBe("*.md\nnew.md");
});

test("a filter of the checkout produces the committed content and gets no token", async () => {
  const { bare, work, push } = shallowClone();
  const seen = join(folder(), "seen");
  git(work, "config", "filter.upper.clean", `env > '${seen}'; tr a-z A-Z`);
  writeFileSync(join(work, ".git/info/attributes"), "*.md filter=upper\n");
  appendFileSync(join(work, "text.md"), "two\n");
  expect(await push()).toBe("pushed");
  expect(git(bare, "show", "adopt:text.md")).toBe("ONE\nTWO");
  expect(readFileSync(seen, "utf8")).not.toContain(TOKEN);
});

test("a ref whose name ends in the name of the branch is not the branch", async () => {
  const { bare, work, push } = shallowClone();
  git(bare, "update-ref", "refs/a/refs/heads/adopt", "main");
  appendFileSync(join(work, "text.md"), "two\n");
  expect(await push()).toBe("pushed");
});

test("outside of a repository or without origin there is an error", async () => {
  const git = { run: gitRunner(runtime), env };
  const options = { branch: "adopt", message: "Adopt", git };
  await expect(pushChanges({ ...options, folder: folder() })).rejects.toThrow("is not in a Git repository");
  const work = clone(bareRepository(), "--origin=upstream");
  await expect(pushChanges({ ...options, folder: work })).rejects.toThrow(
    'no remote "origin": it has upstream',
  );
});
