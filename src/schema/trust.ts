import { lstatSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** Whose project files are used although nobody named them. */
export interface Trust {
  /** The path was given by the user, and is not just the current folder. */
  readonly named: boolean;
  /** User ids. */
  readonly owners: ReadonlySet<number>;
  /** Folders whose project file is used, whoever owns it; `*` means all. */
  readonly folders: readonly string[];
}

/** The user who owns what a project file is read from, where that is nobody who is trusted. */
export function strangerIn(folder: string, file: string, { owners, folders }: Trust): number | undefined {
  if (folders.some((one) => one === "*" || isSame(one, folder))) return undefined;
  const path = join(folder, file);
  // Who owns the folder can put any file there, and who owns the link can lead it anywhere.
  const uids = [ownerOf(statSync, folder), ownerOf(lstatSync, path), ownerOf(statSync, path)];
  return uids.find((uid) => uid !== undefined && !owners.has(uid));
}

/** What cannot be looked at cannot be read either, and that is said then. */
function ownerOf(stat: (path: string) => { readonly uid: number }, path: string): number | undefined {
  try {
    return stat(path).uid;
  } catch {
    return undefined;
  }
}

function isSame(one: string, folder: string): boolean {
  if (one === "") return false;
  try {
    return realpathSync(resolve(one)) === realpathSync(folder);
  } catch {
    return false;
  }
}
