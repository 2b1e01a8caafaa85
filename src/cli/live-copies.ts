import { SelectionError } from "../operations/account/account.ts";
import type { PullChoices } from "../operations/pull/choices.ts";
import type { PullFiles } from "../operations/pull/files.ts";
import { pull } from "../operations/pull/pull.ts";
import type { PullResult } from "../model/pull-result.ts";
import type { Kind } from "../model/kind.ts";
import { visible } from "../report/safe.ts";
import { connected, type ConnectedWorkspace } from "../workspace/open.ts";
import { Refused, UnknownOutcome, UsageError } from "./failure.ts";
import { confirm, noteCancelled, type Io } from "./io.ts";
import { KINDS, type ProjectOptions } from "./project.ts";
import { openPullFiles } from "./pull-files.ts";
import { around } from "./surroundings.ts";
import { clientOptions, lockOf } from "./workspace.ts";

/** The options of commands that make live objects and pull them. */
export interface CopiesOptions extends ProjectOptions {
  readonly project?: string;
  readonly yes?: boolean;
  readonly layout: PullChoices["layout"];
  readonly parallelism: number;
  readonly lockTimeout: number;
}

/** A project and its account, to make live objects in and to pull them. */
export interface CopiesSetting {
  readonly io: Io;
  readonly options: CopiesOptions;
  readonly files: PullFiles;
  readonly workspace: ConnectedWorkspace;
  /** The kind whose objects the API copies. */
  readonly kind: Kind;
}

/** Refuses, before anything is sent, if nobody can be asked or no file can be written. */
export async function openCopies(io: Io, command: string, options: CopiesOptions): Promise<CopiesSetting> {
  if (options.yes !== true && !io.isInteractive)
    throw new UsageError(`${command} needs approval, and there is no terminal to ask on`, "pass --yes");
  const kind = [...KINDS.values()].find(({ hasCopies }) => hasCopies === true);
  if (kind === undefined) throw new Error("no kind has copies");
  const files = await openPullFiles(io, options.project, options);
  const { environment } = files.loaded;
  if (environment.observe)
    throw new Refused(`environment ${environment.name} is observed: nothing is written there`);
  const workspace = await connected(files.loaded, around(io), clientOptions(io, options));
  return { io, options, files, workspace, kind };
}

/** Checked before the live object is made, because the ledger is needed after that. */
export async function checkUnlocked({ workspace }: CopiesSetting): Promise<void> {
  const holder = await workspace.ledger.holder();
  if (holder === undefined) return;
  throw new Refused(
    `the ledger is locked by ${visible(holder.who)} (${visible(holder.operation)})`,
    "wait for the end of that run",
  );
}

/** Whether it may be done; a cancelled command has sent nothing. */
export async function isApproved({ io, options }: CopiesSetting, question: string): Promise<boolean> {
  if (options.yes === true) return true;
  if (await confirm(io, `${visible(question)} Type "yes" to continue: `, io.interruption())) return true;
  await noteCancelled(io, "Cancelled. Nothing was sent.");
  return false;
}

/** Manifests for new live objects, by their ids. */
export async function pullNew(
  { io, options, files, workspace }: CopiesSetting,
  ids: readonly string[],
  addresses: PullChoices["addresses"],
): Promise<PullResult> {
  const choices: PullChoices = {
    selectors: ids,
    tags: [],
    unmanaged: false,
    dependencies: true,
    versions: "canary",
    fields: "set",
    layout: options.layout,
    ...(addresses !== undefined && { addresses }),
  };
  try {
    return await pull(workspace, files, choices, { ...lockOf(io, "pull", options), write: true });
  } catch (error) {
    // Lists may not show yet what is new.
    if (!(error instanceof SelectionError)) throw error;
    throw new UnknownOutcome(`it exists at Telnyx, and no manifest was written: ${error.message}`, {
      to: "to write it",
      run: ["pull", ...ids],
    });
  }
}
