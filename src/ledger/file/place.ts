import { delimiter, isAbsolute, relative } from "node:path";
import { hiddenPart, isGitFolder, isInside, realPath } from "../../host/files/paths.ts";
import { LedgerError } from "../../model/ledger.ts";

/** The one hidden folder that is the ledger's own. */
const OWN_FOLDERS = [".rollcall"];

/** Folders outside of projects that whoever runs Rollcall allows for ledgers, written like `PATH`. */
export const ALLOWED_PATHS = "ROLLCALL_ALLOWED_PATHS";

/**
 * The repository chooses where its ledger is, and others write to the repository: a ledger is inside of the project and
 * not in a hidden folder, or in a folder that the environment allows. `path` is free of links. Throws `LedgerError`.
 */
export function checkPlace(path: string, place: string, root: string, allowed = ""): void {
  const project = realPath(root);
  const folders = allowed.split(delimiter).filter(isAbsolute).map(realPath);
  if (folders.some((folder) => isInside(folder, path)) && !path.split(/[/\\]/).some(isGitFolder)) return;
  if (!isInside(project, path)) {
    const why = `it is outside of the project, links included; keep it inside, or allow its folder with ${ALLOWED_PATHS}`;
    throw new LedgerError("unavailable", `${place} cannot be used: ${why}`);
  }
  if (hiddenPart(relative(project, path), OWN_FOLDERS) === undefined) return;
  const why = "it is in a hidden folder, and .rollcall is the only one for ledgers";
  throw new LedgerError("unavailable", `${place} cannot be used: ${why}`);
}
