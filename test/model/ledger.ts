import { fold } from "../../src/model/fold.ts";
import { formatLedger, parseLedger } from "../../src/ledger/format.ts";
import type { Ledger, LedgerState } from "../../src/model/ledger.ts";

/** A ledger kept as the text of its file, so that every commit goes through the format. */
export interface TextLedger extends Ledger {
  text: string | undefined;
  /** Called around every commit; throwing before it loses the commit. */
  beforeCommit: () => void;
  afterCommit: () => void;
}

export function textLedger(): TextLedger {
  const state = (): LedgerState | undefined =>
    self.text === undefined ? undefined : parseLedger(self.text, "the ledger of the model");
  const current = () => state() ?? { lineage: "model", serial: 0, entries: {} };
  const self: TextLedger = {
    place: "text",
    text: undefined,
    beforeCommit: () => undefined,
    afterCommit: () => undefined,
    read: async () => state(),
    holder: async () => undefined,
    unlock: async () => undefined,
    open: async () => ({
      get state() {
        return current();
      },
      entry: (address) => current().entries[address],
      async commit(facts) {
        self.beforeCommit();
        self.text = formatLedger(fold(current(), facts));
        self.afterCommit();
      },
      flush: async () => undefined,
      release: async () => undefined,
    }),
  };
  return self;
}
