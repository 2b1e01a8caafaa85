import { lstatSync, realpathSync, statSync, type Stats } from "node:fs";
import { basename, dirname, join, posix, relative, resolve, sep } from "node:path";
import { isGitFolder } from "../../host/files/paths.ts";
import { strangerIn, type Trust } from "./trust.ts";
import { PROJECT_FILE, slashes, walk } from "./walk.ts";

export { PROJECT_FILE } from "./walk.ts";

/** What a path given by the user turns out to be. */
export interface Location {
  /** Absolute. */
  readonly root: string;
  /** True when the root has a `rollcall.yaml`. */
  readonly project: boolean;
  /** What was asked for, relative to the root, when it is less than the whole project. */
  readonly part?: string;
  /** The user who owns the `rollcall.yaml` of the root, which is not to be used. */
  readonly stranger?: number;
}

/** `undefined` if there is nothing at the path. Without `trust`, every owner is trusted. */
export function locate(path: string, trust?: Trust): Location | undefined {
  const given = resolve(path);
  const status = statusOf(given);
  if (status === undefined) return undefined;
  const folder = status.isDirectory() ? given : dirname(given);
  const root = projectAbove(folder);
  if (root === undefined) {
    return status.isDirectory()
      ? { root: folder, project: false }
      : { root: folder, project: false, part: basename(given) };
  }
  const part = slashes(relative(root, given));
  const isNamed = trust?.named === true && (part === "" || part === PROJECT_FILE);
  const stranger = trust === undefined || isNamed ? undefined : strangerIn(root, PROJECT_FILE, trust);
  if (stranger !== undefined) return { root, project: true, stranger };
  return part === "" || part === PROJECT_FILE ? { root, project: true } : { root, project: true, part };
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** A project does not reach beyond the repository that it stands in. */
function projectAbove(folder: string): string | undefined {
  for (let here = folder; ; here = dirname(here)) {
    if (isThere(join(here, PROJECT_FILE))) return here;
    if (isThere(join(here, ".git")) || dirname(here) === here) return undefined;
  }
}

/** A link that leads nowhere is there, too; what may not be looked at is not. */
export function isThere(...path: readonly string[]): boolean {
  try {
    return lstatSync(join(...path), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

const MANIFEST = /\.ya?ml$/i;

/**
 * The manifests of one entry of `spec.manifests`, relative to the root, sorted, with what may be one and cannot be
 * read; `undefined` when it names nothing. What is `gone` is not there; Git keeps no folder of which all is gone.
 */
export async function manifestsOf(
  root: string,
  entry: string,
  gone: ReadonlySet<string> = new Set(),
): Promise<readonly string[] | undefined> {
  const there = await manifestsThere(root, entry);
  if (there === undefined || gone.size === 0) return there;
  const kept = there.filter((file) => !gone.has(file));
  return kept.length === 0 && there.length > 0 ? undefined : kept;
}

async function manifestsThere(root: string, entry: string): Promise<readonly string[] | undefined> {
  const clean = posix.normalize(entry).replace(/\/+$/, "") || ".";
  const status = statusOf(join(root, clean));
  if (status?.isDirectory()) {
    const { files, unread, barred } = walk(root, clean);
    return [...files.filter((file) => MANIFEST.test(file)), ...unread, ...barred].sort();
  }
  if (status !== undefined) return [slashes(clean)];
  // Most projects have no pattern, so what finds files by one is loaded only here.
  const { filesMatching } = await import("./pattern.ts");
  return filesMatching(root, clean, PROJECT_FILE);
}

/** The files of one entry of `spec.manifests` among these, which need not exist. */
export async function manifestsAmong(entry: string, names: readonly string[]): Promise<readonly string[]> {
  const clean = slashes(posix.normalize(entry).replace(/\/+$/, "")) || ".";
  const files = names.filter((name) => MANIFEST.test(name) && name !== PROJECT_FILE);
  const below = files.filter((name) => clean === "." || name === clean || name.startsWith(`${clean}/`));
  if (files.length === below.length) return below;
  const { namesMatching } = await import("./pattern.ts");
  return [...below, ...namesMatching(clean, files)];
}

/** The folder of another project, below the root, that a path leads into. */
export function projectAround(root: string, path: string): string | undefined {
  const parts = posix.normalize(path).split("/");
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  return folders.find((folder) => folder !== "." && isThere(join(root, folder, PROJECT_FILE)));
}

/** Those of these files that are not in another project below the root; they need not exist. */
export function ofThisProject(root: string, files: readonly string[]): readonly string[] {
  const folders = new Set(files.map((file) => posix.dirname(file)));
  const others = new Set([...folders].filter((folder) => projectAround(root, folder) !== undefined));
  return others.size === 0 ? files : files.filter((file) => !others.has(posix.dirname(file)));
}

/** The manifests that stand below the root, outside of other projects. */
export function allManifests(root: string): readonly string[] {
  return walk(root, ".").files.filter((file) => MANIFEST.test(file));
}

/** The folders of the projects below a folder that is in none. */
export function projectsBelow(folder: string): readonly string[] {
  return walk(realRoot(folder), ".").projects.toSorted();
}

export function realRoot(root: string): string {
  return realpathSync(root);
}

/** Whether a folder is in what Git keeps for itself. */
export function isInGitFolder(folder: string): boolean {
  return folder.split(sep).some(isGitFolder);
}

/** The path of a file after links are followed; as it is when that leads nowhere or out of the root. */
export function ownName(root: string, file: string): string {
  return ownNames(root)(file);
}

/** The same for many files; a folder that several are in is looked at once. */
export function ownNames(root: string): (file: string) => string {
  const folders = new Map<string, string>();
  const realFolder = (folder: string): string => {
    const real = folders.get(folder) ?? realpathSync(folder);
    folders.set(folder, real);
    return real;
  };
  return (file) => {
    const path = join(root, file);
    try {
      const isPlain = lstatSync(path).isFile();
      const real = relative(
        root,
        isPlain ? join(realFolder(dirname(path)), basename(path)) : realpathSync(path),
      );
      return real === "" || real.startsWith("..") ? file : slashes(real);
    } catch {
      return file;
    }
  };
}
