import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { hiddenPart, isInside } from "../../host/files/paths.ts";

export interface Walked {
  readonly files: readonly string[];
  /** A broken link or an unreadable folder: manifests may be there, and must not count as removed. */
  readonly unread: readonly string[];
  /** Folders that are links to where the project may not read. They are not walked through: that could take hours. */
  readonly barred: readonly string[];
  /** Folders with their own project file: their content belongs to another project. */
  readonly projects: readonly string[];
}

export const PROJECT_FILE = "rollcall.yaml";

/** How files end that are no manifests, and that folders are not called. */
const OTHER_FILE = /\.(?!ya?ml$)[a-z][a-z0-9]{1,4}$/i;

/** The files below a folder of the project, relative to its root, links included. The root is a real path. */
export function walk(root: string, folder: string): Walked {
  const found: Found = { files: [], unread: [], barred: [], projects: [] };
  visit(root, folder, new Set(), found);
  return found;
}

interface Found {
  readonly files: string[];
  readonly unread: string[];
  readonly barred: string[];
  readonly projects: string[];
}

/** `above` are the folders that it stands in, by their real names: a link to one of them would never end. */
function visit(root: string, folder: string, above: ReadonlySet<string>, found: Found): void {
  const path = join(root, folder);
  let entries: readonly Dirent[];
  let real: string;
  try {
    real = realpathSync(path);
    if (above.has(real)) return;
    if (!isInside(root, real) || hiddenPart(relative(root, real)) !== undefined) {
      found.barred.push(folder);
      return;
    }
    entries = readdirSync(path, { withFileTypes: true });
  } catch {
    found.unread.push(folder);
    return;
  }
  if (folder !== "." && entries.some(({ name }) => name === PROJECT_FILE)) {
    found.projects.push(folder);
    return;
  }
  for (const entry of entries) {
    if (hiddenPart(entry.name) !== undefined || entry.name === "node_modules") continue;
    const name = posix.join(folder, entry.name);
    const isFolder = entry.isSymbolicLink() ? leadsToFolder(join(root, name)) : entry.isDirectory();
    if (isFolder === undefined) {
      if (!OTHER_FILE.test(name)) found.unread.push(name);
    } else if (isFolder) visit(root, name, new Set([...above, real]), found);
    else found.files.push(name);
  }
}

/** `undefined` where it leads nowhere. */
function leadsToFolder(link: string): boolean | undefined {
  try {
    return statSync(link).isDirectory();
  } catch {
    return undefined;
  }
}

/** A path with the separators of manifests. */
export function slashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
