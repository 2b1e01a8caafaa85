import { FileFault } from "../host/files/fault.ts";
import type { Manifests } from "../operations/adopt-conflicts.ts";
import { loadEnvironments, loadProject, type LoadedProject } from "../schema/load.ts";
import { UsageError } from "./failure.ts";
import { changeFiles, changesOf } from "./file-batch.ts";
import type { Io } from "./io.ts";
import { takenIn } from "./new-files.ts";
import { loadOptions, type ProjectOptions } from "./project.ts";
import { errorsIn } from "../model/diagnostic.ts";
import { isAboutNothing } from "./workspace.ts";

interface Changing {
  readonly loaded: LoadedProject;
  /** Who changes them, as it was typed: `drift --propose`. */
  readonly command: string;
}

/** What does not load as a whole is not rewritten. Throws `UsageError`. */
export function checkUnbroken({ diagnostics }: Pick<LoadedProject, "diagnostics">): void {
  if (errorsIn(diagnostics).every(isAboutNothing)) return;
  throw new UsageError("the manifests have errors, and none was changed", {
    to: "to see them",
    run: ["validate"],
  });
}

/** The files of an open project, to be read again and to be written. */
export function manifestsOf(
  io: Io,
  path: string | undefined,
  options: ProjectOptions,
  { loaded, command }: Changing,
): Manifests {
  const { environment, root } = loaded;
  // With every resource tied: which object each of them is, the ledger says.
  const load = { ...loadOptions(io, path, options), isTied: () => true };
  const named = { ...load, environment: environment.name };
  return {
    loaded,
    reload: (texts) => loadProject(texts === undefined ? named : { ...named, texts }),
    otherEnvironments: async (texts) => {
      const projects = await loadEnvironments({ ...load, texts });
      return projects.filter((one) => one.environment.name !== environment.name);
    },
    taken: () => takenIn(root),
    write: async (texts) => {
      await changeFiles(io, loaded, command, changesOf(loaded, texts)).catch((error: unknown) => {
        throw error instanceof FileFault ? new UsageError(`no file was written: ${error.message}`) : error;
      });
    },
  };
}
