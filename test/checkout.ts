import { execFile } from "node:child_process";
import { cp, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { oncePerRun } from "./once-per-run.ts";

const REPOSITORY = resolve(import.meta.dirname, "..");
const NEEDED = [
  "action.yml",
  "package.json",
  "scripts",
  "src",
  "schema",
  "tsconfig.json",
  "tsconfig.build.json",
];

/** A checkout of the sources as they are now, with `dist` as `npm run build` makes it and the packages of this project. */
export function builtCheckout(): Promise<string> {
  return oncePerRun("checkout", async (folder) => {
    for (const name of NEEDED) await cp(join(REPOSITORY, name), join(folder, name), { recursive: true });
    await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
    await promisify(execFile)(process.execPath, [join(folder, "scripts/build.mjs")], { cwd: folder });
  });
}

/** The command line of it. */
export async function builtMain(): Promise<string> {
  return join(await builtCheckout(), "dist/cli/main.js");
}
