import { promises } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/** What a killed process would have done next. */
export class Killed extends Error {}

type Work = (...args: readonly never[]) => Promise<unknown>;

const CHANGING = ["rename", "link", "mkdir", "writeFile", "appendFile", "rm", "unlink", "truncate"] as const;
const ON_FILES = ["writeFile", "appendFile", "write", "sync", "datasync", "truncate"] as const;

/**
 * Counts the changes to files whose path begins with this, and calls `die` before the nth: neither that nor any after it
 * happens. What is returned puts an end to the counting.
 */
export function cutAtStep(place: string, nth: number, die: () => void): () => void {
  let count = 0;
  const isCounted = (path: unknown) => String(path).startsWith(place);
  const step = () => {
    count += 1;
    if (count === nth) die();
    if (count >= nth) throw new Killed();
  };
  const originals = new Map<string, unknown>();
  const replace = (name: string, make: (original: Work) => Work) => {
    const original = Reflect.get(promises, name) as Work;
    originals.set(name, original);
    Reflect.set(promises, name, make(original));
  };
  for (const name of CHANGING) {
    replace(name, (original) => async (...args) => {
      if (args.slice(0, 2).some(isCounted)) step();
      return original.call(promises, ...args);
    });
  }
  replace("open", (original) => async (...args) => {
    const [path, flags] = args as readonly unknown[];
    if (!isCounted(path) || flags === undefined || flags === "r") return original.call(promises, ...args);
    step();
    return counted((await original.call(promises, ...args)) as FileHandle, step);
  });
  syncBuiltinESMExports();
  return () => {
    for (const [name, original] of originals) Reflect.set(promises, name, original);
    syncBuiltinESMExports();
  };
}

function counted(file: FileHandle, step: () => void): FileHandle {
  for (const name of ON_FILES) {
    const original = Reflect.get(file, name) as Work;
    Reflect.set(file, name, async (...args: readonly never[]) => {
      step();
      return original.call(file, ...args);
    });
  }
  return file;
}
