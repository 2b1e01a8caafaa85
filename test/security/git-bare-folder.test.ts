import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { startEmulator, type Emulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { git } from "../ledger/git-place.ts";
import { checkout, plantRepository, rollcall, trap } from "./git-trap.ts";

// Git takes a folder that holds HEAD, objects, refs and config for a repository, and its config names programs.

const KEY = ["KEY", "0123456789", "secret"].join("");
const STAGING = ["--env", "staging"];

beforeAll(builtMain);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({ seed: 1 });
});
afterAll(() => emulator.close());

function attack(plant: (project: string) => void = () => undefined) {
  const { program, sprung } = trap();
  const config = `\tbare = false\n\tworktree = ..\n\tfsmonitor = ${program}\n\tsshCommand = ${program}\n`;
  const remote = '[remote "origin"]\n\turl = ssh://127.0.0.1/x\n';
  const { top, project } = checkout((folder) => {
    plantRepository(folder, config + remote);
    plant(folder);
  });
  const env = { TELNYX_BASE_URL: emulator.url, TELNYX_STAGING_API_KEY: KEY };
  return { top, project, env, sprung };
}

test("plan runs no program that project files name, and finds the commit", async () => {
  const { top, env, sprung } = attack();
  const { code, output } = await rollcall(top, env, "plan", "voice", ...STAGING, "--format", "json");
  expect(sprung()).toBeUndefined();
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain(`"commit": "${git(top, "rev-parse", "HEAD")}"`);
});

test("import runs no program that project files name", async () => {
  const { top, env, sprung } = attack();
  const { output } = await rollcall(top, env, "import", "Assistant/billing", "none", "voice", ...STAGING);
  expect(sprung()).toBeUndefined();
  expect(output).toMatch(/none/);
});

test("the git ledger uses the remote of the checkout, not one that project files name", async () => {
  const { top, env, sprung } = attack((folder) => {
    const path = join(folder, "rollcall.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace("backend: file", "backend: git"));
  });
  const { code, output } = await rollcall(top, env, "drift", "voice", ...STAGING);
  expect(sprung()).toBeUndefined();
  expect({ code, output }).toMatchObject({ code: 2 });
});

test("ci propose runs no program that project files name", async () => {
  const { top, project, sprung } = attack((folder) =>
    writeFileSync(
      join(folder, "drift.md"),
      "<!-- rollcall drift voice staging new=new.md,..%2Fout.md,.hidden.md,.git%2Fconfig,prompts,%E0 -->\n",
    ),
  );
  writeFileSync(join(project, "prompts/billing.md"), "Be patient.\n");
  for (const name of ["new.md", "../out.md", ".hidden.md", "prompts/other.md"])
    writeFileSync(join(project, name), "New.\n");
  const env = {
    GITHUB_ACTIONS: "true",
    GITHUB_REPOSITORY: "acme/voice",
    GITHUB_API_URL: "http://127.0.0.1:9",
    GITHUB_TOKEN: ["ghs", "Geheim"].join("_"),
  };
  await rollcall(top, env, "ci", "propose", "voice/drift.md", "--project", "voice");
  expect(sprung()).toBeUndefined();
  const origin = git(top, "config", "remote.origin.url").slice("file://".length);
  const branch = "rollcall/adopt/voice/staging";
  expect(git(origin, "log", "-1", "--format=%s", branch)).toContain("voice, staging");
  expect(git(origin, "diff", "--name-only", "main", branch)).toBe("voice/new.md\nvoice/prompts/billing.md");
});
