import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { KINDS } from "../../src/cli/project.ts";
import type { Manifests } from "../../src/operations/adopt-conflicts.ts";
import { loadProject, type LoadedProject } from "../../src/schema/load.ts";
import { declare, type Manifest } from "../stories/manifests.ts";

/** The manifests in the files of a project, as somebody has left them. */
export function manifestsInFiles(folder: string): readonly Manifest[] {
  const place = join(folder, "manifests");
  return readdirSync(place).flatMap((file) =>
    parseAllDocuments(readFileSync(join(place, file), "utf8")).map((one) => one.toJS() as Manifest),
  );
}

/** Files for a stage that has none, made where live values are to be written into manifests. */
export interface ManifestFiles {
  readonly folder: string;
  /** The port of an apply; `onWritten` is called with the project as it is after a change of its files. */
  opened(manifests: readonly Manifest[], onWritten: (loaded: LoadedProject) => void): Promise<Manifests>;
}

export function manifestFiles(): ManifestFiles {
  let made: string | undefined;
  const folder = () => (made ??= mkdtempSync(join(tmpdir(), "rollcall-search-")));
  return {
    get folder() {
      return folder();
    },
    async opened(manifests, onWritten) {
      await declare(folder(), {}, manifests);
      const load = { path: folder(), env: {}, kinds: KINDS, isTied: () => true };
      const reload: Manifests["reload"] = (texts) =>
        loadProject(texts === undefined ? load : { ...load, texts });
      return {
        loaded: await reload(),
        reload,
        otherEnvironments: async () => [],
        taken: () => new Set(),
        async write(texts) {
          for (const [file, text] of texts) writeFileSync(join(folder(), file), text);
          onWritten(await reload());
        },
      };
    },
  };
}
