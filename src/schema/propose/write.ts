import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { LoadedProject } from "../load.ts";
import { isInside } from "../read-file.ts";

/** A file that was not written, and why. */
export interface Unwritten {
  readonly file: string;
  readonly reason: string;
}

interface Staged {
  readonly path: string;
  readonly temporary: string;
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Replaces files of a project with new texts: all of them, or none when one cannot be written or was changed since the
 * project was loaded. Each is written beside the old one and takes its place in one step.
 */
export function writeTexts(
  { root, digests }: LoadedProject,
  texts: ReadonlyMap<string, string>,
): Unwritten | undefined {
  const staged: Staged[] = [];
  try {
    for (const [file, text] of texts) {
      const result = stage(root, file, text, digests[file]);
      if ("reason" in result) return result;
      staged.push(result);
    }
    for (const { path, temporary } of staged) renameSync(temporary, path);
    return undefined;
  } finally {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
  }
}

/** Behind a symbolic link, the file that it leads to. */
function stage(root: string, file: string, text: string, digest: string | undefined): Staged | Unwritten {
  try {
    const path = realpathSync(join(root, file));
    if (!isInside(realpathSync(root), path)) return { file, reason: "it is outside of the project" };
    const old = readFileSync(path);
    if (createHash("sha256").update(old).digest("hex") !== digest) {
      return { file, reason: "it was changed in the meantime" };
    }
    const mark = old.subarray(0, 3).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : Buffer.alloc(0);
    const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
    write(temporary, Buffer.concat([mark, Buffer.from(text)]), statSync(path).mode);
    return { path, temporary };
  } catch (error) {
    return { file, reason: error instanceof Error ? error.message : String(error) };
  }
}

function write(path: string, bytes: Buffer, mode: number): void {
  const descriptor = openSync(path, "wx");
  try {
    writeFileSync(descriptor, bytes);
    fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
