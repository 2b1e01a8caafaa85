import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { git } from "../ledger/git-place.ts";
import { checkout, rollcall, trap } from "./git-trap.ts";

beforeAll(builtMain);

// Settings of a checkout name programs, and committed attributes choose among them. A plan starts none of them.

const NAMING_A_PROGRAM = `
  core.fsmonitor core.sshCommand core.askPass core.pager core.editor core.gitProxy core.alternateRefsCommand
  filter.evil.clean filter.evil.process diff.evil.textconv diff.evil.command diff.external merge.evil.driver
  gpg.program credential.helper
`
  .trim()
  .split(/\s+/);

test("plan runs no program from the Git settings of the checkout and its submodules", async () => {
  const { program, sprung } = trap();
  const { top, project } = checkout((folder) =>
    writeFileSync(join(folder, ".gitattributes"), "* filter=evil diff=evil merge=evil\n"),
  );
  const inner = join(project, "inner");
  mkdirSync(inner);
  git(inner, "init", "--quiet");
  git(inner, "commit", "--quiet", "--allow-empty", "--message", "inner");
  git(top, "add", "voice/inner");
  git(top, "commit", "--quiet", "--message", "with a submodule");
  for (const setting of NAMING_A_PROGRAM) {
    git(top, "config", setting, program);
    git(inner, "config", setting, program);
  }
  const hooks = join(top, ".git", "hooks");
  for (const name of ["post-index-change", "reference-transaction"]) {
    writeFileSync(join(hooks, name), `#!/bin/sh\nexec '${program}'\n`, { mode: 0o755 });
  }
  // Git has to look into a file whose time is another.
  utimesSync(join(project, "rollcall.yaml"), 1, 1);
  const emulator = await startEmulator({ seed: 1 });
  const env = { TELNYX_BASE_URL: emulator.url, TELNYX_STAGING_API_KEY: "KEY" };
  const { code, output } = await rollcall(top, env, "plan", "voice", "--env", "staging", "--format", "json");
  await emulator.close();
  expect(sprung()).toBeUndefined();
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain(`"commit": "${git(top, "rev-parse", "HEAD")}"`);
});
