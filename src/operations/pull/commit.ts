import type { BeginFiles, FileChange } from "../../model/file-change.ts";
import type { Json } from "../../model/json.ts";
import {
  LedgerError,
  type Fact,
  type Ledger,
  type LedgerSession,
  type LedgerState,
} from "../../model/ledger.ts";
import { isCommitted, pendingPull } from "./pending.ts";

interface Ports {
  readonly ledger: Ledger;
  readonly session: LedgerSession;
  readonly begin: BeginFiles;
}

/**
 * Writes manifests and ledger: both or nothing. The commit of the ledger decides; a process that is killed before it
 * has its files undone by the next command.
 */
export async function commitPull(
  environment: string,
  changes: readonly FileChange[],
  facts: readonly Fact[],
  { ledger, session, begin }: Ports,
): Promise<void> {
  const pending = pendingPull(environment, session.state, facts);
  const files = await begin(changes, pending as unknown as Json);
  try {
    await files.place();
    if (facts.length > 0) await session.commit(facts);
    await session.flush();
  } catch (error) {
    if (!(error instanceof LedgerError)) await files.undo();
    else if (!isCommitted(pending, await stateAfter(ledger, error))) await files.undo();
    else return files.close();
    throw error;
  }
  await files.close();
}

/** A ledger that failed may have stored the commit. If it cannot be read now, the next command finds out. */
async function stateAfter(ledger: Ledger, failure: LedgerError): Promise<LedgerState | undefined> {
  try {
    return await ledger.read();
  } catch (error) {
    throw error instanceof LedgerError ? failure : error;
  }
}
