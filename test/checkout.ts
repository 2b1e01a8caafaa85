import { execFile } from "node:child_process";
import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { oncePerRun } from "./once-per-run.ts";

const REPOSITORY = resolve(import.meta.dirname, "..");
const NEEDED = [
  ".npmrc",
  "action.yml",
  "package.json",
  "package-lock.json",
  "README.md",
  "LICENSE",
  "scripts",
  "src",
  "schema",
  "tsconfig.json",
  "tsconfig.build.json",
];
const PRINTED = "npm-pack.txt";

/**
 * A checkout of the sources as they are now, with the packages of this project, `dist`, and the package: what `npm pack`
 * makes, which builds first.
 */
export function builtCheckout(): Promise<string> {
  return oncePerRun("checkout", async (folder) => {
    for (const name of NEEDED) await cp(join(REPOSITORY, name), join(folder, name), { recursive: true });
    await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
    const { stdout } = await promisify(execFile)("npm", ["pack"], { cwd: folder });
    await writeFile(join(folder, PRINTED), stdout);
  });
}

/** What `npm pack` has printed when it made the checkout. */
export async function printedByPack(): Promise<string> {
  return readFile(join(await builtCheckout(), PRINTED), "utf8");
}

/** The command line of it. */
export async function builtMain(): Promise<string> {
  return join(await builtCheckout(), "dist/cli/main.js");
}
