import type { Address } from "../../model/address.ts";
import { equal, type Json } from "../../model/json.ts";
import type { LedgerCommit, LedgerState, LockHolder } from "../../model/ledger.ts";
import { visible } from "../../model/visible.ts";
import type { CommitText } from "./objects.ts";

export interface Session {
  readonly holder: LockHolder;
  readonly before: LedgerState;
  /** The Git commit of the manifests. */
  readonly source?: string | undefined;
}

/** One commit of the log: a subject line and the facts below it. */
export function commitMessage({ holder, before, source }: Session, state: LedgerState): string {
  const facts = {
    Serial: String(state.serial),
    Who: holder.who,
    Host: holder.host,
    ...(source === undefined ? {} : { Source: source }),
  };
  const lines = Object.entries(facts).map(([key, value]) => `${key}: ${visible(value)}`);
  return `${visible(holder.operation)}: ${whatChanged(before, state)}\n\n${lines.join("\n")}\n`;
}

/** `2 added, 1 removed, 3 steps open` */
export function whatChanged(before: LedgerState, after: LedgerState): string {
  const addresses = [...new Set([...Object.keys(before.entries), ...Object.keys(after.entries)])] as Address[];
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const address of addresses) {
    const [old, young] = [before.entries[address], after.entries[address]];
    if (old === undefined) counts.added += 1;
    else if (young === undefined) counts.removed += 1;
    else if (old !== young && !equal(old as unknown as Json, young as unknown as Json)) counts.changed += 1;
  }
  const open = after.intents?.length ?? 0;
  const parts = [
    ...Object.entries(counts).flatMap(([word, count]) => (count === 0 ? [] : [`${count} ${word}`])),
    ...(open === 0 ? [] : [`${open} ${open === 1 ? "step" : "steps"} open`]),
  ];
  return parts.length === 0 ? "no changes" : parts.join(", ");
}

/** What `commitMessage` wrote; `undefined` for commits of others. */
export function readMessage({ at, message }: CommitText): LedgerCommit | undefined {
  const [what = "", ...rest] = message.split("\n");
  const fact = (key: string) => rest.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2);
  const [serial, who, source] = [fact("Serial"), fact("Who"), fact("Source")];
  if (serial === undefined || !/^\d+$/.test(serial) || who === undefined) return undefined;
  return {
    serial: Number(serial),
    who: visible(who),
    at,
    what: visible(what),
    ...(source === undefined ? {} : { source: visible(source) }),
  };
}
