import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { codeOf, faultOf, FileFault } from "./fault.ts";

/** Characters that some file systems (HFS+) leave out when they compare names. */
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
/** `.git` under the short name that NTFS gives it. */
const SHORT_NAME = /^git~\d+$/i;

/**
 * The part of a relative path that is hidden: its name begins with a dot, or some file system takes it for `.git`.
 * `allowed` are names that may be passed.
 */
export function hiddenPart(path: string, allowed: readonly string[] = []): string | undefined {
  return path.split(/[/\\]/).find((part) => isHidden(part) && !allowed.includes(part));
}

/** Most names, which need no closer look. */
const PLAIN_NAME = /^[\w-][\w.-]*$/;

function isHidden(part: string): boolean {
  if (PLAIN_NAME.test(part) || part === "" || part === "." || part === "..") return false;
  const name = part.replaceAll(IGNORABLE, "");
  return name.startsWith(".") || isGitFolder(part);
}

/** Whether a file system could take the name for `.git`: letter case, ends, streams and short names are ignored. */
export function isGitFolder(part: string): boolean {
  const name = part
    .replaceAll(IGNORABLE, "")
    .replace(/:.*$/s, "")
    .replace(/[. ]+$/, "");
  return name.toLowerCase() === ".git" || SHORT_NAME.test(name);
}

/** Both absolute; a path is inside of itself. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The path after following links; for a missing file, inside of its real folder. Throws `FileFault`. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const above = dirname(path);
    if (codeOf(error) !== "ENOENT" || above === path) throw faultOf(error);
    if (isLink(path)) throw new FileFault("ELINK", "it is a dangling link");
    return join(realPath(above), basename(path));
  }
}

/** A dangling link counts as existing. */
export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

export function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
