import type { FileChange } from "../../model/file-change.ts";
import { Interrupted, unlessInterrupted } from "../../model/interrupted.ts";
import type { LedgerSession, LedgerState } from "../../model/ledger.ts";
import type { LockRequest } from "../ledger.ts";
import type { Workspace } from "../workspace.ts";
import { PROJECT_FILE } from "../../schema/read/discover.ts";
import type { PullChoices } from "./choices.ts";
import { commitPull } from "./commit.ts";
import { limitOf, type PullFiles } from "./files.ts";
import type { Obstacle, PulledObject, PullResult } from "../../model/pull-result.ts";
import type { Named } from "./drafts.ts";
import { prepare, type Prepared } from "./prepare.ts";

export interface PullRun extends LockRequest {
  /** Without it nothing is written, and no lock is taken. */
  readonly write: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string) => void;
}

/**
 * Writes manifests for live objects, and the ledger with what they declare: only if the manifests are valid and the plan
 * has nothing to do for them. Otherwise it writes nothing. It never writes live.
 */
export async function pull(
  workspace: Workspace,
  files: PullFiles,
  choices: PullChoices,
  run: PullRun,
): Promise<PullResult> {
  const { holder, lockTimeout, signal } = run;
  const session = run.write ? await workspace.ledger.open(holder, lockTimeout, signal) : undefined;
  try {
    const state = session === undefined ? await workspace.ledger.read() : session.state;
    const prepared = await unlessInterrupted(signal, () =>
      prepare({ workspace, files, choices, onProgress: run.onProgress }, state),
    );
    const result = resultOf(prepared, workspace, files, state);
    if (result.status !== "planned" || session === undefined) return result;
    if (signal?.aborted === true) throw new Interrupted("interrupted");
    const obstacles = await changedSince(files);
    if (obstacles.length > 0) return { ...result, status: "blocked", obstacles };
    run.onProgress?.(`Writing ${result.files.length} files`);
    await write(workspace, files, prepared, session);
    return { ...result, status: "pulled" };
  } finally {
    await session?.release();
  }
}

/** Files of the project that are not as they were read: what was checked is not what would be there. */
async function changedSince({ loaded, reload }: PullFiles): Promise<readonly Obstacle[]> {
  const { digests } = await reload(new Map(), () => true);
  const all = new Set([...Object.keys(loaded.digests), ...Object.keys(digests)]);
  return [...all]
    .filter((file) => loaded.digests[file] !== digests[file])
    .map((file) => ({
      where: file,
      message: "the file was changed while the pull was running",
      hint: "run the command again",
      isTransient: true,
    }));
}

function resultOf(
  prepared: Prepared,
  { protectAll }: Workspace,
  { loaded, isNewProject }: PullFiles,
  state: LedgerState | undefined,
): PullResult {
  const { assigned, tied, texts, unwritten, update, obstacles, followers = [], unmatched = [] } = prepared;
  const isNothing = assigned.objects.length + tied.length === 0 && texts.files.length === 0;
  const isLimited = limitOf(loaded) !== undefined;
  const hasFile = isNewProject || loaded.digests[PROJECT_FILE] !== undefined;
  return {
    status: obstacles.length > 0 ? "blocked" : isNothing ? "unchanged" : "planned",
    objects: [
      ...assigned.objects.map(pulledObject),
      ...tied.map((one) => Object.assign(pulledObject(one), one.isShared && { isShared: true as const })),
    ],
    files: texts.files,
    skipped: assigned.skipped,
    unwritten,
    adopted: update?.adopted ?? [],
    left: update?.left ?? [],
    followers,
    limited: prepared.limited,
    uncreated: prepared.uncreated,
    elsewhere:
      isNothing || isLimited ? [] : loaded.environments.filter((name) => name !== loaded.environment.name),
    isLimited: isLimited && assigned.objects.length > 0,
    obstacles,
    unmatched,
    isPlanEmpty: prepared.isPlanEmpty === true,
    suggestsProtection:
      hasFile && !protectAll && !prepared.isObserved && Object.keys(state?.entries ?? {}).length === 0,
  };
}

function pulledObject({ address, kind, live, name }: Named): PulledObject {
  return { address, kind: kind.kind, id: live.id, name };
}

function write(
  { environment, ledger }: Workspace,
  { loaded, begin }: PullFiles,
  { texts, facts }: Prepared,
  session: LedgerSession,
): Promise<void> {
  const changed = [...texts.texts].map(([file, text]): FileChange => {
    const isNew = texts.files.find((one) => one.file === file)?.change !== "changed";
    const digest = isNew ? undefined : loaded.digests[file];
    return digest === undefined ? { file, text } : { file, text, digest };
  });
  return commitPull(environment, changed, facts, { ledger, session, begin });
}
