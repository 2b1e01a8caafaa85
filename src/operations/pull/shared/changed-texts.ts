import type { Address } from "../../../model/address.ts";
import type { Resource } from "../../../model/resource.ts";
import type { ManifestDraft } from "../../../schema/author/draft.ts";
import type { PullFiles } from "../files.ts";
import type { Update } from "../update.ts";
import { observedTexts, type NewTexts } from "./observed-texts.ts";
import { sharedTexts, type SharedTexts } from "./shared-texts.ts";
import type { Tied } from "./ties.ts";

/** What a pull says in files that are there. */
export interface Changes {
  /** Objects that have a manifest, and that the ledger does not know. */
  readonly tied: readonly Tied[];
  /** What new manifests of the objects would say. */
  readonly drafts: readonly ManifestDraft[];
  /** Resources that are to exist in their other environments only. */
  readonly limited: readonly Resource[];
  readonly update: Update | undefined;
  /** What is pulled is observed. */
  readonly isObserved: boolean;
}

/**
 * The texts that change: by an update, by what differs in this environment, and by what is observed from now on. Each is
 * written into the texts of the one before it.
 */
export async function changedFiles(files: PullFiles, changes: Changes): Promise<SharedTexts> {
  const updated = ofUpdate(changes.update);
  const shared = await withShared(files, updated, changes);
  return changes.isObserved ? withObserved(files, shared, changes.tied) : shared;
}

function ofUpdate(update: Update | undefined): SharedTexts {
  const addresses = new Map<string, readonly Address[]>();
  for (const { file, address } of update?.adopted ?? [])
    addresses.set(file, [...new Set([...(addresses.get(file) ?? []), address])]);
  return { texts: update?.texts ?? new Map(), addresses, limited: [], obstacles: [] };
}

/** With what is different for objects of manifests that other environments use. */
async function withShared(
  files: PullFiles,
  before: SharedTexts,
  { tied, drafts, limited }: Changes,
): Promise<SharedTexts> {
  const shared = tied.filter(({ isShared }) => isShared);
  if (shared.length + limited.length === 0) return before;
  const { texts: loadedAs } = before;
  const loaded = await loadedWith(files, loadedAs);
  const found = sharedTexts({ loaded, loadedAs, taken: files.taken, tied: shared, drafts, limited });
  return { ...joined(before, found), limited: found.limited };
}

/** With `lifecycle.observe` in manifests that no other environment uses; those of others say it in a patch. */
async function withObserved(
  files: PullFiles,
  before: SharedTexts,
  tied: readonly Tied[],
): Promise<SharedTexts> {
  const own = tied.filter(({ isShared, resource }) => !isShared && resource.lifecycle.observe !== true);
  if (own.length === 0) return before;
  const { texts: loadedAs } = before;
  const loaded = await loadedWith(files, loadedAs);
  const found = observedTexts(
    loaded,
    loadedAs,
    own.map(({ address }) => address),
  );
  return joined(before, found);
}

async function loadedWith(files: PullFiles, texts: ReadonlyMap<string, string>) {
  return texts.size === 0 ? files.loaded : files.reload(texts, () => true);
}

function joined(before: SharedTexts, next: NewTexts): SharedTexts {
  const addresses = new Map(before.addresses);
  for (const [file, more] of next.addresses)
    addresses.set(file, [...new Set([...(addresses.get(file) ?? []), ...more])]);
  return {
    texts: new Map([...before.texts, ...next.texts]),
    addresses,
    limited: before.limited,
    obstacles: [...before.obstacles, ...next.obstacles],
  };
}
