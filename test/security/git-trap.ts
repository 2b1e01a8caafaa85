import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { builtMain } from "../checkout.ts";
import { folder } from "../ledger/folder.ts";
import { ENV, git } from "../ledger/git-place.ts";

const EXAMPLE = resolve(import.meta.dirname, "../../examples/assistants");

/** A program that must never run. It writes its environment to a file. */
export interface Trap {
  readonly program: string;
  /** The environment with which it was run; `undefined` if it was not. */
  sprung(): string | undefined;
}

export function trap(): Trap {
  const here = folder();
  const [program, evidence] = [join(here, "trap.sh"), join(here, "evidence")];
  writeFileSync(program, `#!/bin/sh\nenv >> '${evidence}'\nexit 1\n`, { mode: 0o755 });
  return { program, sprung: () => (existsSync(evidence) ? readFileSync(evidence, "utf8") : undefined) };
}

export interface Checkout {
  /** The top of the work tree. */
  readonly top: string;
  /** The folder of the project in it. */
  readonly project: string;
}

/** A clone of a repository that has the example project in the folder `voice`, and whatever `plant` puts there. */
export function checkout(plant: (project: string) => void = () => undefined): Checkout {
  const [origin, top] = [join(folder(), "origin"), join(folder(), "clone")];
  mkdirSync(origin);
  git(origin, "init", "--quiet", "--initial-branch=main");
  cpSync(EXAMPLE, join(origin, "voice"), { recursive: true });
  for (const change of [() => undefined, plant]) {
    change(join(origin, "voice"));
    git(origin, "add", "--all");
    git(origin, "commit", "--quiet", "--allow-empty", "--message", "voices");
  }
  git(origin, "config", "receive.denyCurrentBranch", "ignore");
  git(origin, "clone", "--quiet", `file://${origin}`, top);
  return { top, project: join(top, "voice") };
}

/** Files that make the folder of the project a repository in Git's eyes, with the objects of the one around it. */
export function plantRepository(folder: string, config: string): void {
  for (const name of ["objects/info", "refs"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "refs/keep"), "");
  writeFileSync(join(folder, "objects/info/alternates"), "../../.git/objects\n");
  writeFileSync(join(folder, "HEAD"), `${git(folder, "rev-parse", "HEAD")}\n`);
  writeFileSync(join(folder, "config"), `[core]\n\trepositoryformatversion = 0\n${config}`);
}

/** A folder with a `git` in it that is a script, before the real one. */
export function scriptedGit(script: (real: string) => string): { readonly PATH: string } {
  const bin = folder();
  const folders = ENV.PATH.split(delimiter);
  const real = folders.map((path) => join(path, "git")).find((path) => existsSync(path));
  writeFileSync(join(bin, "git"), `#!/bin/sh\n${script(real ?? "git")}\n`, { mode: 0o755 });
  return { PATH: [bin, ...folders].join(delimiter) };
}

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the command line as a process of its own. */
export async function rollcall(
  cwd: string,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Ran> {
  const { PATH } = ENV;
  const child = spawn(process.execPath, [await builtMain(), ...args], { cwd, env: { PATH, ...env } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => done({ code, output }));
  });
}
