import { lstat, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Environment } from "./environment.ts";
import { GitError, type Git } from "./run.ts";

/** A work tree, and where its Git folder is. Paths are real ones. */
export interface Repository {
  readonly top: string;
  /** Of this work tree; several work trees may share the other one. */
  readonly gitDir: string;
  readonly commonDir: string;
  readonly format: string;
}

export const LOCAL_TIMEOUT = 30_000;

/**
 * The repository that a folder is in; `undefined` when it is in none. It is found by a real `.git`, which Git never
 * takes into a commit. A folder that is itself laid out like a repository may consist of committed files, whose
 * settings name programs, and is not looked at. Throws `GitError` for a `.git` that is not to be trusted.
 */
export async function findRepository(folder: string, { run, env }: Git): Promise<Repository | undefined> {
  const top = await topOf(folder);
  if (top === undefined) return undefined;
  const ask = ["--absolute-git-dir", "--git-common-dir", "--show-toplevel", "--show-object-format"];
  // Git checks who owns it, and looks no further up.
  const at = { GIT_CEILING_DIRECTORIES: dirname(top) };
  const result = await run({ args: ["rev-parse", ...ask], cwd: top, env, at, timeout: LOCAL_TIMEOUT });
  if (result.code !== 0) throw new GitError(`${join(top, ".git")} cannot be used`, result);
  const [own, common, tree, format] = result.stdout.split("\n");
  const [gitDir, commonDir] = [await realPath(top, own), await realPath(top, common)];
  if ((await realPath(top, tree)) !== top) {
    throw new GitError(`${join(top, ".git")} belongs to another folder than ${top}`);
  }
  if (!isGitFolder(top, gitDir) || !isGitFolder(top, commonDir)) {
    throw new GitError(`${join(top, ".git")} leads to files of the work tree`);
  }
  // Old versions do not know that there is another format, and repeat the question.
  return { top, gitDir, commonDir, format: format === "sha256" ? "sha256" : "sha1" };
}

/** The nearest folder with a `.git`. */
async function topOf(folder: string): Promise<string | undefined> {
  let path = await realpath(folder).catch(() => undefined);
  while (path !== undefined && !(await exists(join(path, ".git")))) {
    const above = dirname(path);
    path = above === path ? undefined : above;
  }
  return path;
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function realPath(top: string, path = ""): Promise<string> {
  return path === "" ? "" : realpath(resolve(top, path)).catch(() => "");
}

/** Linked work trees and submodules have theirs elsewhere; inside of a work tree, it is in a `.git`. */
function isGitFolder(top: string, path: string): boolean {
  if (path === "") return false;
  const parts = relative(top, path).split(sep);
  return parts[0] === ".." || isAbsolute(parts.join(sep)) || parts.includes(".git");
}

/** For calls that need the repository as it is, with its own settings. */
export function whole({ gitDir, top }: Repository): Environment {
  return { GIT_DIR: gitDir, GIT_WORK_TREE: top };
}
