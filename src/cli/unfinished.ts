import { journalsIn, readJournal } from "../host/files/journal.ts";
import { editPurposeIn } from "../model/file-change.ts";
import { visible } from "../model/visible.ts";
import type { LoadedProject } from "../schema/load.ts";
import type { SettledChange } from "../workspace/unfinished.ts";
import { note, type Io } from "./io.ts";
import { nextCommand, type Place } from "./next-command.ts";
import { around } from "./surroundings.ts";

export const PROMOTION = "versions promote";

/** Ends what commands left that were cut off while they changed files, and says so. True where files may have changed. */
export async function settleChanges(io: Io, loaded: LoadedProject): Promise<boolean> {
  const { settleUnfinished, unfinishedChanges } = await import("../workspace/unfinished.ts");
  if (unfinishedChanges(loaded).length === 0) return false;
  const holder = { who: io.who, host: io.host, pid: io.pid, operation: "undo changes to files" };
  const settled = await settleUnfinished(loaded, around(io), holder);
  for (const one of settled) await note(io, visible(said(one)));
  return true;
}

/** For commands that do not open the ledger: what was found, and what to do. */
export async function noteUnfinished(io: Io, root: string, place: Place): Promise<void> {
  const names = journalsIn(root);
  if (names.length === 0) return;
  const what = names.map((name) => `${changeIn(root, name)} of environment ${name}`).join(" and ");
  const text = `note: ${what} is under way or was interrupted, so some of its files may be missing; to finish or undo it, run: ${nextCommand(["plan"], place)}`;
  await note(io, visible(text));
}

function changeIn(root: string, name: string): string {
  const command = commandIn(root, name);
  if (command === undefined) return "a pull";
  return command === PROMOTION ? "a promotion" : `a change to files (${command})`;
}

function commandIn(root: string, name: string): string | undefined {
  try {
    return editPurposeIn(readJournal(root, name)?.purpose ?? null)?.command;
  } catch {
    // What is wrong with the journal is said by the command that ends the change.
    return undefined;
  }
}

function said({ command, environment, what, edited }: SettledChange): string {
  if (what === "finished") return `note: finished an interrupted pull of environment ${environment}`;
  const text =
    command === "pull"
      ? `note: undid an interrupted pull of environment ${environment}: it wrote no ledger entry; run it again`
      : `note: undid an interrupted ${command}; run it again`;
  return edited.length === 0
    ? text
    : `${text}\nnote: it wrote these files, and they were edited since, so they are left: ${edited.join(", ")}`;
}
