import type { Kind } from "../../model/kind.ts";
import type { LedgerEntry } from "../../model/ledger.ts";
import type { LiveObject } from "../../model/provider.ts";
import { versionOf } from "../../model/object-ids.ts";

/** What is known of an object besides its values. */
interface Knowledge extends Pick<LedgerEntry, "applied" | "observed"> {
  readonly isProtected: boolean;
  readonly isObserved?: boolean | undefined;
  /** It was found by its name alone. */
  readonly isFound?: boolean;
  readonly commit?: string | undefined;
  /** The entry before. */
  readonly base?: LedgerEntry | undefined;
}

/** The ledger entry of a live object. */
export function entryOf(
  kind: Kind,
  live: LiveObject,
  { applied, observed, isProtected, isObserved, isFound, commit, base }: Knowledge,
): LedgerEntry {
  return {
    ...base,
    kind: kind.kind,
    id: live.id,
    applied,
    observed,
    ...versionOf(kind, live),
    ...(isProtected ? { protect: true as const } : {}),
    ...(isObserved === true ? { observe: true as const } : {}),
    ...(isFound === true ? { found: true as const } : {}),
    ...(commit === undefined ? {} : { commit }),
  };
}
