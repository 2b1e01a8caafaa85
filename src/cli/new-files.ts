import { rm } from "node:fs/promises";
import { join } from "node:path";
import { faultOf } from "../host/files/fault.ts";
import { removeEmptyFolders } from "../host/files/folders.ts";
import { takenPaths } from "../host/files/new-paths.ts";
import { walk } from "../schema/read/walk.ts";
import { UsageError } from "./failure.ts";
import { writeNew } from "./scaffold/write.ts";

/** Paths in a project that no new file may have. */
export function takenIn(root: string): ReadonlySet<string> {
  return new Set([...walk(root, ".").files, ...takenPaths(root)]);
}

/** Writes files that are not there yet, in this order: all of them, or none. */
export async function writeAllNew(root: string, files: readonly (readonly [string, string])[]): Promise<void> {
  const written: string[] = [];
  const folders: string[] = [];
  const undo = async () => {
    for (const file of written) await rm(join(root, file), { force: true });
    await removeEmptyFolders(folders);
  };
  for (const [file, text] of files) {
    const isNew = await writeNew(root, file, text, folders).catch(async (error: unknown) => {
      await undo();
      throw new UsageError(`${file} was not written, nor was any other file: ${faultOf(error).reason}`);
    });
    if (!isNew) {
      await undo();
      throw new UsageError(`${file} was created in the meantime; nothing was written`);
    }
    written.push(file);
  }
}
