import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Environment } from "./api.ts";
import { ForgeError } from "./forge.ts";

export interface BranchOptions {
  /** What was changed in it, and is known to Git, goes on the branch. */
  readonly folder: string;
  readonly branch: string;
  readonly message: string;
  readonly env: Environment;
}

export type Pushed = "pushed" | "unchanged" | "nothing-changed";

/**
 * Puts changed files on a branch of `origin`, as one commit on top of the one that is checked out. The work tree, its
 * branch and its index stay as they are. The same changes make the same commit, and are not pushed again.
 */
export async function pushChanges({ folder, branch, message, env }: BranchOptions): Promise<Pushed> {
  const scratch = await mkdtemp(join(tmpdir(), "rollcall-branch-"));
  const git = gitIn(folder, { ...env, GIT_INDEX_FILE: join(scratch, "index") });
  try {
    await git({}, "read-tree", "HEAD");
    await git({}, "add", "--update", "--", ".", ":(exclude).rollcall");
    const tree = await git({}, "write-tree");
    if (tree === (await git({}, "rev-parse", "HEAD^{tree}"))) return "nothing-changed";
    const commit = await git(await authored(git), "commit-tree", tree, "-p", "HEAD", "-m", message);
    const ref = `refs/heads/${branch}`;
    const [there = ""] = (await git({}, "ls-remote", "origin", ref)).split(/\s/);
    if (there === commit) return "unchanged";
    await git({}, "push", "--quiet", `--force-with-lease=${ref}:${there}`, "origin", `${commit}:${ref}`);
    return "pushed";
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const IDENTITY = { NAME: "Rollcall", EMAIL: "rollcall@noreply.invalid" };

/** Dated like the commit below. */
async function authored(git: Git): Promise<Readonly<Record<string, string>>> {
  const DATE = await git({}, "log", "-1", "--format=%cI", "HEAD");
  return Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((who) =>
      Object.entries({ ...IDENTITY, DATE }).map(([what, value]) => [`GIT_${who}_${what}`, value]),
    ),
  );
}

type Git = (more: Readonly<Record<string, string>>, ...args: readonly string[]) => Promise<string>;

const run = promisify(execFile);
const TIMEOUT = 120_000;

function gitIn(folder: string, env: Environment): Git {
  const plain = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false"];
  return async (more, ...args) => {
    try {
      const options = { timeout: TIMEOUT, env: { ...env, GIT_TERMINAL_PROMPT: "0", ...more } };
      return (await run("git", ["-C", folder, ...plain, ...args], options)).stdout.trim();
    } catch (error) {
      const { stderr = "", message } = error as Error & { readonly stderr?: string };
      const said = (stderr.trim() || message).replaceAll(/([a-z+]+:\/\/)[^\s/@]*@/g, "$1***@");
      throw new ForgeError(`git ${args[0] ?? ""} failed: ${said}`);
    }
  };
}
