import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { folder } from "../ledger/folder.ts";
import { git } from "../ledger/git-place.ts";
import { checkout, plantRepository, rollcall, scriptedGit, trap } from "./git-trap.ts";

beforeAll(builtMain);

const SECRETS = {
  TELNYX_STAGING_API_KEY: ["KEY", "0123456789"].join(""),
  NPM_TOKEN: ["npm", "Geheim"].join("_"),
  AWS_SECRET_ACCESS_KEY: ["aws", "Geheim"].join("_"),
};
const TOKEN = ["ghs", "Geheim"].join("_");

/** A `git` that writes down its environment and goes on as the real one. */
function recordingGit() {
  const log = join(folder(), "log");
  const path = scriptedGit((real) => `{ echo "call $*"; env; } >> '${log}'\nexec '${real}' "$@"`);
  const calls = () =>
    readFileSync(log, "utf8")
      .split(/^call /m)
      .slice(1);
  return { path, calls };
}

test("Git gets no API key, and a forge token only for a remote", async () => {
  const { top } = checkout((project) => {
    const path = join(project, "rollcall.yaml");
    writeFileSync(path, readFileSync(path, "utf8").replace("backend: file", "backend: git"));
  });
  const { path, calls } = recordingGit();
  const emulator = await startEmulator({ seed: 1 });
  const env = { TELNYX_BASE_URL: emulator.url, ...path, GITHUB_TOKEN: TOKEN, ...SECRETS };
  const { code, output } = await rollcall(top, env, "plan", "voice", "--env", "staging");
  await emulator.close();
  expect({ code, output }).toMatchObject({ code: 0 });
  const seen = calls();
  expect(seen.length).toBeGreaterThan(3);
  for (const secret of Object.values(SECRETS)) expect(seen.join("")).not.toContain(secret);
  const withToken = seen.filter((call) => call.includes(TOKEN));
  expect(withToken.length).toBeGreaterThan(0);
  for (const call of withToken) expect(call.split("\n")[0]).toMatch(/ (?:config --list|ls-remote|fetch) /);
});

test("GIT_DIR and a PATH with relative folders do not use project files", async () => {
  const { program, sprung } = trap();
  const { top, project } = checkout((planted) => {
    plantRepository(planted, `\tbare = false\n\tworktree = ..\n\tfsmonitor = ${program}\n`);
    mkdirSync(join(planted, "bin"));
    for (const name of ["git", "bin/git"]) {
      writeFileSync(join(planted, name), `#!/bin/sh\nexec '${program}'\n`, { mode: 0o755 });
    }
  });
  const emulator = await startEmulator({ seed: 1 });
  const env = {
    TELNYX_BASE_URL: emulator.url,
    TELNYX_STAGING_API_KEY: "KEY",
    GIT_DIR: project,
    GIT_WORK_TREE: top,
    PATH: [".", "", "bin", process.env["PATH"]].join(delimiter),
  };
  const ran = await rollcall(project, env, "plan", "--env", "staging", "--format", "json");
  await emulator.close();
  expect(sprung()).toBeUndefined();
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.output).toContain(`"commit": "${git(top, "rev-parse", "HEAD")}"`);
});
