import { LedgerError, type LedgerState, type LockHolder } from "../model/ledger.ts";
import { formatLedger } from "./format.ts";
import type { MovableLedger } from "./session.ts";

/**
 * Copies the state of one ledger into another, lineage and serial included, and reads it back. The one it came from
 * stays as it is. Throws `LedgerError` unless the other is empty or an earlier state of the same ledger.
 */
export async function migrateLedger(
  from: MovableLedger,
  to: MovableLedger,
  holder: LockHolder,
  timeout: number,
): Promise<LedgerState> {
  if (from.place === to.place) {
    throw new LedgerError("unavailable", `the ledger is already in ${from.place}`);
  }
  const source = await from.open(holder, timeout);
  try {
    const { state } = source;
    if (state.serial === 0) throw new LedgerError("unavailable", `there is no ledger in ${from.place}`);
    const target = await to.open(holder, timeout);
    try {
      checkTarget(state, target.state, to.place);
      await target.restore(state);
    } finally {
      await target.release();
    }
    const read = await to.read();
    if (read === undefined || formatLedger(read) !== formatLedger(state)) {
      const message = `${to.place} did not return the written ledger; ${from.place} is unchanged: keep using it`;
      throw new LedgerError("corrupt", message);
    }
    return state;
  } finally {
    await source.release();
  }
}

function checkTarget(state: LedgerState, found: LedgerState, place: string): void {
  if (found.serial === 0) return;
  if (found.lineage !== state.lineage) {
    throw new LedgerError("changed", `${place} contains another ledger: use an empty place`);
  }
  if (found.serial >= state.serial) {
    const message = `${place} contains the same ledger at serial ${found.serial}, which is not older than ${state.serial}: nothing was copied`;
    throw new LedgerError("changed", message);
  }
}
