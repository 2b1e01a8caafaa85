import { type Diagnostic, errorsIn } from "../model/diagnostic.ts";
import { findWith, type FoundObject } from "../operations/account/find.ts";
import { PROJECT_FILE } from "../schema/read/discover.ts";
import { IGNORE_FILE } from "../schema/project/live-ignores.ts";
import { MOST_AT_A_TIME } from "../providers/telnyx/client/window.ts";
import { connected } from "../workspace/open.ts";
import { note, type Io } from "./io.ts";
import { UsageError } from "./failure.ts";
import { nextCommand } from "./next-command.ts";
import { failedBy } from "./problems.ts";
import { load, type ProjectOptions } from "./project.ts";
import { around } from "./surroundings.ts";
import { noteUnfinished } from "./unfinished.ts";
import { clientOptions, isAboutNothing, type OpenWorkspace } from "./workspace.ts";

export interface AccountOptions extends ProjectOptions {
  readonly project?: string;
  readonly parallelism?: number;
}

/** An account, and what the project knows of it. */
export type OpenAccount = Omit<OpenWorkspace, "planKey">;

/** From the first call on, Ctrl-C does not end the process but aborts the signal. */
type Interruption = () => AbortSignal;

/** Opens the account, does some work in it, and closes it. */
export async function withAccount<T>(
  io: Io,
  options: AccountOptions,
  work: (workspace: OpenAccount, interruption: Interruption) => Promise<T>,
): Promise<T> {
  const workspace = await openAccount(io, options);
  let signal: AbortSignal | undefined;
  try {
    return await work(workspace, () => (signal ??= io.interruption()));
  } finally {
    // After an interruption, the last request may never be answered.
    if (signal?.aborted !== true) await workspace.provider.close();
  }
}

/** The same with the one assistant that a text means. */
export function withAssistant<T>(
  io: Io,
  assistant: string,
  options: AccountOptions,
  work: (found: FoundObject, workspace: OpenAccount, interruption: Interruption) => Promise<T>,
): Promise<T> {
  return withAccount(io, options, async (workspace, interruption) =>
    work(await assistantIn(workspace, assistant), workspace, interruption),
  );
}

export function assistantIn(workspace: OpenAccount, text: string): Promise<FoundObject> {
  return findWith(workspace, text, ({ converses }) => converses === true);
}

/** A workspace for looking at the account. It needs no project; what is wrong with manifests does not end the command. */
async function openAccount(io: Io, options: AccountOptions): Promise<OpenAccount> {
  const { parallelism = MOST_AT_A_TIME } = options;
  const loaded = await load(io, options.project, { ...options, mayShareNames: true });
  await noteUnfinished(io, loaded.root, options);
  const errors = errorsIn(loaded.diagnostics);
  const blocking = errors.filter(isBlocking);
  if (blocking.length > 0) await failedBy(io, { diagnostics: blocking, sources: loaded.sourceText }, options);
  if (errors.some((one) => !isAboutNothing(one)))
    await note(io, `note: some manifests have errors; to see them, run: ${nextCommand(["validate"], options)}`);
  return { ...(await connected(loaded, around(io), clientOptions(io, { ...options, parallelism }))), loaded };
}

/**
 * For what manifests decide: what cannot be read may say otherwise. `unknown` is what is not known then, such as `which tags
 * they declare`. Throws `UsageError`.
 */
export function checkReadable({ loaded }: Pick<OpenAccount, "loaded">, unknown: string): void {
  if (errorsIn(loaded.diagnostics).every(isAboutNothing)) return;
  throw new UsageError(`some manifests have errors, so it is not known ${unknown}`, {
    to: "to see the errors",
    run: ["validate"],
  });
}

/** Without the project file, or the folder, it is not known which key and which ledger are meant. */
function isBlocking(diagnostic: Diagnostic): boolean {
  const { code, range } = diagnostic;
  const isUnreadable = /^RC[12]/.test(code) && [PROJECT_FILE, IGNORE_FILE].includes(range?.file ?? "");
  const isWithoutPlace = range === undefined;
  return !isAboutNothing(diagnostic) && (code.startsWith("RC4") || isUnreadable || isWithoutPlace);
}
