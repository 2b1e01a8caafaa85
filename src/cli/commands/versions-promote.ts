import type { Resource } from "../../model/resource.ts";
import { calledBy } from "../../operations/account/find.ts";
import { chosenVersion } from "../../operations/versions/choose.ts";
import type { Pair } from "../../operations/versions/promote/check.ts";
import { draftPromotion, type PromotionDraft } from "../../operations/versions/promote/draft.ts";
import { declaredObject, declaredVersion, pairOf } from "../../operations/versions/promote/pair.ts";
import { versionsOf } from "../../operations/versions/read.ts";
import type { FileDiff } from "../../model/file-change.ts";
import { fileChangesText } from "../../report/file-changes.ts";
import { plain } from "../../report/json/plain.ts";
import { inherit, listed } from "../../report/phrases.ts";
import { visible } from "../../model/visible.ts";
import { loadEnvironments, mergedDiagnostics, type LoadedProject } from "../../schema/load.ts";
import { lostComments, type LostComment } from "../../schema/write/lost-comments.ts";
import { filesOf } from "../../schema/write/files.ts";
import { withAssistant } from "../account.ts";
import { approved, checkApproval, showBefore } from "../approval.ts";
import type { ExitCode } from "../exit-code.ts";
import { UsageError } from "../failure.ts";
import { changeFiles } from "../file-batch.ts";
import { nextCommand } from "../next-command.ts";
import { note, print, styleOf, type Io } from "../io.ts";
import { failedBy } from "../problems.ts";
import { KINDS, load, loadOptions, loadTied } from "../project.ts";
import { saying } from "../reports.ts";
import { PROMOTION, settleChanges } from "../unfinished.ts";
import { lockOf, openLedger } from "../workspace.ts";
import type { VersionsOptions } from "./versions.ts";
import { errorsIn } from "../../model/diagnostic.ts";
import { resultJson } from "../result-json.ts";

export interface PromoteOptions extends VersionsOptions {
  readonly now?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly lockTimeout: number;
}

/** Folds a version into the manifest of its assistant, after asking. Nothing is written live. */
export async function versionsPromote(
  io: Io,
  words: readonly [string, string],
  options: PromoteOptions,
): Promise<ExitCode> {
  if (options.dryRun !== true) checkApproval(io, "versions promote", options);
  const project = await openProject(io, options);
  const pair = await pairIn(io, project.chosen, words, options);
  const draft = await draftPromotion({ ...project, kinds: KINDS }, pair);
  const changes = fileChanges(project.environments[0], draft);
  const isText = options.format === "text";
  await showBefore(io, fileChangesText(changes, styleOf(io, options.color)), options);
  for (const text of remarks(pair, draft, lostComments(changes))) await note(io, visible(text));
  if (options.dryRun === true) {
    if (!isText) await print(io, json(pair, draft, { changes, written: false }));
    return 0;
  }
  const signal = io.interruption();
  const question = visible(`Promote ${pair.version.address} in these files?`);
  if (!(await approved(io, question, { yes: options.yes, signal }, "Nothing was written."))) return 1;
  await write(io, { ...project.environments[0], environment: project.chosen.environment }, draft, {
    ...options,
    signal,
  });
  return saying(io, 0, () =>
    print(io, isText ? done(pair, draft, options) : json(pair, draft, { changes, written: true })),
  );
}

function done({ object, version }: Pair, { servers }: PromotionDraft, options: PromoteOptions): string {
  // Resources that are no longer in the manifests are deleted only with --prune.
  const ends = servers.some(({ what }) => what === "removed");
  const run = nextCommand(["apply", ...(ends ? ["--prune"] : [])], options);
  const next = `To promote it live${ends ? ", and to end its canary" : ""}, run: ${run}`;
  return visible(`${object.address} declares what ${version.address} declared. ${next}`);
}

/** The project in all its environments; its errors end the command. */
async function openProject(io: Io, options: PromoteOptions) {
  const found = await load(io, options.project, options);
  const chosen = (await settleChanges(io, found)) ? await load(io, options.project, options) : found;
  const loading = loadOptions(io, options.project, options);
  const { projects: all, load: tied } = await loadTied(io, loading, loadEnvironments);
  const errors = errorsIn(mergedDiagnostics([chosen, ...all]));
  if (errors.length > 0) await failedBy(io, { diagnostics: errors, sources: chosen.sourceText }, options);
  const [first = chosen, ...others] = all;
  // A file that only one environment includes is a file of the project, too.
  const digests = Object.assign({}, ...all.map((one) => one.digests)) as LoadedProject["digests"];
  const environments: readonly [LoadedProject, ...LoadedProject[]] = [{ ...first, digests }, ...others];
  const reload = (texts: ReadonlyMap<string, string>, gone: ReadonlySet<string>) =>
    loadEnvironments({ ...tied, texts, gone });
  return { chosen, environments, reload };
}

/** By the manifests alone where they say it, otherwise by what is live. */
async function pairIn(
  io: Io,
  { resources }: LoadedProject,
  [assistant, version]: readonly [string, string],
  options: PromoteOptions,
): Promise<Pair> {
  const object = declaredObject(resources, KINDS, assistant);
  const declared = object === undefined ? undefined : declaredVersion(resources, KINDS, object, version);
  if (object !== undefined && declared !== undefined) return pairOf(object, declared, KINDS);
  return withAssistant(io, assistant, options, async (found, workspace) => {
    const versions = await versionsOf(workspace, found);
    const chosen = chosenVersion(versions, version);
    if (chosen.isMain) throw new UsageError(`version ${chosen.id} of ${calledBy(found)} is main already`);
    const of = (address: string | undefined): Resource | undefined =>
      resources.find((one) => one.address === address);
    const [one, other] = [of(found.address), of(chosen.manifest?.address)];
    if (one === undefined) throw new UsageError(`no manifest declares ${calledBy(found)}`);
    if (other === undefined)
      throw new UsageError(
        `no manifest declares version ${chosen.name ?? ""} (${chosen.id}) of ${calledBy(found)}`,
        { to: "to write one", run: ["pull", `${versions.kinds.version.kind}/${chosen.live.id}`] },
      );
    return pairOf(one, other, KINDS);
  });
}

function fileChanges(project: LoadedProject, { texts, gone }: PromotionDraft): readonly FileDiff[] {
  const files = filesOf(project);
  return [...new Set([...texts.keys(), ...gone])].sort().map((file) => {
    return { file, before: files.text(file), after: texts.get(file) };
  });
}

function remarks(
  { version, object }: Pair,
  { servers, patchedIn, followers }: PromotionDraft,
  lost: readonly LostComment[],
): readonly string[] {
  const places = lost.map(({ file, line, text }) => `${file}:${line} ${text}`);
  return [
    ...(places.length === 0 ? [] : [`note: comments that are removed with it: ${listed(places)}`]),
    ...servers.map(({ address, what }) =>
      what === "removed"
        ? `note: ${address} is removed: it serves no other version`
        : `note: ${address} keeps its rules for other versions; conversations that matched a rule for ${version.address} go to the next rule that matches, or to main`,
    ),
    ...(patchedIn.length === 0
      ? []
      : [`note: its patches in environment ${listed(patchedIn)} become patches of ${object.address}`]),
    ...(followers.length === 0
      ? []
      : [`note: ${listed(followers)} ${inherit(followers)} from ${object.address}: they change with it`]),
  ];
}

/** All files, or none: what a killed process leaves is undone by the next command. */
async function write(
  io: Io,
  project: LoadedProject,
  { texts, gone }: PromotionDraft,
  { signal, ...options }: PromoteOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const ledger = await openLedger(io, options.project, options);
  const { holder, lockTimeout } = lockOf(io, "versions promote", options);
  const session = await ledger.open(holder, lockTimeout, signal);
  try {
    const changes = [
      ...[...texts].map(([file, text]) => ({ file, text, digest: project.digests[file] ?? "" })),
      ...[...gone].map((file) => ({ file, digest: project.digests[file] ?? "" })),
    ];
    await changeFiles(io, project, PROMOTION, changes);
  } finally {
    await session.release();
  }
}

function json(
  { object, version }: Pair,
  { servers, followers }: PromotionDraft,
  { changes, written }: { readonly changes: readonly FileDiff[]; readonly written: boolean },
): string {
  return resultJson({
    assistant: object.address,
    version: version.address,
    files: changes.map(({ file, before, after }) => ({
      file,
      action: before === undefined ? "created" : after === undefined ? "deleted" : "changed",
    })),
    canaries: servers.map(({ address, what }) => ({ address, action: what })),
    followers,
    lost_comments: lostComments(changes).map(plain),
    written,
  });
}
