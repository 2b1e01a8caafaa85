import type { PathChange, ResourceDrift } from "../../model/plan.ts";
import { pathChange } from "./change.ts";
import { isMainVersion, type Decision } from "../decide/decide.ts";
import { hintsOf } from "../compare/hints.ts";
import type { Match } from "../observe/match.ts";
import { versionOf } from "../../model/object-ids.ts";
import type { UndeclaredChild } from "../observe/undeclared-children.ts";
import { compare, type Classified, type Comparison } from "../compare/threeway.ts";
import { wordingOf, type View } from "./view.ts";

/** What was changed outside Git on one resource: managed paths that differ from the baseline, and unmanaged ones. */
export function driftOf(decision: Decision, view: View): readonly ResourceDrift[] {
  const { match } = decision;
  const { address, kind, entry, live, gone } = match;
  const known = entry ?? gone;
  if (known === undefined) return [];
  const base = { address, kind: kind.kind, id: known.id };
  if (live === undefined || gone !== undefined)
    return [{ ...base, what: "deleted", changes: [], unmanaged: [] }];
  const wording = wordingOf(decision, view);
  const comparison = decision.comparison ?? orphanComparison(match);
  const changes = (comparison?.changes ?? [])
    .filter((change) => isDrift(change, decision))
    .map((change) => pathChange(change, wording))
    .map((change) => (match.desired === undefined ? notPutBack(change) : change));
  const unmanaged = (comparison?.moved ?? []).map((change) => pathChange(change, wording));
  // A new main version with the same content, or with the content of the manifest, changes nothing for callers.
  if (changes.length + unmanaged.length === 0) return [];
  const version = otherMain(match);
  return [{ ...base, what: "changed", changes, unmanaged, ...(version === undefined ? {} : { version }) }];
}

/** No apply changes an observed object to match its manifest, so every difference is reported, whoever made it. */
function isDrift(change: Classified, { action }: Decision): boolean {
  const isEdited = change.class === "drift" || change.class === "conflict";
  return isEdited || (action === "observe" && change.class !== "no-baseline");
}

/** Somebody has promoted a version, or made a new one. Resources that left the manifests are not checked. */
function otherMain({ kind, desired, entry, live }: Match): ResourceDrift["version"] {
  if (desired === undefined || entry?.versionId === undefined || live === undefined) return undefined;
  const { versionId } = versionOf(kind, live);
  if (versionId === undefined || versionId === entry.versionId) return undefined;
  return { before: entry.versionId, after: versionId };
}

/** What left the manifests is compared with what was last applied. */
function orphanComparison(match: Match): Comparison | undefined {
  const { desired, entry, live, kind } = match;
  if (desired !== undefined || entry === undefined || live === undefined) return undefined;
  if (entry.replaced === true || isMainVersion(match)) return undefined;
  const { applied, observed } = entry;
  return compare({ live: live.spec, desired: applied, baseline: { applied, observed } }, hintsOf(kind));
}

function notPutBack(change: PathChange): PathChange {
  const { after: _, ...rest } = change;
  return rest;
}

/** A dependent child appeared that no manifest declares. */
export function appearedChild({ parent, kind, object }: UndeclaredChild): ResourceDrift {
  return { address: parent, kind, id: object.id, what: "appeared", changes: [], unmanaged: [] };
}
