import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beginBatch } from "../host/files/batch.ts";
import type { BeginFiles, DeletedFile, NewText } from "../operations/pull/commit.ts";

/** Changes files of a project together, for one of its environments, whose ledger must be locked meanwhile. */
export function beginIn(root: string, environment: string): BeginFiles {
  return (changes, purpose) =>
    beginBatch(
      root,
      environment,
      changes.map((one) => withMark(root, one)),
      purpose,
    );
}

/** A byte order mark stays. */
function withMark(root: string, change: NewText | DeletedFile): NewText | DeletedFile {
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
