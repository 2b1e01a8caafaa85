import type { Address } from "../model/address.ts";
import type { Journal, JournalChange, LedgerChange, LedgerEntry, LedgerState } from "../model/ledger.ts";

/** The state after a commit: entries set and removed, the journal begun or struck out, the serial counted up. */
export function committed(
  state: LedgerState,
  changes: readonly LedgerChange[],
  change: JournalChange | undefined,
): LedgerState {
  const entries = new Map(Object.entries(state.entries) as [Address, LedgerEntry][]);
  for (const { address, entry } of changes) {
    if (entry === undefined) entries.delete(address);
    else entries.set(address, entry);
  }
  const { journal: before, ...rest } = state;
  const journal = journalAfter(before, change);
  return {
    ...rest,
    serial: state.serial + 1,
    entries: Object.fromEntries(entries),
    ...(journal === undefined ? {} : { journal }),
  };
}

function journalAfter(journal: Journal | undefined, change: JournalChange | undefined): Journal | undefined {
  if (change === undefined) return journal;
  if ("begin" in change) return change.begin.intents.length === 0 ? undefined : change.begin;
  if (journal === undefined) return undefined;
  const intents = journal.intents.filter(({ step }) => !change.done.includes(step));
  return intents.length === 0 ? undefined : { ...journal, intents };
}
