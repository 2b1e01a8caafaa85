import { basename } from "node:path";
import { makeFolders, removeEmptyFolders } from "../../host/files/folders.ts";
import { fileFault } from "./fault.ts";

/**
 * The folder of a ledger. A run that writes nothing leaves none behind, with one exception: a folder with another name
 * than `.rollcall` stays if another run was in it when the run that made it ended.
 */
export interface LedgerFolder {
  /** Throws `LedgerError`. */
  make(): Promise<void>;
  /** Removes the folders that were made, where nothing is in them. */
  tidy(): Promise<void>;
}

/** Always Rollcall's own: it is removed also if another run made it. */
const OWN = ".rollcall";

export function ledgerFolder(path: string, place: string): LedgerFolder {
  const made = new Set(basename(path) === OWN ? [path] : []);
  return {
    async make() {
      try {
        for (const folder of await makeFolders(path)) made.add(folder);
      } catch (error) {
        throw fileFault(`the folder of ${place} cannot be made`, error);
      }
    },
    tidy: () => removeEmptyFolders([...made].sort((a, b) => a.length - b.length)),
  };
}
