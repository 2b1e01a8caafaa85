import { join } from "node:path";
import { borrow } from "../git/borrow.ts";
import { headOf } from "../git/commit.ts";
import type { Environment } from "../git/environment.ts";
import { checkAddress, findRemote, REMOTE, type Remote } from "../git/remote.ts";
import { findRepository } from "../git/repository.ts";
import { GitError, type Git, type GitCall, type GitResult } from "../git/run.ts";
import { comparisonSettings, filterSettings, options, secretsIn } from "../git/settings.ts";
import { redacted } from "../model/redacted.ts";
import { visible } from "../model/visible.ts";
import { ForgeError } from "./forge.ts";

export interface BranchOptions {
  /** Changed files that Git tracks are committed to the branch. */
  readonly folder: string;
  /** New files in it that go along. */
  readonly created?: readonly string[];
  readonly branch: string;
  readonly message: string;
  readonly git: Git;
}

export type Pushed = "pushed" | "unchanged" | "nothing-changed";

/** Calls Git in one folder, with a separate index. */
interface Desk {
  readonly git: Git;
  readonly folder: string;
  readonly at: Environment;
  readonly remote: Remote;
}

/**
 * Puts changed files on a branch of `origin`, as one commit on top of the one that is checked out. The work tree, its
 * branch and its index stay as they are. The same changes make the same commit, and are not pushed again.
 */
export async function pushChanges({
  folder,
  branch,
  created = [],
  message,
  git,
}: BranchOptions): Promise<Pushed> {
  try {
    const repository = await findRepository(folder, git);
    if (repository === undefined) throw new GitError(`${folder} is not in a Git repository`);
    const remote = await findRemote(repository, "origin", git);
    return await borrow(repository, await headOf(repository, git), async (at, scratch) => {
      await checkAddress(repository, remote, at, git);
      const desk = { git, folder, at: { ...at, GIT_INDEX_FILE: join(scratch, "index") }, remote };
      const commit = await commitChanges(desk, message, created);
      return commit === undefined ? "nothing-changed" : push(desk, commit, `refs/heads/${branch}`);
    });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new ForgeError(
      error.result === undefined ? visible(error.message) : failure(error.message, error.result),
    );
  }
}

async function commitChanges(
  desk: Desk,
  message: string,
  created: readonly string[],
): Promise<string | undefined> {
  const { all } = desk.remote;
  // As `git add` would: filters, such as that of large files, say what a commit holds. They see no token.
  const settings = options([...comparisonSettings(all), ...filterSettings(all)]);
  await call(desk, ["read-tree", "HEAD"]);
  await call(desk, [...settings, "add", "--update", "--", ".", ":(exclude).rollcall"]);
  const paths = created.map((path) => `:(literal)${path}`);
  if (paths.length > 0) await call(desk, [...settings, "add", "--force", "--", ...paths]);
  const tree = await call(desk, ["write-tree", "--missing-ok"]);
  if (tree === (await call(desk, ["rev-parse", "--verify", "HEAD^{tree}"]))) return undefined;
  // Dated like the commit below.
  const author = authored(await call(desk, ["log", "-1", "--format=%cI", "HEAD", "--"]));
  const dated = { ...desk, at: { ...desk.at, ...author } };
  return call(dated, ["commit-tree", tree, "-p", "HEAD", "-m", message]);
}

async function push(desk: Desk, commit: string, ref: string): Promise<Pushed> {
  const far = { isRemote: true, settings: desk.remote.settings } as const;
  const lines = (await call(desk, ["ls-remote", "--", REMOTE, ref], far)).split("\n");
  const there = lines.map((line) => line.split("\t")).find(([, name]) => name === ref)?.[0] ?? "";
  if (there === commit) return "unchanged";
  const lease = `--force-with-lease=${ref}:${there}`;
  await call(desk, ["push", "--quiet", "--no-verify", lease, "--", REMOTE, `${commit}:${ref}`], far);
  return "pushed";
}

function authored(date: string): Environment {
  const identity = { NAME: "Rollcall", EMAIL: "rollcall@noreply.invalid", DATE: date };
  return Object.fromEntries(
    ["AUTHOR", "COMMITTER"].flatMap((who) =>
      Object.entries(identity).map(([what, value]) => [`GIT_${who}_${what}`, value]),
    ),
  );
}

const TIMEOUT = 120_000;

async function call(
  { git, folder, at, remote }: Desk,
  args: readonly string[],
  more: Pick<GitCall, "isRemote" | "settings"> = {},
): Promise<string> {
  const result = await git.run({ args, cwd: folder, env: git.env, at, timeout: TIMEOUT, ...more });
  if (result.code === 0) return result.stdout.trim();
  const command = args.find((word) => /^[a-z-]+$/.test(word) && !word.startsWith("-"));
  throw new ForgeError(
    failure(`git ${command ?? ""} failed`, result, secretsIn([...remote.all, ...remote.settings])),
  );
}

/** What Git said may hold names of files and branches, and what a server had to say. */
function failure(
  what: string,
  { stderr, isLate, isMissing }: GitResult,
  secrets: readonly string[] = [],
): string {
  if (isMissing === true) return `${what}: the git command is not installed`;
  if (isLate === true) return `${what}: it took too long`;
  const lines = redacted(stderr, secrets)
    .split("\n")
    .map((line) => visible(line.trim()));
  return `${what}: ${lines.filter((line) => line !== "").join("; ")}`;
}
