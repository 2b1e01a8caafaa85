import { mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runtime } from "../host/runtime.ts";
import { folder } from "../../test/ledger/folder.ts";
import { bareRepository, clone, git } from "../../test/ledger/git-place.ts";
import { commitOf } from "./commit.ts";
import { findRepository } from "./repository.ts";
import { gitRunner } from "./run.ts";

const REAL = { run: gitRunner(runtime), env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1" } };

const find = (path: string) => findRepository(path, REAL);

test("finds the repository from a subfolder, a linked work tree, a submodule and a separate Git folder", async () => {
  const work = realpathSync(clone(bareRepository()));
  const deep = join(work, "a/b");
  mkdirSync(deep, { recursive: true });
  expect(await find(deep)).toMatchObject({ top: work, gitDir: join(work, ".git") });
  const linked = join(realpathSync(folder()), "linked");
  git(work, "worktree", "add", "--quiet", linked);
  expect(await find(linked)).toMatchObject({ top: linked, commonDir: join(work, ".git") });
  const allow = ["-c", "protocol.file.allow=always"];
  git(work, ...allow, "submodule", "--quiet", "add", clone(bareRepository()), "sub");
  expect(await find(join(work, "sub"))).toMatchObject({ top: join(work, "sub") });
  const [apart, own] = [join(realpathSync(folder()), "apart"), join(realpathSync(folder()), "own")];
  git(work, "init", "--quiet", `--separate-git-dir=${own}`, apart);
  expect(await find(apart)).toMatchObject({ top: apart, gitDir: own });
  expect(await find(folder())).toBeUndefined();
});

test.each<[string, (work: string) => void]>([
  ["a file that points into the work tree", (work) => writeFileSync(join(work, ".git"), "gitdir: moved\n")],
  ["a link into the work tree", (work) => symlinkSync("moved", join(work, ".git"))],
  ["an empty folder", (work) => mkdirSync(join(work, ".git"))],
  [
    "a file that points to a missing folder",
    (work) => writeFileSync(join(work, ".git"), "gitdir: /nonexistent\n"),
  ],
])("%s as .git is refused, and the enclosing repository is not used instead", async (_, make) => {
  const around = clone(bareRepository());
  const work = join(around, "inner");
  git(around, "clone", "--quiet", bareRepository(), work);
  renameSync(join(work, ".git"), join(work, "moved"));
  make(work);
  await expect(find(work)).rejects.toThrow(/\.git (?:leads to files of the work tree|cannot be used)/);
  expect(await commitOf(work, REAL)).toBeUndefined();
});

test("a Git folder of another work tree is refused", async () => {
  const work = clone(bareRepository());
  git(work, "config", "core.worktree", folder());
  await expect(find(work)).rejects.toThrow("belongs to another folder");
});
