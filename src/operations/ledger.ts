import type { Address } from "../model/address.ts";
import type { Fact, Ledger, LedgerEntry, LockHolder } from "../model/ledger.ts";

export type MendOutcome = "done" | "unknown" | "taken";

/** Gives an entry another address; the object stays. */
export function moveEntry(
  ledger: Ledger,
  from: Address,
  to: Address,
  holder: LockHolder,
  lockTimeout: number,
): Promise<MendOutcome> {
  return mend(ledger, holder, lockTimeout, (entries) => {
    const entry = entries[from];
    if (entry === undefined) return "unknown";
    if (entries[to] !== undefined) return "taken";
    return [
      { fact: "forgotten", address: from },
      { fact: "observed", address: to, entry },
    ];
  });
}

/** Lets go of an object: it stays live, and Rollcall no longer knows it. */
export function forgetEntry(
  ledger: Ledger,
  address: Address,
  holder: LockHolder,
  lockTimeout: number,
): Promise<MendOutcome> {
  return mend(ledger, holder, lockTimeout, (entries) =>
    entries[address] === undefined ? "unknown" : [{ fact: "forgotten", address }],
  );
}

type Entries = Readonly<Record<Address, LedgerEntry>>;

async function mend(
  ledger: Ledger,
  holder: LockHolder,
  lockTimeout: number,
  change: (entries: Entries) => readonly Fact[] | "unknown" | "taken",
): Promise<MendOutcome> {
  const session = await ledger.open(holder, lockTimeout);
  try {
    const changes = change(session.state.entries);
    if (typeof changes === "string") return changes;
    await session.commit(changes);
    return "done";
  } finally {
    await session.release();
  }
}
