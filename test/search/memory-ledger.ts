import { withLog } from "../../src/ledger/file/log.ts";
import type { Commit } from "../../src/ledger/save-queue.ts";
import { emptyState, openSession, type Store } from "../../src/ledger/session.ts";
import type { Ledger, LedgerState } from "../../src/model/ledger.ts";
import type { Runtime } from "../../src/model/runtime.ts";

/** What stands in the folder of a ledger: the file that is committed to Git, and the log of a run that was cut off. */
export interface Shelf {
  readonly state?: LedgerState;
  readonly log?: { readonly head: LedgerState; readonly commits: readonly Commit[] };
}

/** A ledger as the `file` backend keeps it, without its files. */
export interface MemoryLedger extends Ledger {
  shelf: Shelf;
  /** Called before each change of what is kept; when it throws, neither that nor any after it happens. */
  beforeChange: () => void;
}

export function memoryLedger(runtime: Runtime): MemoryLedger {
  const read = (): LedgerState | undefined => {
    const { state, log } = self.shelf;
    return withLog(state, log === undefined ? undefined : { ...log, bytes: 0 }, "the ledger of the story");
  };
  const self: MemoryLedger = {
    place: "memory",
    shelf: {},
    beforeChange: () => undefined,
    read: async () => read(),
    holder: async () => undefined,
    unlock: async () => undefined,
    async open() {
      const state = read() ?? emptyState(runtime);
      return openSession(state, storeOn(self, state));
    },
  };
  return self;
}

function storeOn(ledger: MemoryLedger, head: LedgerState): Store {
  const { beforeChange } = ledger;
  const change = (next: (shelf: Shelf) => Shelf) => {
    beforeChange();
    ledger.shelf = next(ledger.shelf);
  };
  return {
    hasLeftovers: ledger.shelf.log !== undefined,
    async append(commits) {
      change(({ log = { head, commits: [] }, ...rest }) => {
        return { ...rest, log: { ...log, commits: [...log.commits, ...commits] } };
      });
    },
    async save(state) {
      change(({ log }) => ({ state, ...(log === undefined ? {} : { log }) }));
      change(() => ({ state }));
      return state;
    },
    release: async () => undefined,
  };
}
