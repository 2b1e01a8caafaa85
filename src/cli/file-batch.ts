import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beginBatch } from "../host/files/batch.ts";
import type { BeginFiles, EditPurpose, FileChange } from "../model/file-change.ts";
import type { Json } from "../model/json.ts";
import type { LoadedProject } from "../schema/load.ts";
import type { Io } from "./io.ts";

/** Changes files of a project together, for one of its environments. */
export function beginIn(root: string, environment: string): BeginFiles {
  return (changes, purpose) =>
    beginBatch(
      root,
      environment,
      changes.map((one) => withMark(root, one)),
      purpose,
    );
}

/** All of them, or none: what a killed process leaves is undone by the next command. Throws `FileFault`. */
export async function changeFiles(
  { host, pid }: Pick<Io, "host" | "pid">,
  { root, environment }: Pick<LoadedProject, "root" | "environment">,
  command: string,
  changes: readonly FileChange[],
): Promise<void> {
  const purpose: EditPurpose = { command, host, pid };
  const batch = await beginIn(root, environment.name)(changes, purpose as unknown as Json);
  try {
    await batch.place();
  } catch (error) {
    await batch.undo();
    throw error;
  }
  await batch.close();
}

/** New texts of files as changes; a file that the project did not read is new. */
export function changesOf(
  { digests }: Pick<LoadedProject, "digests">,
  texts: ReadonlyMap<string, string>,
): readonly FileChange[] {
  return [...texts].map(([file, text]): FileChange => {
    const digest = digests[file];
    return digest === undefined ? { file, text } : { file, text, digest };
  });
}

/** A byte order mark stays. */
function withMark(root: string, change: FileChange): FileChange {
  const isMarked = "text" in change && change.digest !== undefined && isMarkedFile(join(root, change.file));
  return isMarked ? { ...change, text: `\uFEFF${change.text}` } : change;
}

function isMarkedFile(path: string): boolean {
  try {
    return readFileSync(path, "utf8").startsWith("\uFEFF");
  } catch {
    return false;
  }
}
