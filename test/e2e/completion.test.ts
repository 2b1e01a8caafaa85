import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { desk, type Desk } from "./cli.ts";

const ZSH = join(import.meta.dirname, "complete.zsh");

let open: Desk;
let folder: string;
const scripts = new Map<string, string>();

beforeAll(async () => {
  open = await desk();
  folder = await mkdtemp(join(tmpdir(), "rollcall completion "));
  await mkdir(join(folder, "my project"));
  await writeFile(join(folder, "my plan.json"), "");
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await open.rollcall("completion", shell);
    expect(code).toBe(0);
    const file = join(folder, `completion.${shell}`);
    await writeFile(file, stdout);
    scripts.set(shell, file);
  }
});

afterAll(async () => {
  await open.close();
  await rm(folder, { recursive: true });
});

type Complete = (line: string) => readonly string[];

/** As bash does it: the line in words, split at blanks and at `=`. */
const inBash: Complete = (line) => {
  const words = line.split(/(=)| /).filter((word) => word !== undefined);
  const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _rollcall; printf '%s\n' "\${COMPREPLY[@]}"`;
  return run("bash", ["--norc", "--noprofile", "-c", program, "bash", scripts.get("bash") ?? "", ...words]);
};

const inFish: Complete = (line) => {
  const program = `source $argv[1]; complete -C $argv[2]`;
  const lines = run("fish", ["--no-config", "-c", program, scripts.get("fish") ?? "", line]);
  return lines.map((text) => text.split("\t")[0] ?? "");
};

/** As somebody types it, in a terminal. */
const inZsh: Complete = (line) => {
  const typed = line.lastIndexOf(" ") + 1;
  const buffers = run("zsh", ["-f", ZSH, scripts.get("zsh") ?? "", line]);
  return buffers.map((buffer) => buffer.slice(typed).trim());
};

function run(command: string, args: readonly string[]): readonly string[] {
  const { stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
    timeout: 20_000,
  });
  if (error !== undefined) throw error;
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ["--version"]).status === 0;
}

const SHELLS: readonly (readonly [string, Complete])[] = [
  ["bash", inBash],
  ["fish", inFish],
  ["zsh", inZsh],
];

describe.each(SHELLS)("%s", (shell, complete) => {
  test.skipIf(!isInstalled(shell)).each([
    ["rollcall pl", ["plan"]],
    ["rollcall plan --on-conflict ", ["adopt", "overwrite", "refuse"]],
    ["rollcall plan --on-conflict ov", ["overwrite"]],
    ["rollcall ledger mo", ["move"]],
    ["rollcall ledger list --format ", ["json", "text"]],
    ["rollcall plan --env plan --det", ["--detailed-exitcode"]],
    ["rollcall explain --format json As", ["Assistant", "AssistantTest", "AssistantVersion"]],
    ["rollcall schema Mc", ["McpServer"]],
    ["rollcall completion ", ["bash", "fish", "zsh"]],
    ["rollcall help dest", ["destroy"]],
    ["rollcall plan --env ", []],
    ["rollcall nonsense", []],
  ])("%s<TAB>: %j", (line, expected) => {
    expect([...complete(line)].sort()).toEqual(expected);
  });
});

test.skipIf(!isInstalled("bash"))("bash: values after =, and paths with blanks", () => {
  expect(inBash("rollcall plan --on-conflict=")).toEqual(["refuse", "overwrite", "adopt"]);
  expect(inBash("rollcall plan --on-conflict=re")).toEqual(["refuse"]);
  expect(inBash("rollcall plan --on-conflict=refuse --pru")).toEqual(["--prune"]);
  expect([...inBash("rollcall apply my")].sort()).toEqual(["my plan.json", "my project"]);
  expect([...inBash("rollcall plan --out my")].sort()).toEqual(["my plan.json", "my project"]);
});
