import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { inject } from "vitest";

/**
 * Makes a folder that all test files of a run share: the first one that asks makes it, the others wait. Nobody changes
 * it afterwards.
 */
export async function oncePerRun(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = join(inject("sharedFolder"), name);
  const outcome = `${folder}.outcome`;
  if (await isFirst(folder)) {
    const failure = await make(folder).then(
      () => "",
      (error: unknown) => String(error),
    );
    await writeFile(`${outcome}.draft`, failure);
    await rename(`${outcome}.draft`, outcome);
  }
  const failure = await textOf(outcome);
  if (failure !== "") throw new Error(`${name} could not be made: ${failure}`);
  return folder;
}

async function isFirst(folder: string): Promise<boolean> {
  return mkdir(folder).then(
    () => true,
    () => false,
  );
}

/** Waits until the file is there. */
async function textOf(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text !== undefined) return text;
    await setTimeout(50);
  }
}
