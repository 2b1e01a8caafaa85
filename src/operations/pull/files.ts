import type { Address } from "../../model/address.ts";
import type { BeginFiles } from "../../model/file-change.ts";
import type { LoadedProject } from "../../schema/load.ts";

/** The files of a project, or of one that is to be made. */
export interface PullFiles {
  readonly loaded: LoadedProject;
  readonly isNewProject: boolean;
  /**
   * The text of the project file with more entries in `spec.manifests`; `undefined` if that cannot be written. `text` is
   * its other new content.
   */
  readonly projectFile: (entries: readonly string[], text?: string) => string | undefined;
  /** Texts of other files that a new project gets. */
  readonly others: ReadonlyMap<string, string>;
  /** Paths of what is there, and what no new file may replace. */
  readonly taken: ReadonlySet<string>;
  /** Why no file can be made at a path that is not taken, as a sentence without its end. */
  readonly inTheWay: (file: string) => string | undefined;
  /** The project with these texts in its files. */
  readonly reload: (
    texts: ReadonlyMap<string, string>,
    isTied: (address: Address) => boolean,
  ) => Promise<LoadedProject>;
  /** The project in its other environments, with these texts in its files. */
  readonly otherEnvironments: (texts: ReadonlyMap<string, string>) => Promise<readonly LoadedProject[]>;
  readonly begin: BeginFiles;
}

/**
 * The environments of new manifests: where others have manifests, their plans stay what they are. The first pull of a
 * project makes manifests for all of its environments.
 */
export function limitOf({ environments, environment, environmentsOf }: PullFiles["loaded"]) {
  const isFirst = environmentsOf.size === 0;
  return isFirst || environments.length === 1 ? undefined : [environment.name];
}
