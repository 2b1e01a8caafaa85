import { patchFiles } from "../schema/author/patch-files.ts";
import type { LoadedProject } from "../schema/load.ts";
import type { Patching } from "../schema/write/patching.ts";

/** The files of a project in one of its environments. */
export interface ProjectFiles {
  readonly loaded: LoadedProject;
  /** The project as it is, or as it would be with these texts in its files. */
  readonly reload: (texts?: ReadonlyMap<string, string>) => Promise<LoadedProject>;
  /** The same for its other environments. */
  readonly otherEnvironments: (texts: ReadonlyMap<string, string>) => Promise<readonly LoadedProject[]>;
  /** Paths that no new file may have. */
  readonly taken: () => ReadonlySet<string>;
}

/**
 * How the values of live objects are written, so that they change what their own environment gets and nothing else: in the
 * manifests that no other environment has, and in patches of the environment for all others.
 */
export function ownEnvironment({
  loaded: { environment, environmentsOf },
  taken,
}: Pick<ProjectFiles, "loaded" | "taken">): Patching {
  let textFile: Patching["textFile"] | undefined;
  return {
    isPatched: (address) => environmentsOf.get(address)?.some((name) => name !== environment.name) === true,
    textFile: (...text) => (textFile ??= patchFiles(environment.name, taken()))(...text),
  };
}
