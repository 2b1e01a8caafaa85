import type { Address } from "../model/address.ts";
import { isList, isObject, type Json, type JsonObject, mapItems, mapMembers } from "../model/json.ts";
import type { Fact, Intent, Ledger, LedgerState, LockHolder } from "../model/ledger.ts";
import { isReference } from "../model/resource.ts";

/** Who takes the lock of the ledger, and how long to wait for it. */
export interface LockRequest {
  readonly holder: LockHolder;
  readonly lockTimeout: number;
}

/** `intent`: the ledger had only open intents of an interrupted run for the address. */
export type MendOutcome = "done" | "intent" | "unknown" | "taken";

/** Gives an entry another address; the live object is kept. */
export function moveEntry(
  ledger: Ledger,
  { from, to }: { readonly from: Address; readonly to: Address },
  lock: LockRequest,
): Promise<MendOutcome> {
  return mend(ledger, lock, ({ entries, intents = [] }) => {
    const entry = entries[from];
    const isMeant = intents.some(({ address }) => address === from);
    if (entry === undefined && !isMeant) return "unknown";
    if (entries[to] !== undefined) return "taken";
    const moved = intents.map((intent) => movedIntent(intent, from, to));
    const facts = moved.length === 0 ? [] : [{ fact: "intended" as const, intents: moved }];
    return entry === undefined
      ? facts
      : [...facts, { fact: "forgotten", address: from }, { fact: "observed", address: to, entry }];
  });
}

/** An intent of an interrupted run moves to the new address, and so do its references to the old one. */
function movedIntent(intent: Intent, from: Address, to: Address): Intent {
  const { address, step, after } = intent;
  return {
    ...intent,
    ...(address === from ? { address: to, step: `${to}${step.slice(address.length)}` } : {}),
    ...(after === undefined ? {} : { after: withReferences(after, from, to) as JsonObject }),
  };
}

function withReferences(value: Json, from: Address, to: Address): Json {
  if (isList(value)) return mapItems(value, (item) => withReferences(item, from, to));
  if (!isObject(value)) return value;
  if (isReference(value) && value.ref === from) return { ...value, ref: to };
  return mapMembers(value, (member) => withReferences(member, from, to));
}

/** Stops managing an object: it stays live, and its entry and the open intents about it are removed. */
export async function forgetEntry(ledger: Ledger, address: Address, lock: LockRequest): Promise<MendOutcome> {
  let isKnown = false;
  const outcome = await mend(ledger, lock, ({ entries, intents = [] }) => {
    const entry = entries[address];
    isKnown = entry !== undefined;
    const about = intents.filter(
      (intent) =>
        intent.address === address ||
        (entry !== undefined && intent.kind === entry.kind && intent.objectId === entry.id),
    );
    if (!isKnown && about.length === 0) return "unknown";
    return [
      ...(isKnown ? [{ fact: "forgotten" as const, address }] : []),
      ...(about.length === 0 ? [] : [{ fact: "closed" as const, intents: about.map(({ id }) => id) }]),
    ];
  });
  return outcome === "done" && !isKnown ? "intent" : outcome;
}

async function mend(
  ledger: Ledger,
  { holder, lockTimeout }: LockRequest,
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
