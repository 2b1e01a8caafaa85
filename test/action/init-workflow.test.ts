import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { builtCheckout, builtMain } from "../checkout.ts";
import { runIn } from "../e2e/cli.ts";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the script may call; no Rollcall that happens to be on this machine. */
const TOOLS = ["bash", "sh", "env", "node", "npm", "grep", "mktemp", "uname"];

let folder = "";
let bin = "";
let tarball = "";
let project = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-init-ci-"));
  bin = join(folder, "bin");
  await mkdir(bin);
  for (const name of TOOLS) await symlink(onPath(name), join(bin, name));
  tarball = await packed();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  project = await mkdtemp(join(folder, "project-"));
});

function onPath(name: string): string {
  const found = (process.env["PATH"] ?? "").split(delimiter).find((path) => existsSync(join(path, name)));
  if (found === undefined) throw new Error(`there is no ${name}`);
  return join(found, name);
}

/** The package, without the dependencies that would come from the registry and that a check does not need. */
async function packed(): Promise<string> {
  const [checkout, source] = [await builtCheckout(), join(folder, "package")];
  for (const name of ["dist", "schema"])
    await cp(join(checkout, name), join(source, name), { recursive: true });
  const {
    name,
    version,
    type,
    bin: command,
    exports,
  } = JSON.parse(await readFile(join(checkout, "package.json"), "utf8")) as Readonly<Record<string, unknown>>;
  await writeFile(join(source, "package.json"), JSON.stringify({ name, version, type, bin: command, exports }));
  const file = join(folder, `rollcall-${String(version)}.tgz`);
  await promisify(execFile)("tar", ["--create", "--gzip", "--file", file, "package"], { cwd: folder });
  return file;
}

async function run(cwd: string, program: string, ...args: readonly string[]): Promise<Ran> {
  const npm = {
    npm_config_cache: join(folder, "cache"),
    npm_config_offline: "true",
    npm_config_update_notifier: "false",
  };
  const env = { PATH: bin, HOME: folder, CI: "true", ...npm };
  try {
    return { code: 0, ...(await promisify(execFile)(join(bin, program), args, { cwd, env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Ran;
    return { code, stdout, stderr };
  }
}

interface Job {
  readonly steps: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
}

/** Writes a project and runs what its workflow or pipeline runs, as the runner does. */
async function checked(system: "github" | "gitlab"): Promise<() => Promise<Ran>> {
  expect((await runIn(project, {}, ["init", "--ci", system, "--name", "acme"])).code).toBe(0);
  const text = (path: string) => readFile(join(project, path), "utf8");
  if (system === "gitlab") {
    const { rollcall } = parse(await text(".gitlab-ci.yml")) as {
      readonly rollcall: {
        readonly script: readonly string[];
        readonly variables: { readonly ROLLCALL_PACKAGE: string };
      };
    };
    const set = `export ROLLCALL_PACKAGE=${rollcall.variables.ROLLCALL_PACKAGE}`;
    return () => run(project, "sh", "-e", "-c", [set, ...rollcall.script].join("\n"));
  }
  const { jobs } = parse(await text(".github/workflows/rollcall.yaml")) as {
    readonly jobs: { readonly validate: Job };
  };
  const step = jobs.validate.steps.find((one) => one.run !== undefined);
  const set = `export ROLLCALL_PACKAGE=${step?.env?.["ROLLCALL_PACKAGE"]}`;
  return () =>
    run(project, "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", `${set}\n${step?.run}`);
}

/** Puts a mistake into the project that `init` wrote. */
function spoil(): Promise<void> {
  return writeFile(
    join(project, "assistants/front-desk.yaml"),
    "apiVersion: rollcall.dev/v1\nkind: Asistant\n",
  );
}

test("github: with the package in the project it passes without a lock file", async () => {
  const check = await checked("github");
  await cp(tarball, join(project, basename(tarball)));
  const passed = await check();
  expect(passed, passed.stderr).toMatchObject({ code: 0 });
}, 60_000);

test("gitlab: with Rollcall pinned in package-lock.json it passes", async () => {
  const check = await checked("gitlab");
  await cp(tarball, join(project, "rollcall.tgz"));
  await writeFile(
    join(project, "package.json"),
    JSON.stringify({ devDependencies: { rollcall: "file:rollcall.tgz" } }),
  );
  const locked = await run(project, "npm", "install", "--package-lock-only", "--no-audit", "--no-fund");
  expect(locked, locked.stderr).toMatchObject({ code: 0 });
  const passed = await check();
  expect(passed, passed.stderr).toMatchObject({ code: 0 });
}, 60_000);

test.each([
  ["github", "annotates an error", /^::error file=assistants\/front-desk\.yaml,line=2/m],
  ["gitlab", "shows an error", /^error\[RC2003\]: assistants\/front-desk\.yaml:2:7: /m],
] as const)("%s: a Rollcall of the machine is used as it is, and %s", async (system, _, error) => {
  const check = await checked(system);
  const shim = join(bin, "rollcall");
  await symlink(await builtMain(), shim);
  try {
    const passed = await check();
    expect(passed, passed.stderr).toMatchObject({ code: 0 });
    expect(passed.stdout).toContain("Using the Rollcall of this machine.");
    await spoil();
    expect(await check()).toMatchObject({ code: 1, stdout: expect.stringMatching(error) });
  } finally {
    await rm(shim);
  }
});

test.each(["github", "gitlab"] as const)(
  "%s: without Rollcall it fails, and says what to do",
  async (system) => {
    const ran = await (await checked(system))();
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(
      "./rollcall-0.1.0.tgz is missing: make it with npm pack in a clone of Rollcall",
    );
  },
);
