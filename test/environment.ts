/**
 * What the machine says about itself must not decide what a test sees: before each test file, the variables that Git,
 * the CI systems, the terminal and Rollcall read are taken out, and Git reads no configuration but that of a repository.
 * What a test needs of them, it sets.
 */
import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";
import fc from "fast-check";
import { inject } from "vitest";

const FAMILIES = /^(?:GIT|GITHUB|GITLAB|CI|RUNNER|GH|TELNYX)_/;
const SINGLE = new Set(["COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "ROLLCALL_ENV"]);

for (const name of Object.keys(env)) {
  if (FAMILIES.test(name) || SINGLE.has(name)) delete env[name];
}

env["GIT_CONFIG_GLOBAL"] = "/dev/null";
env["GIT_CONFIG_NOSYSTEM"] = "1";

/** A ledger in Git removes temporary files of processes that are gone: also those of a test that plays such a process. */
env["TMPDIR"] = join(inject("sharedFolder"), `temporary-${env["VITEST_POOL_ID"] ?? "0"}`);
mkdirSync(env["TMPDIR"], { recursive: true });

/** npm keeps a cache in the home of the user, who may have none, or one that is read-only. */
if (!hasWritableHome()) env["npm_config_cache"] ??= join(inject("sharedFolder"), "npm-cache");

function hasWritableHome(): boolean {
  try {
    accessSync(homedir(), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Every property test starts from this seed, so that a run fails only for what has changed. `ROLLCALL_TEST_SEED` (a number,
 * or `random`) chooses another; fast-check prints the seed and the path of a failure.
 */
const { ROLLCALL_TEST_SEED: seed = "20260101" } = env;
fc.configureGlobal(seed === "random" ? {} : { seed: Number(seed) });
