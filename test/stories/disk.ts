import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

type Files = ReadonlyMap<string, Buffer>;

/** Reads the files below a folder at this very moment; what is returned puts them back as they were. */
export function photograph(folder: string): () => void {
  let files: Files | undefined;
  while (files === undefined) files = filesIn(folder);
  const kept = files;
  return () => {
    rmSync(folder, { recursive: true, force: true });
    if (kept.size === 0) return;
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of kept) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
  };
}

/** `undefined` when a change that was under way, as a file that gets another name, ended meanwhile. */
function filesIn(folder: string): Files | undefined {
  const names = namesIn(folder);
  try {
    const files = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
    return namesIn(folder).join("/") === names.join("/") ? files : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    const found = readdirSync(folder, { withFileTypes: true, recursive: true });
    return found
      .filter((one) => one.isFile())
      .map(({ name, parentPath }) => relative(folder, join(parentPath, name)));
  } catch {
    return [];
  }
}
