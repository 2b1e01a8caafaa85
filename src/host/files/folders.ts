import { mkdir, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "./fault.ts";

/** Makes a folder; returns those that were not there, the outer ones first. */
export async function makeFolders(path: string): Promise<readonly string[]> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return [];
  const made = [path];
  while (made[0] !== undefined && made[0].length > first.length) made.unshift(dirname(made[0]));
  return made;
}

/** Removes a folder that holds nothing. */
export async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR"].includes(codeOf(error))) throw error;
  });
}

/** Removes those of the folders that hold nothing; one that cannot be removed stays. */
export async function removeEmptyFolders(folders: Iterable<string>): Promise<void> {
  for (const folder of [...folders].toReversed()) await removeEmpty(folder).catch(() => undefined);
}
