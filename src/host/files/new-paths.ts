import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { hiddenPart, isInside, isThere, realPath } from "./paths.ts";

/** All that stands below a folder, folders and links too: no new file can have such a path. Hidden folders are left out. */
export function takenPaths(root: string, folder = ""): readonly string[] {
  const entries = entriesOf(join(root, folder));
  const inside = entries.filter((entry) => entry.isDirectory() && !isSkipped(entry.name));
  return [
    ...entries.map(({ name }) => posix.join(folder, name)),
    ...inside.flatMap(({ name }) => takenPaths(root, posix.join(folder, name))),
  ];
}

function isSkipped(name: string): boolean {
  return hiddenPart(name) !== undefined || name === "node_modules";
}

/** Those of a folder that may not be read are not known; `inTheWay` finds what matters of it. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Why no file can be made at this path of a folder, as a sentence without its end; `undefined` where it can. */
export function inTheWay(root: string, file: string): string | undefined {
  const parts = file.split("/");
  const folders = parts.slice(0, -1).map((_, index) => posix.join(...parts.slice(0, index + 1)));
  const there = folders.filter((folder) => isThere(join(root, folder)));
  const wrong = there.map((folder) => wrongFolder(root, folder)).find((why) => why !== undefined);
  if (wrong !== undefined) return wrong;
  const last = there.at(-1);
  return isWritable(join(root, last ?? "")) ? undefined : `the folder ${last ?? "."} may not be written to`;
}

function wrongFolder(root: string, folder: string): string | undefined {
  const path = join(root, folder);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return `${folder} is a dangling link`;
  if (!found.isDirectory()) return `${folder} is not a folder`;
  return isInside(realPath(root), realPath(path)) ? undefined : `${folder} is a link out of the project`;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
