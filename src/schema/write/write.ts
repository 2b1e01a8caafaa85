import { createHash } from "node:crypto";
import { join } from "node:path";
import { faultOf, FileFault } from "../../host/files/fault.ts";
import { realPath } from "../../host/files/paths.ts";
import { readBytes } from "../../host/files/read.ts";
import { draftOf, type Draft } from "../../host/files/write.ts";
import type { LoadedProject } from "../load.ts";
import { MANIFEST_LIMIT, placeProblem } from "../read/read-file.ts";

/** A file that was not written, and why. */
export interface Unwritten {
  readonly file: string;
  readonly reason: string;
  /** Files that were written before it. */
  readonly written: readonly string[];
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Replaces files of a project with new texts: all of them, or none when one cannot be written or was changed since the
 * project was loaded. Each is written beside the old one and takes its place in one step.
 */
export async function writeTexts(
  { root, digests }: LoadedProject,
  texts: ReadonlyMap<string, string>,
): Promise<Unwritten | undefined> {
  const drafts: Draft[] = [];
  const written: string[] = [];
  let file = "";
  try {
    for (const [name, text] of texts) {
      file = name;
      drafts.push(await stage(root, file, text, digests[file]));
    }
    for (const [index, name] of [...texts.keys()].entries()) {
      file = name;
      await drafts[index]?.place();
      written.push(file);
    }
    return undefined;
  } catch (error) {
    return { file, reason: faultOf(error).reason, written };
  } finally {
    for (const draft of drafts) await draft.drop();
  }
}

/** For a symbolic link, the file that it points to. */
async function stage(root: string, file: string, text: string, digest: string | undefined): Promise<Draft> {
  const problem = placeProblem(root, file);
  if (problem !== undefined) throw new FileFault(problem.code, problem.message);
  const path = realPath(join(root, file));
  const old = readBytes(path, MANIFEST_LIMIT);
  if (createHash("sha256").update(old).digest("hex") !== digest) {
    throw new FileFault("ECHANGED", "it was changed in the meantime");
  }
  const mark = old.subarray(0, 3).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : Buffer.alloc(0);
  return draftOf(path, Buffer.concat([mark, Buffer.from(text)]));
}
