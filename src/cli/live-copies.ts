import { SelectionError } from "../operations/account/account.ts";
import type { PullChoices } from "../operations/pull/choices.ts";
import type { PullFiles } from "../operations/pull/files.ts";
import { pull } from "../operations/pull/pull.ts";
import type { PullResult } from "../model/pull-result.ts";
import type { Kind } from "../model/kind.ts";
import { visible } from "../model/visible.ts";
import { connected, type ConnectedWorkspace } from "../workspace/open.ts";
import { Refused, UnknownOutcome } from "./failure.ts";
import { type Io } from "./io.ts";
import { KINDS, type ProjectOptions } from "./project.ts";
import { openPullFiles } from "./pull-files.ts";
import { around } from "./surroundings.ts";
import { clientOptions, lockOf } from "./workspace.ts";
import { approved, checkApproval } from "./approval.ts";
import { ProviderError } from "../model/provider.ts";

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
  checkApproval(io, command, options);
  const kind = [...KINDS.values()].find(({ hasCopies }) => hasCopies === true);
  if (kind === undefined) throw new Error("no kind has copies");
  const files = await openPullFiles(io, options.project, options);
  const { environment } = files.loaded;
  if (environment.observe)
    throw new Refused(`environment ${environment.name} is observed: nothing is written there`);
  const workspace = await connected(files.loaded, around(io), clientOptions(io, options));
  return { io, options, files, workspace, kind };
}

/**
 * Checked before the live object is made, because the ledger is needed after that. The lock of a killed process is taken over.
 * Throws `LedgerError` while another command holds the lock.
 */
export async function checkUnlocked({ io, options, workspace }: CopiesSetting): Promise<void> {
  const { holder, lockTimeout } = lockOf(io, "pull", options);
  const session = await workspace.ledger.open(holder, lockTimeout);
  await session.release();
}

/** Whether it may be done; a cancelled command has sent nothing. */
export async function isApproved({ io, options }: CopiesSetting, question: string): Promise<boolean> {
  if (options.yes === true) return true;
  return approved(io, visible(question), { signal: io.interruption() }, "Nothing was sent.");
}

/** What to throw after a request that made live objects: it may have made them if the API did not say. */
export function inDoubt(error: unknown, to: string): unknown {
  if (!(error instanceof ProviderError) || error.failure.effect !== "unknown") return error;
  const next = { to, run: ["get", "assistants", "--unmanaged"] };
  return new UnknownOutcome(error.message, next, error.failure);
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
