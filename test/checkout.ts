import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { inject } from "vitest";

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

/**
 * A checkout of the sources as they are now, with `dist` as `npm run build` makes it and the packages of this project.
 * All test files of a run share it: the first one that asks builds it. Nobody changes it.
 */
export async function builtCheckout(): Promise<string> {
  const folder = join(inject("sharedFolder"), "checkout");
  const outcome = `${folder}.outcome`;
  if (await isFirst(folder)) {
    const failure = await build(folder).then(
      () => "",
      (error: unknown) => String(error),
    );
    await writeFile(`${outcome}.draft`, failure);
    await rename(`${outcome}.draft`, outcome);
  }
  const failure = await textOf(outcome);
  if (failure !== "") throw new Error(`the build failed: ${failure}`);
  return folder;
}

async function isFirst(folder: string): Promise<boolean> {
  return mkdir(folder).then(
    () => true,
    () => false,
  );
}

async function build(folder: string): Promise<void> {
  for (const name of NEEDED) await cp(join(REPOSITORY, name), join(folder, name), { recursive: true });
  await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
  await promisify(execFile)(process.execPath, [join(folder, "scripts/build.mjs")], { cwd: folder });
}

/** Waits until the file is there. */
async function textOf(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return text;
    await setTimeout(50);
  }
}
