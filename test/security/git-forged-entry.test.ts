import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { builtMain } from "../checkout.ts";
import { startEmulator } from "../../src/providers/telnyx/emulator/emulator.ts";
import { checkout, plantRepository, rollcall, scriptedGit, trap } from "./git-trap.ts";

beforeAll(builtMain);

async function plan(top: string, more: Readonly<Record<string, string>> = {}) {
  const emulator = await startEmulator({ seed: 1 });
  const env = { TELNYX_BASE_URL: emulator.url, TELNYX_STAGING_API_KEY: "KEY", ...more };
  const ran = await rollcall(top, env, "plan", "voice", "--env", "staging", "--format", "json");
  await emulator.close();
  return ran;
}

test("a .git file in an unpacked archive is not followed", async () => {
  const { program, sprung } = trap();
  const { top, project } = checkout((planted) => {
    mkdirSync(join(planted, "evil"));
    plantRepository(join(planted, "evil"), `\tworktree = ..\n\tfsmonitor = ${program}\n`);
  });
  writeFileSync(join(project, ".git"), "gitdir: evil\n");
  const { code, output } = await plan(top);
  expect(sprung()).toBeUndefined();
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).not.toContain('"commit":');
});

test("a version of Git that does not know safe.bareRepository runs no program that files name", async () => {
  const { program, sprung } = trap();
  const { top } = checkout((planted) =>
    plantRepository(
      planted,
      `\tbare = false\n\tworktree = ..\n\tfsmonitor = ${program}\n\tsshCommand = ${program}\n`,
    ),
  );
  const forget = '[ "$word" = safe.bareRepository=explicit ] && word=safe.later=1';
  const old = scriptedGit(
    (real) => `for word; do shift; ${forget}; set -- "$@" "$word"; done\nexec '${real}' "$@"`,
  );
  const { code, output } = await plan(top, old);
  expect(sprung()).toBeUndefined();
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain('"commit":');
});
