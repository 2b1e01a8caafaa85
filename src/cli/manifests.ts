import type { Manifests } from "../operations/adopt-conflicts.ts";
import { loadProject } from "../schema/load.ts";
import { writeTexts } from "../schema/write/write.ts";
import { UsageError } from "./failure.ts";
import type { Io } from "./io.ts";
import { loadOptions, type ProjectOptions } from "./project.ts";
import type { OpenWorkspace } from "./workspace.ts";

/** The files of an open project, to be read again and to be written. */
export function manifestsOf(
  io: Io,
  path: string | undefined,
  options: ProjectOptions,
  { loaded }: Pick<OpenWorkspace, "loaded">,
): Manifests {
  const load = { ...loadOptions(io, path, options), environment: loaded.environment.name };
  return {
    loaded,
    reload: (texts) => loadProject(texts === undefined ? load : { ...load, texts }),
    write: async (texts) => {
      const unwritten = await writeTexts(loaded, texts);
      if (unwritten === undefined) return;
      const { file, reason, written } = unwritten;
      const others = written.length === 0 ? "nor was any other file" : `these were: ${written.join(", ")}`;
      throw new UsageError(`${file} was not written (${others}): ${reason}`);
    },
  };
}
