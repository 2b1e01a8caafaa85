import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { startEmulator, type Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { EXAMPLE, KEY } from "../e2e/cli.ts";
import { startGitHub, type FakeGitHub } from "./github.ts";
import type { PullRequestEvent, Run } from "./runner.ts";

export const REPOSITORY = resolve(import.meta.dirname, "../..");

const execute = promisify(execFile);

export const git = async (cwd: string, ...args: readonly string[]) =>
  (
    await execute("git", ["-C", cwd, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args])
  ).stdout.trim();

/** A team: its repository with the example project, an account at Telnyx, and GitHub. */
export interface Office {
  readonly folder: string;
  readonly hub: FakeGitHub;
  readonly emulator: Emulator;
  /** The repository at the forge. */
  readonly bare: string;
  /** Somebody's clone of it. */
  readonly desk: string;
  /** Writes a file, commits and pushes to a branch; says the commit. */
  push(branch: string, files: Readonly<Record<string, string>>): Promise<string>;
  /** A run of GitHub Actions on a commit. */
  run(more: Partial<Run> & { readonly sha: string }): Run;
  close(): Promise<void>;
}

export async function openOffice(action: string): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-office-"));
  const [bare, desk] = [join(folder, "bare"), join(folder, "desk")];
  const [hub, emulator] = await Promise.all([startGitHub(), startEmulator({ seed: 1 })]);
  await mkdir(bare);
  await git(bare, "init", "-q", "--bare", "-b", "main");
  await cp(EXAMPLE, desk, { recursive: true });
  const settings = join(desk, "rollcall.yaml");
  await writeFile(settings, (await readFile(settings, "utf8")).replace("backend: file", "backend: git"));
  await git(desk, "init", "-q", "-b", "main");
  await git(desk, "remote", "add", "origin", `file://${bare}`);
  const push: Office["push"] = async (branch, files) => {
    await git(desk, "checkout", "-q", "-B", branch);
    for (const [path, text] of Object.entries(files)) await writeFile(join(desk, path), text);
    await git(desk, "add", "-A");
    await git(desk, "commit", "-q", "--allow-empty", "-m", "words");
    await git(desk, "push", "-q", "--force", "origin", branch);
    return git(desk, "rev-parse", "HEAD");
  };
  await push("main", {});
  let runs = 76;
  return {
    folder,
    hub,
    emulator,
    bare,
    desk,
    push,
    run: (more) => ({
      action,
      hub,
      folder,
      event: {},
      eventName: "push",
      id: (runs += 1),
      workflow: more.eventName === "pull_request" ? "pull-request.yml" : "merge.yml",
      secrets: { TELNYX_API_KEY: KEY },
      env: { TELNYX_BASE_URL: emulator.url },
      checkOut: async (workspace) => {
        await execute("git", ["clone", "-q", "--no-checkout", `file://${bare}`, workspace]);
        await git(workspace, "checkout", "-q", "-B", "main", more.sha);
      },
      ...more,
    }),
    async close() {
      await Promise.all([hub.close(), emulator.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What GitHub tells of a pull request. */
export function pullRequest(
  sha: string,
  from = "acme/voice",
  branch = "words",
  into: { readonly number: number; readonly base: string } = { number: 12, base: "main" },
): { readonly pull_request: PullRequestEvent } {
  const head = { sha, ref: branch, repo: { full_name: from } };
  return { pull_request: { number: into.number, head, base: { ref: into.base } } };
}

/** What GitHub says of it by the commit that merged it. */
export function mergedPull(sha: string, head: string, into = { number: 12, base: "main" }) {
  return {
    number: into.number,
    merged_at: "2026-11-22T10:00:00Z",
    merge_commit_sha: sha,
    head: { sha: head, ref: "words" },
    base: { ref: into.base },
  };
}
