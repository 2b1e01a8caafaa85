import { execFile } from "node:child_process";
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, EXAMPLE, type Desk } from "./cli.ts";

const run = promisify(execFile);
const STAGING = ["--env", "staging"];

let one: Desk;
let bare: string;
let elsewhere: string;

const git = async (cwd: string, ...args: readonly string[]) =>
  (await run("git", ["-C", cwd, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args])).stdout.trim();

/** The example, kept in a repository whose remote is a bare one, with the ledger in a ref of it. */
beforeEach(async () => {
  one = await desk(EXAMPLE);
  bare = await mkdtemp(join(tmpdir(), "rollcall-bare-"));
  elsewhere = await mkdtemp(join(tmpdir(), "rollcall-clone-"));
  const path = join(one.folder, "rollcall.yaml");
  await writeFile(path, (await readFile(path, "utf8")).replace("backend: file", "backend: git"));
  await git(bare, "init", "-q", "--bare", "-b", "main");
  await git(one.folder, "init", "-q", "-b", "main");
  await git(one.folder, "add", "-A");
  await git(one.folder, "commit", "-q", "-m", "voices");
  await git(one.folder, "remote", "add", "origin", bare);
  await git(one.folder, "push", "-q", "origin", "main");
});

afterEach(async () => {
  await one.close();
  await Promise.all([bare, elsewhere].map((folder) => rm(folder, { recursive: true, force: true })));
});

test("in a fresh shallow clone, a portal edit is drift", async () => {
  expect((await one.rollcall("apply", ...STAGING, "--yes")).code).toBe(0);
  expect(await git(bare, "for-each-ref", "--format=%(refname)")).toContain(
    "refs/rollcall/larkmoor-voice/staging",
  );
  await run("git", ["clone", "-q", "--depth", "1", `file://${bare}`, join(elsewhere, "clone")]);
  const there = join(elsewhere, "clone");
  const billing = one.emulator.state().assistants.find(({ main }) => main["name"] === "Billing");
  one.emulator.portal.edit("Assistant", billing?.id ?? "", { greeting: "Ahoy" });
  const here = await one.rollcall("drift", ...STAGING, "--format", "json");
  const far = await one.rollcall("drift", there, ...STAGING, "--format", "json");
  expect([here.code, far.code]).toEqual([2, 2]);
  expect(far.stdout).toBe(here.stdout);
  expect((await one.rollcall("apply", there, ...STAGING, "--yes")).code).toBe(0);
  expect((await one.rollcall("drift", ...STAGING)).code).toBe(0);
  expect(await git(one.folder, "status", "--porcelain")).toBe("");
});

test("an object of an environment that was removed is not adopted while its ledger is at the remote", async () => {
  expect((await one.rollcall("apply", ...STAGING, "--yes")).code).toBe(0);
  const path = join(one.folder, "rollcall.yaml");
  await writeFile(path, (await readFile(path, "utf8")).replace("    staging:", "    next..one:"));
  const apply = () => one.rollcall("apply", "--env", "next..one", "--yes", "--adopt");
  one.writes();
  const refused = await apply();
  expect(refused.code, refused.stderr).toBe(4);
  const said = refused.stdout.replaceAll(/\s+/g, " ");
  expect(said).toMatch(/belongs to environment staging \(Assistant\/billing\)/);
  expect(said).toContain("the project has no environment staging any more");
  expect(one.writes()).toEqual([]);
  await git(bare, "update-ref", "refs/rollcall/larkmoor-voice/deep/one", "main");
  await git(bare, "update-ref", "-d", "refs/rollcall/larkmoor-voice/staging");
  const adopted = await apply();
  expect(adopted.code, adopted.stdout + adopted.stderr).toBe(0);
  expect(await git(bare, "for-each-ref", "--format=%(refname)")).toContain("larkmoor-voice/next%2e.one");
  expect((await one.rollcall("destroy", "--env", "next..one", "--yes")).code).toBe(0);
});

test("one commit per apply: the history has author, changes and commit", async () => {
  await one.rollcall("apply", ...STAGING, "--yes");
  await appendFile(join(one.folder, "prompts/billing.md"), "\nBe patient.\n");
  await git(one.folder, "commit", "-qam", "patience");
  expect((await one.rollcall("apply", ...STAGING, "--yes")).code).toBe(0);
  const history = await one.rollcall("ledger", "history", ...STAGING);
  const head = await git(one.folder, "rev-parse", "HEAD");
  expect(history.stdout.trim().split("\n")).toHaveLength(2);
  expect(history.stdout).toContain(head.slice(0, 12));
  expect(history.stdout).toMatch(/tester/);
});

test("after a ledger moves to another backend, nothing is left to do", async () => {
  const path = join(one.folder, "rollcall.yaml");
  const gitBacked = await readFile(path, "utf8");
  await writeFile(path, gitBacked.replace("backend: git", "backend: file"));
  await one.rollcall("apply", ...STAGING, "--yes");
  await writeFile(path, gitBacked);
  const moved = await one.rollcall("ledger", "migrate", "--from", "file", ...STAGING);
  expect(moved.stdout).toMatch(/27 entries/);
  expect(moved.code).toBe(0);
  await cp(join(one.folder, ".rollcall"), join(elsewhere, "old"), { recursive: true });
  await rm(join(one.folder, ".rollcall"), { recursive: true });
  one.writes();
  expect((await one.rollcall("plan", ...STAGING, "--detailed-exitcode")).code).toBe(0);
  expect(one.writes()).toEqual([]);
});

test("a lock is named with its holder, and removed only on request", async () => {
  await one.rollcall("apply", ...STAGING, "--yes");
  expect((await one.rollcall("ledger", "unlock", ...STAGING, "--yes")).stdout).toMatch(/not locked/);
  const lock = await lockedBy("alice");
  const refused = await one.rollcall("apply", ...STAGING, "--yes");
  expect(refused.code).toBe(4);
  expect(refused.stderr).toContain("is locked by alice on build-1 (process 12, apply)");
  const unasked = await one.rollcall("ledger", "unlock", ...STAGING);
  expect(unasked.stderr).toContain("the ledger is locked by alice on build-1 (process 12, apply)");
  expect(await git(bare, "for-each-ref", "--format=%(refname)", "refs/rollcall-locks")).toBe(lock);
  const removed = await one.rollcall("ledger", "unlock", ...STAGING, "--yes");
  expect(removed.stdout).toMatch(/^Removed the lock of /m);
  expect(await git(bare, "for-each-ref", "refs/rollcall-locks")).toBe("");
  expect((await one.rollcall("apply", ...STAGING, "--yes")).code).toBe(0);
});

/** Another machine holds the lock of the ledger. Returns its ref. */
async function lockedBy(who: string): Promise<string> {
  const ledger = await git(bare, "for-each-ref", "--format=%(refname)", "refs/rollcall");
  const ref = ledger.replace("refs/rollcall/", "refs/rollcall-locks/rollcall/");
  const now = Date.now();
  const held = {
    who,
    host: "build-1",
    pid: 12,
    operation: "apply",
    token: "another run",
    since: new Date(now).toISOString(),
    expires: new Date(now + 60_000).toISOString(),
  };
  const tree = await git(bare, "hash-object", "-w", "-t", "tree", "/dev/null");
  const commit = await git(bare, "commit-tree", tree, "-m", `locked\n\n${JSON.stringify(held)}\n`);
  await git(bare, "update-ref", ref, commit);
  return ref;
}
