import type { BigIntStats } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "./fault.ts";

/** Not every system opens a folder to bring its entries to the disk; those that do not have no need of it. */
const NO_FOLDER_SYNC = new Set(["EPERM", "EISDIR", "EINVAL", "ENOTSUP", "EACCES"]);

/**
 * The file has the old or the new text, never a part of one, whenever the machine stops; and the new one for certain
 * when this returns. `draft` is a path beside it that nobody else writes to. Returns what the new file looks like.
 */
export async function replaceFile(path: string, draft: string, text: string): Promise<BigIntStats> {
  let stats: BigIntStats;
  try {
    // Not opened with what may lie there: a link would lead elsewhere, and modes would stay as they are.
    await rm(draft, { force: true });
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
      stats = await file.stat({ bigint: true });
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
  return stats;
}

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!NO_FOLDER_SYNC.has(codeOf(error))) throw error;
  }
}
