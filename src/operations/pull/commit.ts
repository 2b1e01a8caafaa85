import type { Json } from "../../model/json.ts";
import {
  LedgerError,
  type Fact,
  type Ledger,
  type LedgerSession,
  type LedgerState,
} from "../../model/ledger.ts";
import { isCommitted, pendingPull } from "./pending.ts";

/** A new text of a file of the project; `digest` is that of the file as it was read, absent for a new one. */
export interface NewText {
  readonly file: string;
  readonly text: string;
  readonly digest?: string;
}

/** A file of the project that is deleted; `digest` is that of the file as it was read. */
export interface DeletedFile {
  readonly file: string;
  readonly digest: string;
}

/** Files that are written together and can be undone, also by the next command if the process is killed. */
export interface OpenFiles {
  place(): Promise<void>;
  /** Returns the files that somebody edited meanwhile, which are left. */
  undo(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Begins to write files. Nothing of them is written when it returns. */
export type BeginFiles = (changes: readonly (NewText | DeletedFile)[], purpose: Json) => Promise<OpenFiles>;

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
  texts: readonly NewText[],
  facts: readonly Fact[],
  { ledger, session, begin }: Ports,
): Promise<void> {
  const pending = pendingPull(environment, session.state, facts);
  const files = await begin(texts, pending as unknown as Json);
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

/** A ledger that failed may have kept what it was told. Where it cannot be asked, the next command finds out. */
async function stateAfter(ledger: Ledger, failure: LedgerError): Promise<LedgerState | undefined> {
  try {
    return await ledger.read();
  } catch (error) {
    throw error instanceof LedgerError ? failure : error;
  }
}
