import { ProviderError } from "../../model/provider.ts";
import type { Resource } from "../../model/resource.ts";
import { calledBy, findWith, type FoundObject } from "../../operations/account/find.ts";
import { ownersIn } from "../../operations/account/owners.ts";
import {
  changeLiveTags,
  draftTags,
  hasTags,
  PartlyChanged,
  tagUses,
  tagsIn,
  type TagChange,
} from "../../operations/tags.ts";
import { listed } from "../../report/phrases.ts";
import { visible } from "../../model/visible.ts";
import { tagsText } from "../../report/objects.ts";
import type { LoadedProject } from "../../schema/load.ts";
import { checkReadable, withAccount, type AccountOptions, type OpenAccount } from "../account.ts";
import type { ExitCode } from "../exit-code.ts";
import { UnknownOutcome, UsageError } from "../failure.ts";
import { print, styleOf, type Io } from "../io.ts";
import { checkUnbroken, manifestsOf } from "../manifests.ts";
import { nextCommand } from "../next-command.ts";
import { KINDS, load } from "../project.ts";
import { saying } from "../reports.ts";
import { settleChanges } from "../unfinished.ts";
import { resultJson } from "../result-json.ts";

export interface TagsOptions extends AccountOptions {
  readonly format: "text" | "json";
}

export interface TagChangeOptions extends TagsOptions {
  readonly live?: boolean;
}

/** The tags in use, by how many objects, and whether a manifest declares them. */
export async function tagsListCommand(io: Io, options: TagsOptions): Promise<ExitCode> {
  return withAccount<ExitCode>(io, options, async (workspace) => {
    const uses = await tagUses(workspace, workspace.provider.tags);
    const tags = uses.map(({ name, objects, isDeclared }) => ({ name, objects, declared: isDeclared }));
    const text = options.format === "json" ? resultJson({ tags }) : tagsText(uses, styleOf(io, options.color));
    await print(io, text);
    return 0;
  });
}

/** What changed, and where. */
interface Changed {
  readonly object: string;
  /** Absent for a live object. */
  readonly files?: readonly string[];
  readonly tags: readonly string[];
}

/** Adds tags to a manifest, or removes them from it; with `--live`, of the live object. */
export async function tagsChangeCommand(
  io: Io,
  object: string,
  change: TagChange,
  options: TagChangeOptions,
): Promise<ExitCode> {
  if (change.tags.some((tag) => tag.trim() === "")) throw new UsageError("a tag is empty");
  const changed =
    options.live === true
      ? await changedLive(io, object, change, options)
      : await changedManifest(io, object, change, options);
  const { files, tags } = changed;
  const json = () => resultJson({ object: changed.object, files: files ?? null, tags });
  const text = options.format === "json" ? json() : changedText(changed, options);
  return saying(io, 0, () => print(io, text));
}

function changedText({ object, files, tags }: Changed, options: TagChangeOptions): string {
  const now = tags.length === 0 ? "no tags" : `the tags ${listed([...tags])}`;
  if (files === undefined) return visible(`${object} has ${now}, live.`);
  if (files.length === 0) return visible(`No change: ${object} declares ${now}. Nothing was written.`);
  const next = nextCommand(["apply"], options);
  return visible(`${object} declares ${now} (${listed(files)}). To write it live, run: ${next}`);
}

async function changedManifest(
  io: Io,
  object: string,
  change: TagChange,
  options: TagChangeOptions,
): Promise<Changed> {
  const found = await load(io, options.project, options);
  const loaded = (await settleChanges(io, found)) ? await load(io, options.project, options) : found;
  checkUnbroken(loaded);
  const resource = declaredAs(loaded, object) ?? (await declaredFor(io, loaded, object, options));
  const manifests = manifestsOf(io, options.project, options, { loaded, command: `tags ${change.action}` });
  const { texts, tags } = await draftTags({ loaded, kinds: KINDS, reload: manifests.reload }, resource, change);
  if (texts.size > 0) await manifests.write(texts);
  return { object: resource.address, files: [...texts.keys()], tags };
}

/** The resource with this address, or the only one with this name. */
function declaredAs({ resources }: LoadedProject, object: string): Resource | undefined {
  const tagged = resources.filter(({ kind }) => KINDS.get(kind)?.tags !== undefined);
  const addressed = tagged.find(({ address }) => address === object);
  const named = tagged.filter(({ name, spec }) => name === object || spec["name"] === object);
  return addressed ?? (named.length === 1 ? named[0] : undefined);
}

/** The resource that manages the live object of this id or name. */
async function declaredFor(io: Io, loaded: LoadedProject, object: string, options: TagChangeOptions) {
  return withAccount(io, options, async (workspace) => {
    const found = await findWith(workspace, object, hasTags);
    const resource = loaded.resources.find(({ address }) => address === found.address);
    if (resource !== undefined) return resource;
    throw new UsageError(`no manifest declares ${calledBy(found)}`, "to change the live object, pass --live");
  });
}

async function changedLive(
  io: Io,
  object: string,
  change: TagChange,
  options: TagChangeOptions,
): Promise<Changed> {
  return withAccount(io, options, async (workspace) => {
    const found = await findWith(workspace, object, hasTags);
    if (change.action === "remove") await checkUndeclared(workspace, found, change.tags);
    const { provider, runtime } = workspace;
    const live = { provider, port: provider.tags, runtime };
    const tags = await changeLiveTags(live, found, change).catch((error: unknown) => {
      throw error instanceof PartlyChanged
        ? inDoubt(error, change, nextCommand(["get", found.address ?? found.id], options))
        : error;
    });
    return { object: calledBy(found), tags };
  });
}

/** Throws where the next apply would add one of the tags again. */
async function checkUndeclared(
  workspace: OpenAccount,
  found: FoundObject,
  tags: readonly string[],
): Promise<void> {
  checkReadable(workspace, `which tags ${calledBy(found)} declares`);
  const owner = (await ownersIn(workspace))(found.kind.kind, found.id);
  if (owner?.isElsewhere === true)
    throw new UsageError(
      `${calledBy(found)} is managed as ${owner.address} in environment ${owner.environment}`,
      `to remove its tags, pass --env ${owner.environment}`,
    );
  const resource = workspace.resources.find(({ address }) => address === found.address);
  const declared = resource === undefined ? [] : tagsIn(found.kind, resource.spec);
  const restored = tags.filter((tag) => declared.includes(tag));
  if (restored.length > 0)
    throw new UsageError(
      `the manifest of ${calledBy(found)} declares ${listed(restored)}: the next apply would add it again`,
      "to change the manifest, run the command without --live",
    );
}

function inDoubt(
  { message, done, cause }: PartlyChanged,
  { action }: TagChange,
  command: string,
): UnknownOutcome {
  const verb = action === "add" ? "added" : "removed";
  const what =
    done.length === 0
      ? `it is not known whether the tag was ${verb}`
      : `only ${listed([...done])} was ${verb} for certain`;
  const failure = cause instanceof ProviderError ? cause.failure : undefined;
  return new UnknownOutcome(`${message}; ${what}`, `to see the tags, run: ${command}`, failure);
}
