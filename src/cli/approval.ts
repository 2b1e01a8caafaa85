import { UsageError } from "./failure.ts";
import { confirm, type Io, note, noteCancelled, print } from "./io.ts";

export interface ApprovalOptions {
  readonly yes?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Before anything is sent: without a terminal, only `--yes` approves. Throws `UsageError`. */
export function checkApproval(io: Io, verb: string, { yes }: ApprovalOptions): void {
  if (yes === true || io.isInteractive) return;
  throw new UsageError(`${verb} needs approval, and there is no terminal to ask on`, "pass --yes");
}

/** Asks unless `--yes` was passed. `cancelled` is said if the answer is not yes. */
export async function approved(
  io: Io,
  question: string,
  { yes, signal }: ApprovalOptions,
  cancelled?: string,
): Promise<boolean> {
  if (yes === true || (await confirm(io, `${question} Type "yes" to continue: `, signal))) return true;
  if (cancelled !== undefined) await noteCancelled(io, `Cancelled. ${cancelled}`);
  return false;
}

interface Showing {
  readonly format: "text" | "json";
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Shows what a question is about; where standard output is for JSON, beside the question. */
export async function showBefore(io: Io, text: string, { format, yes, dryRun }: Showing): Promise<void> {
  if (format === "text") await print(io, text);
  else if (yes !== true && dryRun !== true) await note(io, text);
}
