import { execFile, execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { elsewhere } from "./project.ts";

const SCRIPT = resolve(import.meta.dirname, "../../scripts/action/run.mjs");

test.each([
  ["a pipe", (path: string) => void execFileSync("mkfifo", [path])],
  ["a link to /dev/zero", (path: string) => symlinkSync("/dev/zero", path)],
])("the action does not read a plan that is %s, and Rollcall refuses it", async (_, make) => {
  const folder = elsewhere();
  const output = join(folder, "output");
  writeFileSync(output, "");
  make(join(folder, "plan.json"));
  const env = {
    PATH: process.env["PATH"],
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: folder,
    GITHUB_OUTPUT: output,
    GITHUB_EVENT_NAME: "push",
    INPUT_COMMAND: "apply",
    INPUT_PROJECT: ".",
    INPUT_PLAN_FILE: "plan.json",
    ROLLCALL: "false",
  };
  await promisify(execFile)(process.execPath, [SCRIPT], { env, timeout: 60_000 });
  expect(readFileSync(output, "utf8")).toMatch(/^exit-code=\d+$/m);
  expect(readFileSync(output, "utf8")).not.toContain("plan-id");
});
