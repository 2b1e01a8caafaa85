import { LedgerError, type LedgerState } from "../../model/ledger.ts";
import { formatLedger } from "../format.ts";
import { startHeartbeat } from "../heartbeat.ts";
import { HEARTBEAT, ledgerChanged, LIFETIME, lockLost, remaining } from "../holder.ts";
import type { Store } from "../session.ts";
import { dropGitLock, readGitLock, renewal, type GitLock } from "./lock.ts";
import { commitMessage, type Session } from "./message.ts";
import { writeCommit } from "./objects.ts";
import { updateRefs, type RefChange, type UpdateOutcome } from "./refs.ts";
import type { Scratch } from "./scratch.ts";

/** The one file in the tree of every commit. */
export const LEDGER_FILE = "ledger.json";

export interface GitStoreOptions {
  readonly scratch: Scratch;
  readonly ref: string;
  readonly lock: GitLock;
  /** The commit that the session begins with; none in a new ledger. */
  readonly tip: string | undefined;
  readonly session: Session;
  readonly email?: string | undefined;
  readonly onNotice?: ((message: string) => void) | undefined;
}

/**
 * Pushes the state as the one commit of this session: a later state replaces the earlier commit, so that the log has a
 * commit for each apply. Every push renews the lock at the same time, and so fails when the lock is no longer held.
 */
export function gitStore(options: GitStoreOptions): Store {
  const { scratch, onNotice } = options;
  const { place, runtime } = scratch;
  const refs = new SessionRefs(options);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const result = last.then(act);
    last = result.catch(() => undefined);
    return result;
  };
  const beat = startHeartbeat(runtime, () =>
    inTurn(async () => {
      // A push has just renewed it.
      if (remaining(refs.lock.held, runtime) < LIFETIME - HEARTBEAT / 2) await refs.renew();
    }),
  );
  return {
    save: (state) => inTurn(() => refs.save(state)),
    async release() {
      await beat.stop();
      try {
        await inTurn(() => dropGitLock(scratch, refs.lock));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const end = refs.lock.held.expires ?? "it is removed";
        onNotice?.(`the lock of ${place} was not removed and holds until ${end}: ${why}`);
      } finally {
        await scratch.close();
      }
    },
  };
}

/** The lock and the ledger ref, as this session has pushed them. */
class SessionRefs {
  lock: GitLock;
  private readonly options: GitStoreOptions;
  private current: string | undefined;
  private parents: readonly string[];
  private isAtomic = true;

  constructor(options: GitStoreOptions) {
    const { lock, tip } = options;
    this.options = options;
    this.lock = lock;
    this.current = tip;
    this.parents = tip === undefined ? [] : [tip];
  }

  async renew(): Promise<void> {
    const { scratch } = this.options;
    const [next, change] = await renewal(scratch, this.lock);
    if ((await updateRefs(scratch, [change])) !== "done") throw await this.lost();
    this.lock = next;
  }

  async save(state: LedgerState): Promise<LedgerState> {
    const { scratch, session, email, ref } = this.options;
    const file = { name: LEDGER_FILE, text: formatLedger(state) };
    for (;;) {
      const { who, host } = session.holder;
      const message = commitMessage(session, state);
      const { parents } = this;
      const to = await writeCommit(scratch, { message, parents, who, host, email, file });
      const outcome = await this.push({ ref, from: this.current, to });
      if (outcome === "changed") throw await this.lost();
      if (outcome === "done") {
        this.current = to;
        return state;
      }
      if (outcome === "no-atomic") this.isAtomic = false;
      else if (this.current !== undefined && !parents.includes(this.current)) this.parents = [this.current];
      else throw notReplaced(scratch.place, ref);
    }
  }

  private async push(change: RefChange): Promise<UpdateOutcome> {
    const { scratch } = this.options;
    if (!this.isAtomic) {
      await this.renew();
      return updateRefs(scratch, [change]);
    }
    const [next, lockChange] = await renewal(scratch, this.lock);
    const outcome = await updateRefs(scratch, [change, lockChange]);
    if (outcome === "done") this.lock = next;
    return outcome;
  }

  private async lost(): Promise<LedgerError> {
    const { scratch } = this.options;
    const found = await readGitLock(scratch, this.lock.ref);
    if (found?.held.token !== this.lock.held.token) return lockLost(scratch.place, found?.held);
    return ledgerChanged(scratch.place);
  }
}

function notReplaced(place: string, ref: string): LedgerError {
  return new LedgerError(
    "unavailable",
    `${place} cannot be written: its server refuses to replace the ref ${ref}`,
  );
}
