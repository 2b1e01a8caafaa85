import { execFile, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { desk, runIn, type Desk } from "./cli.ts";

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

/** `bin` is a folder with the program, for words of the project at hand. */
type Complete = (line: string, bin?: string) => Promise<readonly string[]>;

/** As bash does it: the line in words, split at blanks and at `=`. */
const inBash: Complete = (line, bin) => {
  const words = line.split(/(=)| /).filter((word) => word !== undefined);
  const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _rollcall; printf '%s\n' "\${COMPREPLY[@]}"`;
  return run(
    "bash",
    ["--norc", "--noprofile", "-c", program, "bash", scripts.get("bash") ?? "", ...words],
    bin,
  );
};

const inFish: Complete = async (line, bin) => {
  const program = `source $argv[1]; complete -C $argv[2]`;
  const lines = await run("fish", ["--no-config", "-c", program, scripts.get("fish") ?? "", line], bin);
  return lines.map((text) => text.split("\t")[0] ?? "");
};

/** As somebody types it, in a terminal. */
const inZsh: Complete = async (line, bin) => {
  const typed = line.lastIndexOf(" ") + 1;
  const buffers = await run("zsh", ["-f", ZSH, scripts.get("zsh") ?? "", line], bin);
  return buffers.map((buffer) => buffer.slice(typed).trim());
};

async function run(command: string, args: readonly string[], bin?: string): Promise<readonly string[]> {
  const { PATH = "" } = process.env;
  const started = promisify(execFile)(command, args, {
    cwd: bin === undefined ? folder : join(folder, "my project"),
    // A shell warns about a locale that is not installed.
    env: { ...process.env, LC_ALL: "C", PATH: bin === undefined ? PATH : `${bin}:${PATH}` },
    encoding: "utf8",
    timeout: 60_000,
  });
  started.child.stdin?.end();
  const { stdout, stderr } = await started;
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

// Shells wait more than they work.
describe.concurrent.each(SHELLS)("%s", (shell, complete) => {
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
    ["rollcall get -o ", ["id", "json", "name", "table", "texml", "wide", "yaml"]],
    ["rollcall plan --env ", []],
    ["rollcall test su", ["suites"]],
    ["rollcall test --qu", ["--quiet"]],
    ["rollcall test runs --verb", ["--verbose"]],
    ["rollcall nonsense", []],
  ])("%s<TAB>: %j", async (line, expected) => {
    expect([...(await complete(line))].sort()).toEqual(expected);
  });
});

const ASSISTANT = (name: string) =>
  `apiVersion: rollcall.dev/v1\nkind: Assistant\nmetadata: { name: ${name} }\nspec: { instructions: x }\n`;

/** A project with two environments; the ledger of one of them knows a resource that left the manifests. */
async function project(): Promise<void> {
  const write = (file: string, text: string) => writeFile(join(folder, "my project", file), text);
  await write(
    "rollcall.yaml",
    "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: acme }\nspec:\n  environments:\n    staging: {}\n    production: { protect: true, apiKey: { env: OTHER_KEY } }\n",
  );
  await write("a.yaml", `${ASSISTANT("front")}---\n${ASSISTANT("left")}`);
  const ran = await runIn(join(folder, "my project"), open.env, ["apply", "--yes", "--env", "staging"]);
  expect(ran.stderr).not.toContain("error");
  await write("a.yaml", `${ASSISTANT("front")}---\n${ASSISTANT("back")}`);
}

const PROJECT_WORDS: readonly (readonly [string, readonly string[]])[] = [
  ["rollcall plan --env ", ["production", "staging"]],
  ["rollcall ledger list --env st", ["staging"]],
  ["rollcall plan --env staging --target Assistant/", ["Assistant/back", "Assistant/front", "Assistant/left"]],
  ["rollcall validate --show Assistant/f", ["Assistant/front"]],
  ["rollcall ledger show --env staging ", ["Assistant/front", "Assistant/left"]],
  ["rollcall ledger forget --env staging Assistant/l", ["Assistant/left"]],
  ["rollcall ledger move --env staging Assistant/l", ["Assistant/left"]],
  ["rollcall import Assistant/b", ["Assistant/back"]],
  ["rollcall get mc", ["mcp-servers"]],
  ["rollcall get tools Assistant/b", ["Assistant/back"]],
];

describe("words of the current project", () => {
  let bin: string;

  beforeAll(async () => {
    await project();
    bin = join(folder, "bin");
    await mkdir(bin);
    await symlink(await builtMain(), join(bin, "rollcall"));
    // The build, where no other test file has asked for it.
  });

  const asked = (line: string, cwd: string) => runIn(cwd, {}, ["__complete", ...line.split(" ")]);

  test("are printed without a key, and not outside of a project", async () => {
    const here = join(folder, "my project");
    expect((await asked("environments -- plan --env", here)).stdout).toBe("production\nstaging\n");
    expect((await asked("ledger -- ledger show --env = staging", here)).stdout).toBe(
      "Assistant/front\nAssistant/left\n",
    );
    expect((await asked("environments -- ledger list --project ./my", folder)).stderr).toBe("");
    for (const what of ["addresses", "targets", "ledger", "nonsense"])
      expect(await asked(`${what} -- plan`, bin)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("are kinds outside of a project", async () => {
    const { stdout } = await asked("objects -- get", bin);
    expect(stdout.split("\n")).toEqual(expect.arrayContaining(["assistants", "mcp-servers", "suites", "tags"]));
  });

  test("contain nothing that a shell executes", async () => {
    const evil = await mkdtemp(join(tmpdir(), "rollcall-evil-"));
    const text =
      "apiVersion: rollcall.dev/v1\nkind: Project\nmetadata: { name: a }\nspec: { environments: { '$(touch x)': {}, 'a b': {}, ok: {} } }\n";
    await writeFile(join(evil, "rollcall.yaml"), text);
    expect((await asked("environments -- plan", evil)).stdout).toMatch(/^(ok\n)?$/);
    await rm(evil, { recursive: true });
  });

  describe.concurrent.each(SHELLS)("%s", (shell, complete) => {
    test.skipIf(!isInstalled(shell)).each(PROJECT_WORDS)("%s<TAB>: %j", async (line, expected) => {
      expect([...(await complete(line, bin))].sort()).toEqual(expected);
    });
  });
});

test.skipIf(!isInstalled("bash"))("bash: values after =, and paths with blanks", async () => {
  expect(await inBash("rollcall plan --on-conflict=")).toEqual(["refuse", "overwrite", "adopt"]);
  expect(await inBash("rollcall plan --on-conflict=re")).toEqual(["refuse"]);
  expect(await inBash("rollcall plan --on-conflict=refuse --pru")).toEqual(["--prune"]);
  expect([...(await inBash("rollcall apply my"))].sort()).toEqual(["my plan.json", "my project"]);
  expect([...(await inBash("rollcall plan --out my"))].sort()).toEqual(["my plan.json", "my project"]);
});
