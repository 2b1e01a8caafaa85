import { journalsIn } from "../host/files/journal.ts";
import { visible } from "../report/safe.ts";
import type { LoadedProject } from "../schema/load.ts";
import type { SettledPull } from "../workspace/unfinished.ts";
import { note, type Io } from "./io.ts";
import { around } from "./surroundings.ts";

/** Ends what pulls left that were cut off, and says so. True where files may have changed. */
export async function settlePulls(io: Io, loaded: LoadedProject): Promise<boolean> {
  const { settleUnfinished, unfinishedPulls } = await import("../workspace/unfinished.ts");
  if (unfinishedPulls(loaded).length === 0) return false;
  const holder = { who: io.who, host: io.host, pid: io.pid, operation: "undo pull" };
  const settled = await settleUnfinished(loaded, around(io), holder);
  for (const one of settled) await note(io, visible(said(one)));
  return true;
}

/** For commands that do not open the ledger: what was found, and what to do. */
export async function notePulls(io: Io, root: string): Promise<void> {
  const names = journalsIn(root);
  if (names.length === 0) return;
  const text = `note: a pull of environment ${names.join(", ")} is under way or was interrupted, so some of its files may be missing; to finish or undo it, run: rollcall plan`;
  await note(io, visible(text));
}

function said({ environment, what, edited }: SettledPull): string {
  if (what === "finished") return `note: finished an interrupted pull of environment ${environment}`;
  const text = `note: undid an interrupted pull of environment ${environment}: it wrote no ledger entry; run it again`;
  return edited.length === 0
    ? text
    : `${text}\nnote: it wrote these files, and they were edited since, so they are left: ${edited.join(", ")}`;
}
