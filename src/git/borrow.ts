import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "./environment.ts";
import type { Repository } from "./repository.ts";

/** A Git folder that has only Rollcall's settings: an empty repository. `head` is a commit. */
export async function layOut(folder: string, format: string, head?: string): Promise<void> {
  for (const name of ["objects", "refs", "info"]) await mkdir(join(folder, name), { recursive: true });
  const lines =
    format === "sha256"
      ? ["[core]", "\trepositoryformatversion = 1", "\tbare = true", "[extensions]", "\tobjectFormat = sha256"]
      : ["[core]", "\trepositoryformatversion = 0", "\tbare = true"];
  await writeFile(join(folder, "config"), `${lines.join("\n")}\n`);
  await writeFile(join(folder, "HEAD"), `${head ?? "ref: refs/heads/main"}\n`);
}

/**
 * Calls of Git that see the objects, the index and the work tree of a repository at one of its commits, and none of its
 * settings: whatever could name a program is out of reach, known or not.
 */
export async function borrow<T>(
  { top, gitDir, commonDir, format }: Repository,
  head: string,
  act: (at: Environment, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-git-"));
  try {
    await layOut(folder, format, head);
    const shared = (await readdir(gitDir)).filter((name) => name.startsWith("sharedindex."));
    await Promise.all([
      ...["info/exclude", "info/attributes", "shallow"].map((name) => copy(commonDir, folder, name)),
      ...shared.map((name) => copy(gitDir, folder, name)),
    ]);
    const at = {
      GIT_DIR: folder,
      GIT_WORK_TREE: top,
      GIT_OBJECT_DIRECTORY: join(commonDir, "objects"),
      GIT_INDEX_FILE: join(gitDir, "index"),
    };
    return await act(at, folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function copy(from: string, to: string, name: string): Promise<void> {
  await copyFile(join(from, name), join(to, name)).catch(() => undefined);
}
