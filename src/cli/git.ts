import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The commit of the manifests, with `-dirty` where they differ from it; `undefined` outside a Git work tree. */
export async function commitOf(folder: string): Promise<string | undefined> {
  const git = async (...args: readonly string[]) =>
    (await run("git", ["-C", folder, ...args], { timeout: 10_000 })).stdout.trim();
  try {
    const commit = await git("rev-parse", "HEAD");
    const changed = await git("status", "--porcelain", "--", ".", ":(exclude).rollcall");
    return changed === "" ? commit : `${commit}-dirty`;
  } catch {
    return undefined;
  }
}
