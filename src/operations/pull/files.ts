import type { Address } from "../../model/address.ts";
import type { LoadedProject } from "../../schema/load.ts";
import type { BeginFiles } from "./commit.ts";

/** The files of a project, or of one that is to be made. */
export interface PullFiles {
  readonly loaded: LoadedProject;
  readonly isNewProject: boolean;
  /**
   * The text of the project file with more entries in `spec.manifests`; `undefined` where that cannot be written. `text`
   * is what it is to hold besides.
   */
  readonly projectFile: (entries: readonly string[], text?: string) => string | undefined;
  /** Texts of other files that a new project gets. */
  readonly others: ReadonlyMap<string, string>;
  /** Files that are there, and that no new one may replace. */
  readonly taken: ReadonlySet<string>;
  /** The project with these texts in its files. */
  readonly reload: (
    texts: ReadonlyMap<string, string>,
    isTied: (address: Address) => boolean,
  ) => Promise<LoadedProject>;
  readonly begin: BeginFiles;
}
