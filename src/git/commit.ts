import { join } from "node:path";
import { borrow } from "./borrow.ts";
import type { Environment } from "./environment.ts";
import { exists, findRepository, LOCAL_TIMEOUT, whole, type Repository } from "./repository.ts";
import { GitError, type Git } from "./run.ts";
import { comparisonSettings, options, parseSettings, withoutFilters } from "./settings.ts";

/**
 * The commit of the manifests, with `-dirty` where they differ from it; `undefined` outside a Git work tree. No program
 * is run that the repository or its settings name.
 */
export async function commitOf(folder: string, git: Git): Promise<string | undefined> {
  try {
    const repository = await findRepository(folder, git);
    if (repository === undefined) return undefined;
    const commit = await headOf(repository, git);
    return (await isChanged(folder, repository, commit, git)) ? `${commit}-dirty` : commit;
  } catch {
    return undefined;
  }
}

export async function headOf(repository: Repository, git: Git): Promise<string> {
  return (await output(git, repository.top, whole(repository), ["rev-parse", "--verify", "HEAD"])).trim();
}

/** To look for renames, Git reads files that a partial clone may not have. */
const NO_RENAMES = ["status.renames", "diff.renames"].map((key) => ({ key, value: "false" }));

async function isChanged(folder: string, repository: Repository, head: string, git: Git): Promise<boolean> {
  const list = ["config", "--list", "-z"];
  const settings = parseSettings(await output(git, repository.top, whole(repository), list));
  const quiet = options([...comparisonSettings(settings), ...withoutFilters(settings), ...NO_RENAMES]);
  const status = ["status", "--porcelain", "--untracked-files=normal", "--ignore-submodules=dirty"];
  return borrow(repository, head, async (at) => {
    const [changes, index] = await Promise.all([
      output(git, folder, at, [...quiet, ...status, "--", ".", ":(exclude).rollcall"]),
      output(git, folder, at, ["ls-files", "--stage", "-z", "--", "."]),
    ]);
    return changes !== "" || isAnyChanged(submodules(index), folder, git);
  });
}

/** Paths of the submodules in an index, relative to the folder it was listed in. */
function submodules(index: string): readonly string[] {
  return index
    .split("\0")
    .flatMap((line) => (line.startsWith("160000 ") ? line.slice(line.indexOf("\t") + 1) : []));
}

/** A submodule that is checked out is a separate repository and is checked like one. */
async function isAnyChanged(paths: readonly string[], folder: string, git: Git): Promise<boolean> {
  for (const path of paths) {
    const root = join(folder, path);
    if (!(await exists(join(root, ".git")))) continue;
    const commit = await commitOf(root, git);
    if (commit === undefined || commit.endsWith("-dirty")) return true;
  }
  return false;
}

async function output(
  { run, env }: Git,
  cwd: string,
  at: Environment,
  args: readonly string[],
): Promise<string> {
  const result = await run({ args, cwd, env, at, timeout: LOCAL_TIMEOUT });
  if (result.code !== 0) throw new GitError(`git ${args.at(-1) ?? ""} failed`, result);
  return result.stdout;
}
