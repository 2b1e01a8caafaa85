import { withValue } from "../model/at-path.ts";
import { equal, isList, stringsIn, type JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import { segments } from "../model/pointer.ts";
import { ProviderError, type Provider } from "../model/provider.ts";
import type { Resource } from "../model/resource.ts";
import type { Tags, TagUse } from "../model/tag-list.ts";
import { valueAt } from "../reconcile/compare/difference.ts";
import type { Runtime } from "../model/runtime.ts";
import { listed } from "../model/suggest.ts";
import { SelectionError, type Account } from "./account/account.ts";
import type { FoundObject } from "./account/find.ts";
import { inventory } from "./account/inventory.ts";
import { readUntil } from "./late-reads.ts";
import { draftSpec, type EditedProject } from "./edit-spec.ts";

/** What is done with the tags of one object. */
export interface TagChange {
  readonly action: "add" | "remove";
  readonly tags: readonly string[];
}

export const hasTags = (kind: Kind): boolean => kind.tags !== undefined;

/** Tags in use and tags that are declared, by name. */
export async function tagUses(account: Account, port: Tags): Promise<readonly TagUse[]> {
  const kinds = [...account.provider.kinds.values()].filter(hasTags);
  const [names, objects] = await Promise.all([port.all(), inventory(account, { kinds })]);
  const declared = new Set(
    account.resources.flatMap((one) => tagsIn(account.provider.kinds.get(one.kind), one.spec)),
  );
  const all = new Set([...names, ...objects.flatMap(({ tags }) => tags), ...declared]);
  return [...all].sort().map((name) => ({
    name,
    objects: objects.filter(({ tags }) => tags.includes(name)).length,
    isDeclared: declared.has(name),
  }));
}

export function tagsIn(kind: Kind | undefined, spec: JsonObject): readonly string[] {
  const value = kind?.tags === undefined ? undefined : valueAt(spec, segments(kind.tags));
  return stringsIn(value);
}

function changedTags(before: readonly string[], { action, tags }: TagChange): readonly string[] {
  if (action === "remove") return before.filter((tag) => !tags.includes(tag));
  return [...before, ...tags.filter((tag, index) => !before.includes(tag) && tags.indexOf(tag) === index)];
}

export interface TagDraft {
  /** New texts of files, by their path; empty where the manifest is as wanted already. */
  readonly texts: ReadonlyMap<string, string>;
  readonly tags: readonly string[];
}

/** The manifest with other tags. Nothing is written. Throws `SelectionError` where the manifest cannot be edited. */
export async function draftTags(
  project: EditedProject,
  resource: Resource,
  change: TagChange,
): Promise<TagDraft> {
  const kind = project.kinds.get(resource.kind);
  if (kind?.tags === undefined) throw new SelectionError(`${resource.address} has no tags`);
  const before = tagsIn(kind, resource.spec);
  const tags = changedTags(before, change);
  if (equal([...before], [...tags])) return { texts: new Map(), tags };
  const after = withValue(resource.spec, segments(kind.tags), tags.length === 0 ? undefined : [...tags]);
  const { texts } = await draftSpec(project, resource, after);
  return { texts, tags };
}

/** Tags of the live object were changed, or perhaps were, and not all of them for certain. */
export class PartlyChanged extends Error {
  override readonly name = "PartlyChanged";
  /** The tags that were changed. */
  readonly done: readonly string[];

  constructor(done: readonly string[], message: string, options?: ErrorOptions) {
    super(message, options);
    this.done = done;
  }
}

interface LiveTags {
  readonly provider: Provider;
  readonly port: Tags;
  readonly runtime: Runtime;
}

/**
 * Changes the tags of a live object, one after the other, and says what they are then. A request whose outcome is unknown
 * counts as done if a read shows it. Throws `PartlyChanged` if some tags were changed, or perhaps were, and
 * `ProviderError` if none was.
 */
export async function changeLiveTags(
  { provider, port, runtime }: LiveTags,
  { kind, id, live }: FoundObject,
  { action, tags }: TagChange,
): Promise<readonly string[]> {
  const done: string[] = [];
  let isUnknown = false;
  const specNow = async () => ((await provider.read(kind.kind, id)) ?? live).spec;
  const read = async () => tagsIn(kind, await specNow());
  const isIn = (found: readonly string[], tag: string) => found.includes(tag) === (action === "add");
  // An object that is shown without tags can have some.
  const isAsWanted = async (tag: string) => {
    const spec = await specNow();
    return isList(valueAt(spec, segments(kind.tags ?? ""))) && isIn(tagsIn(kind, spec), tag);
  };
  try {
    for (const tag of tags) {
      if (await isAsWanted(tag)) continue;
      await port[action](id, tag).catch(async (error: unknown) => {
        isUnknown = error instanceof ProviderError && error.failure.effect === "unknown";
        if (!isUnknown || !(await isAsWanted(tag))) throw error;
        isUnknown = false;
      });
      done.push(tag);
    }
    const areIn = (found: readonly string[]) => tags.every((tag) => isIn(found, tag));
    const now = await readUntil(read, areIn, runtime);
    if (areIn(now)) return now;
    throw changedInPart(
      done,
      tags.filter((tag) => !isIn(now, tag)),
      action,
    );
  } catch (error) {
    if (!(error instanceof ProviderError) || (done.length === 0 && !isUnknown)) throw error;
    throw new PartlyChanged(done, error.message, { cause: error });
  }
}

/** An answer does not prove that a tag was changed. */
function changedInPart(done: readonly string[], without: readonly string[], action: TagChange["action"]) {
  const does = action === "add" ? "does not show" : "still shows";
  return new PartlyChanged(
    done.filter((tag) => !without.includes(tag)),
    `the API ${does} ${listed(without)} after the change`,
  );
}
