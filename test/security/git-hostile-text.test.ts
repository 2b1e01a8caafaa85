import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gitRunner } from "../../src/git/run.ts";
import { runtime } from "../../src/host/runtime.ts";
import { runIn } from "../e2e/cli.ts";
import { bareRepository, clone, git } from "../ledger/git-place.ts";
import { folder } from "../ledger/folder.ts";
import { scriptedGit } from "./git-trap.ts";

// What Git hands over was written by others: what a server says, commit subjects, names of authors and files.

const HOSTILE = "\u001b[31m\u202e\n::add-mask::x";
// Control characters other than a line end, marks that turn text around, and a command to the runner.
const HARMFUL = /(?!\n)\p{Cc}|[\u202a-\u202e]|^::/mu;

const project = (ledger: string) =>
  `apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: voice }\nspec:\n  ledger: { ${ledger} }\n`;

function checkout() {
  const bare = bareRepository();
  const root = clone(bare);
  writeFileSync(join(root, "rollcall.yaml"), project("backend: git"));
  const env = { PATH: process.env["PATH"] ?? "", GITHUB_ACTIONS: "true" };
  return { bare, root, env };
}

test("the server's response to a push is shown on one line without control characters", async () => {
  const { bare, root, env } = checkout();
  const said = join(folder(), "said");
  writeFileSync(said, `${HOSTILE}\n`);
  writeFileSync(join(bare, "hooks/pre-receive"), `#!/bin/sh\ncat '${said}' >&2\nexit 1\n`, { mode: 0o755 });
  git(root, "add", ".");
  git(root, "commit", "--quiet", "--message", "voice");
  appendFileSync(join(root, "rollcall.yaml"), "# changed\n");
  writeFileSync(join(root, "drift.md"), "<!-- rollcall drift voice default -->\n");
  const forge = { GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "acme/voice", GITHUB_API_URL: "http://127.0.0.1:9" };
  const { code, stdout, stderr } = await runIn(root, { ...env, ...forge }, ["ci", "propose", "drift.md"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("add-mask");
  expect(stderr).not.toMatch(HARMFUL);
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("subjects and authors in the log of a ledger are escaped in text and JSON", async () => {
  const { bare, root, env } = checkout();
  const subject = HOSTILE.replace("\n", "");
  const message = `apply: ${subject}\n\nSerial: 1\nWho: ${subject}\nSource: ${subject}\n`;
  const tree = git(bare, "mktree");
  git(bare, "update-ref", "refs/rollcall/voice/default", git(bare, "commit-tree", tree, "-m", message));
  for (const format of ["text", "json"]) {
    const { code, stdout } = await runIn(root, env, ["ledger", "history", "--format", format]);
    expect(code).toBe(0);
    expect(stdout).toContain("add-mask");
    expect(stdout).not.toMatch(HARMFUL);
  }
});

test("endless output is cut off", async () => {
  const endless = scriptedGit(() => "exec cat /dev/zero");
  const call = { args: ["version"], cwd: folder(), env: endless, timeout: 60_000 };
  expect(await gitRunner(runtime)(call)).toMatchObject({
    code: undefined,
    stderr: expect.stringContaining("MiB"),
  });
});
