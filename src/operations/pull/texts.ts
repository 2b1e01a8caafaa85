import type { Address } from "../../model/address.ts";
import { authored } from "../../schema/author/authored.ts";
import type { AuthoredFile, Layout, ManifestDraft } from "../../schema/author/draft.ts";
import { PROJECT_FILE } from "../../schema/read/discover.ts";
import { missingEntries } from "../../schema/write/manifest-entries.ts";
import type { PullFiles } from "./files.ts";
import type { Obstacle, PulledFile } from "../../model/pull-result.ts";

/** The texts of all files that a pull makes or changes, by path. */
export interface Texts {
  readonly texts: ReadonlyMap<string, string>;
  readonly files: readonly PulledFile[];
  readonly obstacles: readonly Obstacle[];
}

/** New texts of files that are there and of those that belong to them, with the manifests that they are about. */
interface ChangedTexts {
  readonly texts: ReadonlyMap<string, string>;
  readonly addresses: ReadonlyMap<string, readonly Address[]>;
}

/** New manifests, and the project file with what it needs so that they are read. */
export async function textsOf(
  drafts: readonly ManifestDraft[],
  { loaded, isNewProject, projectFile, others, taken, inTheWay }: PullFiles,
  layout: Layout,
  changed: ChangedTexts = NOTHING_CHANGED,
): Promise<Texts> {
  const manifests = authored(drafts, { layout, taken: new Set([...taken, ...changed.texts.keys()]) });
  const entries = isNewProject ? [] : loaded.settings.manifests;
  const missing = await missingEntries(
    entries,
    manifests.map(({ path }) => path),
  );
  const text =
    missing.length === 0 && !isNewProject ? undefined : projectFile(missing, changed.texts.get(PROJECT_FILE));
  const isProjectWritten = text !== undefined;
  const project = new Map(isProjectWritten ? [[PROJECT_FILE, text]] : []);
  const change = isNewProject ? "new" : "changed";
  return {
    texts: new Map([
      ...changed.texts,
      ...project,
      ...others,
      ...manifests.map((file) => [file.path, file.text] as const),
    ]),
    files: [
      ...changedFiles(changed, taken).filter(({ file }) => !project.has(file)),
      ...[...project.keys(), ...others.keys()].map((file): PulledFile => {
        return { file, change, addresses: changed.addresses.get(file) ?? [] };
      }),
      ...manifests.map(({ path, addresses }): PulledFile => ({ file: path, change: "new", addresses })),
    ],
    obstacles: [
      ...(missing.length > 0 && !isProjectWritten ? [unreached(missing)] : []),
      ...manifests.flatMap((file) => unplaced(file, inTheWay(file.path))),
    ],
  };
}

const NOTHING_CHANGED: ChangedTexts = { texts: new Map(), addresses: new Map() };

function changedFiles({ texts, addresses }: ChangedTexts, taken: ReadonlySet<string>): readonly PulledFile[] {
  return [...texts.keys()].sort().map((file) => {
    return { file, change: taken.has(file) ? "changed" : "new", addresses: addresses.get(file) ?? [] };
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
