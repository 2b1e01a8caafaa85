import type { Address } from "../../model/address.ts";
import type { LedgerState } from "../../model/ledger.ts";
import { hintsOf } from "../compare/hints.ts";
import { withLiveDigests } from "../compare/outdated-digests.ts";
import type { Match } from "../observe/match.ts";
import { nameOf } from "../observe/natural-name.ts";
import { byAddress, standingIntents } from "../recover/intents.ts";
import { isAsMeant, resolvedIntent } from "../recover/own-writes.ts";

interface Source {
  readonly matches: readonly Match[];
  readonly ids: ReadonlyMap<Address, string>;
  readonly ledger: LedgerState | undefined;
}

/**
 * Resources whose object was matched only by name: neither the ledger, nor the id in the manifest, nor the creation of an
 * earlier run shows that this project manages it.
 */
export function unclaimedIn({ matches, ids, ledger }: Source): ReadonlyMap<Address, Match> {
  const open = byAddress(ledger === undefined ? [] : standingIntents(ledger));
  const unclaimed = matches.filter((match) => {
    const { address, entry, live, desired, isImported } = match;
    if (entry !== undefined || live === undefined || desired === undefined || isImported === true) return false;
    const creations = (open.get(address) ?? []).filter(({ action, kind, objectId }) => {
      return action === "create" && kind === match.kind.kind && (objectId ?? live.id) === live.id;
    });
    return !creations.some((intent) => {
      const hints = hintsOf(match.kind);
      const known = resolvedIntent(intent, match.kind, (target) => ids.get(target));
      const { after } = withLiveDigests(known, live.spec, hints, true);
      const isNamed = match.kind.identity.name === undefined || nameOf(match.kind, after ?? {}) !== undefined;
      return after !== undefined && isNamed && isAsMeant(live.spec, after, hints);
    });
  });
  return new Map(unclaimed.map((match) => [match.address, match]));
}
