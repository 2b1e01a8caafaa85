import { lstatSync, realpathSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

/** Whose project files are used if the command line does not name them. */
export interface Trust {
  /** The path was given by the user, and is not just the current folder. */
  readonly named: boolean;
  /** User ids. */
  readonly owners: ReadonlySet<number>;
  /** Folders whose project file is used, also if somebody else owns it; `*` means all. */
  readonly folders: readonly string[];
}

interface User {
  /** Absent where the system has no user ids. */
  readonly uid?: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const ROOT = 0;

/** The user, root and, as Git has it, who has called `sudo`; `undefined` where files have no owners. */
export function trustOf({ uid, env }: User, named: boolean): Trust | undefined {
  if (uid === undefined) return undefined;
  const caller = uid === ROOT ? (env["SUDO_UID"] ?? "") : "";
  return {
    named,
    owners: new Set([uid, ROOT, ...(/^\d+$/.test(caller) ? [Number(caller)] : [])]),
    folders: (env["ROLLCALL_TRUSTED_FOLDERS"] ?? "").split(delimiter),
  };
}

/** The owner of a project file, or of a folder around it, if this user is not trusted. */
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
