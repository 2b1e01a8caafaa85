import type { Address } from "./address.ts";
import { entriesIn, type Fact, type Intent, type LedgerEntry, type LedgerState } from "./ledger.ts";

/** A state under construction. Adding a fact costs the same however much the ledger holds. */
export interface Book {
  readonly lineage: string;
  serial: number;
  account: string | undefined;
  readonly entries: Map<Address, LedgerEntry>;
  readonly intents: Map<string, Intent>;
}

export function openBook({ lineage, serial, account, entries, intents = [] }: LedgerState): Book {
  return {
    lineage,
    serial,
    account,
    entries: new Map(entriesIn(entries)),
    intents: new Map(intents.map((intent) => [intent.id, intent])),
  };
}

export function stateOf({ lineage, serial, account, entries, intents }: Book): LedgerState {
  return {
    lineage,
    serial,
    ...(account === undefined ? {} : { account }),
    entries: Object.fromEntries(entries),
    ...(intents.size === 0 ? {} : { intents: [...intents.values()] }),
  };
}

/** The state after these commits, each a list of facts. Pure. */
export function fold(state: LedgerState, ...commits: readonly (readonly Fact[])[]): LedgerState {
  const book = openBook(state);
  for (const facts of commits) write(book, facts);
  return stateOf(book);
}

/** Adds one commit to a book: its facts in order, and one to the serial. */
export function write(book: Book, facts: readonly Fact[]): void {
  for (const fact of facts) add(book, fact);
  book.serial += 1;
}

function add(book: Book, fact: Fact): void {
  const { entries, intents } = book;
  switch (fact.fact) {
    case "keyed":
      book.account = fact.account;
      break;
    case "intended":
      for (const intent of fact.intents) intents.set(intent.id, intent);
      break;
    case "answered": {
      const intent = intents.get(fact.intent);
      const { objectId, stored } = fact;
      if (intent !== undefined)
        intents.set(intent.id, { ...intent, objectId, ...(stored === undefined ? {} : { stored }) });
      break;
    }
    case "verified":
    case "observed":
    case "adopted":
      entries.set(fact.address, withVersions(entries.get(fact.address), fact.entry));
      break;
    case "forgotten":
      entries.delete(fact.address);
      break;
    case "closed":
      for (const id of fact.intents) intents.delete(id);
  }
}

/** Of an object with very many versions, who made the oldest is forgotten. */
const MOST_VERSIONS = 200;

/** An entry with the versions that the one before it has of the same object. */
export function withVersions(before: LedgerEntry | undefined, entry: LedgerEntry): LedgerEntry {
  const [known = [], fresh = []] = [before?.id === entry.id ? before.madeVersions : [], entry.madeVersions];
  const all = [...new Set([...known, ...fresh])];
  return all.length === fresh.length ? entry : { ...entry, madeVersions: all.slice(-MOST_VERSIONS) };
}
