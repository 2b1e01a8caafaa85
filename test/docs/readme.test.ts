import { execFileSync } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { desk, KEY, runIn, type Desk, type Ran } from "../e2e/cli.ts";

const REPOSITORY = resolve(import.meta.dirname, "../..");

let one: Desk;
let readme = "";

beforeEach(async () => {
  one = await desk();
  readme = await readFile(join(REPOSITORY, "README.md"), "utf8");
});
afterEach(() => one.close());

/** A command line as somebody types it who answers yes. */
function typed(line: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const around = { isInteractive: true, stdin: Readable.from(["yes\n"]) };
  return runIn(cwd, env, line.split(" ").slice(1), around);
}

/** What stands below a command in the README. */
function shown(command: string): string {
  const block = readme.split("```").find((text) => text.startsWith(`\n$ ${command}\n`));
  return block?.slice(`\n$ ${command}\n`.length) ?? `there is no block for ${command}`;
}

/** Ids, times and counts of requests are others every time. */
function settled(text: string): string {
  return text
    .replaceAll(/assistant-[0-9a-f-]{36}/g, "ID")
    .replaceAll(/\d+\.\d s/g, "TIME")
    .replaceAll(/\d+ requests?/g, "REQUESTS")
    .replaceAll(/ +$/gm, "");
}

test("the path with the emulator works with the example as it is written", async () => {
  const [, block = ""] = /```sh\n(export TELNYX_BASE_URL=.*?)```/s.exec(readme) ?? [];
  const lines = block.trim().split("\n");
  await mkdir(join(one.folder, "clone"));
  await symlink(join(REPOSITORY, "examples"), join(one.folder, "clone/examples"));
  let cwd = join(one.folder, "clone");
  let env: Readonly<Record<string, string>> = {};
  const outputs: Record<string, string> = {};
  for (const line of lines) {
    const [program, ...args] = line.split(" ");
    if (program === "export") env = Object.fromEntries(args.map((pair) => pair.split("=") as [string, string]));
    else if (program === "cp") execFileSync("cp", args, { cwd });
    else if (program === "cd") cwd = join(cwd, args.join(" "));
    else {
      expect(env).toHaveProperty("TELNYX_BASE_URL", "http://127.0.0.1:8080/v2");
      const ran = await typed(line, cwd, { ...env, TELNYX_BASE_URL: one.emulator.url });
      expect(ran, line).toMatchObject({ code: 0 });
      outputs[args[0] ?? ""] = ran.stdout;
    }
  }
  expect(outputs).toMatchObject({
    validate: expect.stringContaining("valid in 2 environments") as string,
    plan: expect.stringContaining("Plan: 27 to add, 0 to change, 0 to destroy.") as string,
    apply: expect.stringContaining("Resources: 27 added, 0 changed, 0 destroyed.") as string,
    drift: expect.stringContaining("No drift.") as string,
  });
});

test("the first steps print what the README shows", async () => {
  const manifest = readme.split("```yaml\n")[1]?.split("```")[0] ?? "";
  await mkdir(join(one.folder, "prompts"));
  await writeFile(
    join(one.folder, "prompts/front-desk.md"),
    "You answer the phone at Acme. Be brief and warm.\n",
  );
  const write = (text: string) => writeFile(join(one.folder, "front-desk.yaml"), text);
  const env = { TELNYX_BASE_URL: one.emulator.url, TELNYX_API_KEY: KEY };
  await write(manifest.replace("greeting:", "greting:"));
  const { stdout, stderr } = await typed("rollcall validate", one.folder, env);
  expect(stdout + stderr).toContain(shown("rollcall validate"));
  await write(manifest);
  for (const command of ["rollcall plan", "rollcall apply"]) {
    const ran = await typed(command, one.folder, env);
    expect(settled(ran.stdout + ran.stderr)).toContain(settled(shown(command)).trim());
  }
});
