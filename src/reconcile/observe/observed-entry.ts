import { equal, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerEntry } from "../../model/ledger.ts";
import type { Pointer } from "../../model/pointer.ts";
import type { LiveObject } from "../../model/provider.ts";
import { taken } from "../compare/by-path.ts";
import { canonical } from "../compare/canonical.ts";
import { hintsOf, type Hints } from "../compare/hints.ts";
import { withComparableDigests } from "../compare/outdated-digests.ts";
import { redacted } from "../compare/redact.ts";
import { compare, type Comparison } from "../compare/threeway.ts";
import { withIgnored } from "./desired.ts";
import { entryOf } from "./entry.ts";

/** An observed resource: its manifest with references resolved, and what the ledger has of it. */
export interface ObservedResource {
  readonly desired: JsonObject;
  readonly ignored: readonly Pointer[];
  readonly entry: LedgerEntry | undefined;
  readonly isProtected: boolean;
  readonly commit?: string | undefined;
}

/**
 * Where the live object of an observed resource differs from its manifest. A field that left the manifest is not watched
 * any more, and what is live stays.
 */
export function differencesFrom(comparison: Comparison, live: LiveObject): Comparison {
  const changes = comparison.changes.filter((change) => change.class !== "unset");
  return { ...comparison, target: live.spec, changes, released: [] };
}

/**
 * What the ledger learns of an observed object. Where live and manifest are equal, the value counts as applied. Where
 * they differ, the ledger keeps what it has: somebody's edit stays one, however often apply runs.
 */
export function observedEntry(kind: Kind, live: LiveObject, resource: ObservedResource): LedgerEntry {
  const hints = hintsOf(kind);
  const { ignored, isProtected, commit } = resource;
  const desired = withIgnored(resource.desired, live.spec, ignored, hints);
  const { entry: known } = resource;
  const entry = known && (withComparableDigests(known, { live: live.spec, desired }, hints) ?? known);
  const baseline = entry && { applied: entry.applied, observed: entry.observed };
  const compared = compare({ live: live.spec, desired, baseline }, hints);
  const { changes } = differencesFrom(compared, live);
  const kept = changes.filter((change) => change.class !== "no-baseline");
  const pathsOf = (all: typeof changes) => all.map(({ path }) => path);
  const agreed = redacted(withIgnored(desired, undefined, ignored, hints), hints);
  const without = taken(agreed, undefined, pathsOf(changes), hints);
  const isEdited = kept.some((change) => change.class === "drift" || change.class === "conflict");
  const fresh = entryOf(kind, live, {
    applied: taken(without, entry?.applied, pathsOf(kept), hints),
    observed: taken(redacted(live.spec, hints), entry?.observed, pathsOf(kept), hints),
    isProtected,
    isObserved: true,
    commit,
  });
  const versionId = isEdited ? entry?.versionId : undefined;
  return versionId === undefined ? fresh : { ...fresh, versionId };
}

/** Whether two entries are equal, except for ignored paths. */
export function isSameEntry(
  one: LedgerEntry,
  other: LedgerEntry,
  ignored: readonly Pointer[],
  hints: Hints,
): boolean {
  const form = (spec: JsonObject) => canonical(withIgnored(spec, undefined, ignored, hints), hints);
  return (
    one.id === other.id &&
    one.observe === other.observe &&
    one.protect === other.protect &&
    one.versionId === other.versionId &&
    equal(form(one.applied), form(other.applied)) &&
    equal(form(one.observed), form(other.observed))
  );
}
