import type { Address } from "../model/address.ts";
import { isList, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { Fact, Intent, Ledger, LedgerState, LockHolder } from "../model/ledger.ts";
import { isReference } from "../model/resource.ts";

export type MendOutcome = "done" | "unknown" | "taken";

/** Gives an entry another address; the object stays. */
export function moveEntry(
  ledger: Ledger,
  from: Address,
  to: Address,
  holder: LockHolder,
  lockTimeout: number,
): Promise<MendOutcome> {
  return mend(ledger, holder, lockTimeout, ({ entries, intents = [] }) => {
    const entry = entries[from];
    if (entry === undefined) return "unknown";
    if (entries[to] !== undefined) return "taken";
    const moved = intents.map((intent) => movedIntent(intent, from, to));
    return [
      ...(moved.length === 0 ? [] : [{ fact: "intended" as const, intents: moved }]),
      { fact: "forgotten", address: from },
      { fact: "observed", address: to, entry },
    ];
  });
}

/** What an interrupted run meant to write at the address, or to refer to it with, it meant for the new one. */
function movedIntent(intent: Intent, from: Address, to: Address): Intent {
  const { address, step, after } = intent;
  return {
    ...intent,
    ...(address === from ? { address: to, step: `${to}${step.slice(address.length)}` } : {}),
    ...(after === undefined ? {} : { after: withReferences(after, from, to) as JsonObject }),
  };
}

function withReferences(value: Json, from: Address, to: Address): Json {
  if (isList(value)) return value.map((item) => withReferences(item, from, to));
  if (!isObject(value)) return value;
  if (isReference(value) && value.ref === from) return { ...value, ref: to };
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withReferences(member, from, to)]),
  );
}

/** Lets go of an object: it stays live, and Rollcall no longer knows it, nor what an interrupted run meant to do to it. */
export function forgetEntry(
  ledger: Ledger,
  address: Address,
  holder: LockHolder,
  lockTimeout: number,
): Promise<MendOutcome> {
  return mend(ledger, holder, lockTimeout, ({ entries, intents = [] }) => {
    const entry = entries[address];
    if (entry === undefined) return "unknown";
    const about = intents.filter(
      (intent) => intent.address === address || (intent.kind === entry.kind && intent.objectId === entry.id),
    );
    return [
      { fact: "forgotten", address },
      ...(about.length === 0 ? [] : [{ fact: "closed" as const, intents: about.map(({ id }) => id) }]),
    ];
  });
}

async function mend(
  ledger: Ledger,
  holder: LockHolder,
  lockTimeout: number,
  change: (state: LedgerState) => readonly Fact[] | "unknown" | "taken",
): Promise<MendOutcome> {
  const session = await ledger.open(holder, lockTimeout);
  try {
    const changes = change(session.state);
    if (typeof changes === "string") return changes;
    await session.commit(changes);
    return "done";
  } finally {
    await session.release();
  }
}
