import { LedgerError, type LedgerState } from "../../model/ledger.ts";
import { formatLedger } from "../format.ts";
import { startHeartbeat } from "../heartbeat.ts";
import { HEARTBEAT, LIFETIME, lockLost, remaining } from "../holder.ts";
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
 * commit for each apply. Every push renews the lock in the same stroke, and so fails when the lock is no longer held.
 */
export function gitStore({ scratch, ref, tip, session, email, onNotice, ...options }: GitStoreOptions): Store {
  const { place, runtime } = scratch;
  let lock = options.lock;
  let current = tip;
  let parents = tip === undefined ? [] : [tip];
  let isAtomic = true;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const result = last.then(act);
    last = result.catch(() => undefined);
    return result;
  };
  const renew = async (): Promise<void> => {
    const [next, change] = await renewal(scratch, lock);
    if ((await updateRefs(scratch, [change])) !== "done") throw await lost();
    lock = next;
  };
  const lost = async (): Promise<LedgerError> => {
    const found = await readGitLock(scratch, lock.ref);
    if (found?.held.token !== lock.held.token) return lockLost(place, found?.held);
    return new LedgerError(
      "changed",
      `${place} was changed by another run. Nothing was overwritten. Run again`,
    );
  };
  const push = async (change: RefChange): Promise<UpdateOutcome> => {
    if (!isAtomic) {
      await renew();
      return updateRefs(scratch, [change]);
    }
    const [next, lockChange] = await renewal(scratch, lock);
    const outcome = await updateRefs(scratch, [change, lockChange]);
    if (outcome === "done") lock = next;
    return outcome;
  };
  const save = async (state: LedgerState): Promise<LedgerState> => {
    const file = { name: LEDGER_FILE, text: formatLedger(state) };
    for (;;) {
      const { who, host } = session.holder;
      const message = commitMessage(session, state);
      const to = await writeCommit(scratch, { message, parents, who, host, email, file });
      const outcome = await push({ ref, from: current, to });
      if (outcome === "changed") throw await lost();
      if (outcome === "done") {
        current = to;
        return state;
      }
      if (outcome === "no-atomic") isAtomic = false;
      else if (current !== undefined && !parents.includes(current)) parents = [current];
      else
        throw new LedgerError(
          "unavailable",
          `${place} cannot be written: its server refuses to replace the ref ${ref}`,
        );
    }
  };
  const beat = startHeartbeat(runtime, HEARTBEAT, () =>
    inTurn(async () => {
      // A push has just renewed it.
      if (remaining(lock.held, runtime) < LIFETIME - HEARTBEAT / 2) await renew();
    }),
  );
  return {
    save: (state) => inTurn(() => save(state)),
    async release() {
      await beat.stop();
      try {
        if (await inTurn(() => dropGitLock(scratch, lock))) return;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        onNotice?.(
          `the lock of ${place} was not removed and holds until ${lock.held.expires ?? "it is removed"}: ${why}`,
        );
      } finally {
        await scratch.close();
      }
    },
  };
}
