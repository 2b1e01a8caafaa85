import { link, rm, stat, writeFile } from "node:fs/promises";
import { codeOf } from "./fault.ts";

/** Not every file system has hard links. */
const NO_LINKS = new Set(["EPERM", "EACCES", "EINVAL", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"]);

/**
 * Creates a file that does not exist yet, atomically if the file system can, and returns whether it did. If several
 * processes try, one succeeds. `draft` is a path next to it that no other process writes to. A link at the path counts as
 * an existing file.
 */
export async function makeFile(path: string, draft: string, text: string, mode = 0o600): Promise<boolean> {
  if (await isThere(path)) return false;
  try {
    await writeFile(draft, text, { flag: "wx", mode });
    return await makeLink(draft, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!NO_LINKS.has(codeOf(error))) throw error;
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
  return makeInPlace(path, text, mode);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function makeLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    // The process that created the file meanwhile has removed the draft.
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

async function makeInPlace(path: string, text: string, mode: number): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx", mode });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}
