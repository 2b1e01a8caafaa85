import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Reads the files of a folder at this very moment; what is returned puts them back as they were. */
export function photograph(folder: string): () => void {
  const files = new Map<string, Buffer>();
  for (const name of namesIn(folder)) {
    try {
      files.set(name, readFileSync(join(folder, name)));
    } catch {
      // Removed, or a folder.
    }
  }
  return () => {
    rmSync(folder, { recursive: true, force: true });
    if (files.size === 0) return;
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
