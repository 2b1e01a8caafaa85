import { authored } from "../../schema/author/authored.ts";
import type { AuthoredFile, Layout, ManifestDraft } from "../../schema/author/draft.ts";
import { PROJECT_FILE } from "../../schema/read/discover.ts";
import { missingEntries } from "../../schema/write/manifest-entries.ts";
import type { PullFiles } from "./files.ts";
import type { Obstacle, PulledFile } from "../../model/pull-result.ts";
import type { Update } from "./update.ts";

/** The texts of all files that a pull makes or changes, by path. */
export interface Texts {
  readonly texts: ReadonlyMap<string, string>;
  readonly files: readonly PulledFile[];
  readonly obstacles: readonly Obstacle[];
}

/** New manifests, and the project file with what it needs so that they are read. */
export async function textsOf(
  drafts: readonly ManifestDraft[],
  { loaded, isNewProject, projectFile, others, taken, inTheWay }: PullFiles,
  layout: Layout,
  update: Pick<Update, "texts" | "adopted"> = NO_UPDATE,
): Promise<Texts> {
  const manifests = authored(drafts, { layout, taken });
  const entries = isNewProject ? [] : loaded.settings.manifests;
  const missing = await missingEntries(
    entries,
    manifests.map(({ path }) => path),
  );
  const text =
    missing.length === 0 && !isNewProject ? undefined : projectFile(missing, update.texts.get(PROJECT_FILE));
  const isProjectWritten = text !== undefined;
  const project = new Map(isProjectWritten ? [[PROJECT_FILE, text]] : []);
  const change = isNewProject ? "new" : "changed";
  return {
    texts: new Map([
      ...update.texts,
      ...project,
      ...others,
      ...manifests.map((file) => [file.path, file.text] as const),
    ]),
    files: [
      ...updatedFiles(update).filter(({ file }) => !project.has(file)),
      ...[...project.keys(), ...others.keys()].map((file): PulledFile => ({ file, change, addresses: [] })),
      ...manifests.map(({ path, addresses }): PulledFile => ({ file: path, change: "new", addresses })),
    ],
    obstacles: [
      ...(missing.length > 0 && !isProjectWritten ? [unreached(missing)] : []),
      ...manifests.flatMap((file) => unplaced(file, inTheWay(file.path))),
    ],
  };
}

const NO_UPDATE: Pick<Update, "texts" | "adopted"> = { texts: new Map(), adopted: [] };

function updatedFiles({ texts, adopted }: Pick<Update, "texts" | "adopted">): readonly PulledFile[] {
  return [...texts.keys()].sort().map((file) => {
    const inside = adopted.filter((one) => one.file === file).map(({ address }) => address);
    return { file, change: "changed", addresses: [...new Set(inside)] };
  });
}

function unplaced({ path, addresses }: AuthoredFile, why: string | undefined): readonly Obstacle[] {
  const [address] = addresses;
  if (why === undefined || address === undefined) return [];
  return [{ address, where: path, message: `the file cannot be made: ${why}` }];
}

function unreached(missing: readonly string[]): Obstacle {
  return {
    where: PROJECT_FILE,
    message: `spec.manifests does not include ${missing.join(", ")}, and it cannot be written there`,
    hint: "add it, and pull again",
  };
}
