import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { REPOSITORY } from "./team-project.ts";

const execute = promisify(execFile);
/** What of a checkout the build of the action may need; no `node_modules`, no `dist`. */
const CHECKOUT = [
  ".npmrc",
  "action.yml",
  "package.json",
  "package-lock.json",
  "scripts",
  "schema",
  "src",
  "tsconfig.json",
  "tsconfig.build.json",
];
const OFFLINE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/;

let folder: string;
let script: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-checkout-"));
  for (const name of CHECKOUT) await cp(join(REPOSITORY, name), join(folder, name), { recursive: true });
  const { runs } = parse(await readFile(join(folder, "action.yml"), "utf8")) as {
    readonly runs: { readonly steps: readonly { readonly id?: string; readonly run?: string }[] };
  };
  script = join(folder, "build.sh");
  await writeFile(script, runs.steps.find(({ id }) => id === "rollcall")?.run ?? "exit 99");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function build(EXECUTABLE = ""): Promise<string> {
  const output = join(folder, "output");
  await writeFile(output, "");
  const env = { ...process.env, EXECUTABLE, GITHUB_ACTION_PATH: folder, GITHUB_OUTPUT: output };
  await execute("bash", ["-e", script], { cwd: tmpdir(), env });
  return readFile(output, "utf8");
}

test("the checkout of the action builds Rollcall once", { timeout: 300_000 }, async ({ skip }) => {
  const main = join(folder, "dist/cli/main.js");
  try {
    expect(await build()).toBe(`command=${main}\n`);
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    skip(OFFLINE.test(stderr), "npm does not reach its registry");
    throw error;
  }
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  expect((await execute(main, ["--version"])).stdout).toBe(`${version}\n`);
  const { mtimeMs } = await stat(main);
  await build();
  expect((await stat(main)).mtimeMs).toBe(mtimeMs);
});

test("an existing Rollcall is used, and nothing is built", async () => {
  expect(await build("rollcall")).toBe("command=rollcall\n");
  expect(await build("/bin/../bin/sh")).toMatch(/^command=\/(?:usr\/)?bin\/\w+\n$/);
});
