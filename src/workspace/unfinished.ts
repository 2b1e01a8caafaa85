import { existsSync } from "node:fs";
import { join } from "node:path";
import { unfinishedBatch } from "../host/files/batch.ts";
import { journalsIn, readJournal } from "../host/files/journal.ts";
import { isAlive } from "../host/processes.ts";
import { editPurposeIn, type EditPurpose } from "../model/file-change.ts";
import { LedgerError, type Ledger, type LockHolder } from "../model/ledger.ts";
import { isCommitted, pendingPullIn, type PendingPull } from "../operations/pull/pending.ts";
import type { LoadedProject } from "../schema/load.ts";
import { PROJECT_FILE } from "../schema/read/discover.ts";
import { commitIn, ledgerOf, type Surroundings } from "./open.ts";

/** What became of a change to files that was cut off. */
export interface SettledChange {
  readonly command: string;
  readonly environment: string;
  readonly what: "finished" | "undone";
  /** Files that it wrote and somebody edited since: they are left. */
  readonly edited: readonly string[];
}

/** The environments of which a change to files was cut off, or is under way. */
export function unfinishedChanges({ root }: Pick<LoadedProject, "root">): readonly string[] {
  return journalsIn(root);
}

/**
 * Ends what killed commands left: where the ledger has learned of a pull, its files stay; otherwise they are undone. Throws
 * `LedgerError` while such a command is under way.
 */
export async function settleUnfinished(
  loaded: LoadedProject,
  around: Surroundings,
  holder: LockHolder,
): Promise<readonly SettledChange[]> {
  const settled: SettledChange[] = [];
  for (const name of journalsIn(loaded.root)) {
    const one = await settle(name, loaded, around, holder);
    if (one !== undefined) settled.push(one);
  }
  return settled;
}

async function settle(
  name: string,
  loaded: LoadedProject,
  around: Surroundings,
  holder: LockHolder,
): Promise<SettledChange | undefined> {
  const edit = editPurposeIn(readJournal(loaded.root, name)?.purpose ?? null);
  if (edit !== undefined) return undone(name, edit, loaded, holder);
  const ledger = await ledgerNamed(name, loaded, around);
  // Whoever changes files holds the lock.
  const session = await ledger?.open(holder, 0);
  try {
    const batch = await unfinishedBatch(loaded.root, name);
    if (batch === undefined) return undefined;
    const pending = pendingPullIn(batch.purpose);
    if (pending === undefined) throw unknown(name);
    if (session !== undefined && isCommitted(pending, session.state)) {
      await batch.close();
      return { command: "pull", environment: name, what: "finished", edited: [] };
    }
    return { command: "pull", environment: name, what: "undone", edited: await batch.undo() };
  } finally {
    await session?.release();
  }
}

/** Of a command that changed files alone. Throws `LedgerError` while it runs. */
async function undone(
  name: string,
  { command, host, pid }: EditPurpose,
  { root }: LoadedProject,
  holder: LockHolder,
): Promise<SettledChange | undefined> {
  if (host === holder.host && pid !== holder.pid && pid > 0 && isAlive(pid))
    throw new LedgerError(
      "locked",
      `the files of environment ${name} are being changed (process ${pid}, ${command}): run the command again`,
    );
  const batch = await unfinishedBatch(root, name);
  if (batch === undefined) return undefined;
  return { command, environment: name, what: "undone", edited: await batch.undo() };
}

/** Without a project file the pull had not come to its commit. */
async function ledgerNamed(
  name: PendingPull["environment"],
  loaded: LoadedProject,
  around: Surroundings,
): Promise<Ledger | undefined> {
  const all = [{ environment: loaded.environment, settings: loaded.settings }, ...loaded.others];
  const found = all.find(({ environment }) => environment.name === name);
  if (found === undefined) {
    if (!existsSync(join(loaded.root, PROJECT_FILE))) return undefined;
    throw unknown(name);
  }
  return ledgerOf({ ...loaded, ...found }, around, await commitIn(loaded, around));
}

function unknown(name: string): LedgerError {
  return new LedgerError(
    "unavailable",
    `a pull of environment ${name} was interrupted, and it is not known whether its ledger has recorded it: declare the environment again, or check the manifests and remove .rollcall/batch-${name}`,
  );
}
