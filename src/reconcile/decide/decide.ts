import type { Address } from "../../model/address.ts";
import type { IsIgnored } from "../../model/ignored.ts";
import { equal, type JsonObject } from "../../model/json.ts";
import type { Action } from "../../model/plan.ts";
import type { PlanChoices } from "../../model/plan-choices.ts";
import { isBelow, segments } from "../../model/pointer.ts";
import type { LiveObject } from "../../model/provider.ts";
import { canonical } from "../compare/canonical.ts";
import { redacted } from "../compare/redact.ts";
import { withIgnored, type Desired } from "../observe/desired.ts";
import { nameOf } from "../observe/natural-name.ts";
import { hintsOf, type Hints } from "../compare/hints.ts";
import { differencesFrom, isSameEntry, observedEntry } from "../observe/observed-entry.ts";
import type { Match } from "../observe/match.ts";
import { ownId, versionOf } from "../../model/object-ids.ts";
import { resolve } from "../compare/references.ts";
import { compare, type Classified, type Comparison } from "../compare/threeway.ts";

/** What is to happen to one matched resource. */
export interface Decision {
  readonly match: Match;
  readonly action: Action;
  readonly reason?: string;
  readonly comparison?: Comparison;
  /** Declared, with every known reference resolved. */
  readonly spec?: JsonObject;
  /** Nothing is written live, but the ledger needs an update. */
  readonly refreshesState: boolean;
  readonly protect: boolean;
  /** The version that the update makes main. */
  readonly promotes?: Match;
  /** The address of the object whose main version it becomes. */
  readonly becomesMainOf?: Address;
  /** Nothing is ever written to the live object. */
  readonly observed?: true;
  /** It left the manifests, and `.rollcallignore` keeps it from being deleted. */
  readonly isKept?: true;
}

export interface DecideOptions extends Pick<PlanChoices, "prune" | "destroy"> {
  /** Resources that are compared and never written. */
  readonly observed?: ReadonlySet<Address>;
  /** Everything in this environment is protected. */
  readonly protectAll: boolean;
  /** How a resource is compared. The default compares path by path only if a quick comparison finds a difference. */
  readonly compare?: typeof compare;
  /** Which live objects are ignored. */
  readonly isIgnored?: IsIgnored;
  /** Protection as declared, by current and former address; also applies to destroy. */
  readonly declaredProtection?: ReadonlyMap<Address, boolean>;
}

/** The declared fields as last applied, without the paths that the manifest ignores now. */
export function appliedIn({ entry, desired, kind }: Match): JsonObject | undefined {
  const ignore = desired?.resource.lifecycle.ignore ?? [];
  return entry === undefined ? undefined : withIgnored(entry.applied, undefined, ignore, hintsOf(kind));
}

export function decide(match: Match, ids: ReadonlyMap<Address, string>, options: DecideOptions): Decision {
  const { desired, live, entry } = match;
  const protect = isProtected(match, options);
  if (match.candidates !== undefined || match.importProblem !== undefined)
    return { match, action: "no-op", refreshesState: false, protect };
  if (options.observed?.has(match.address) === true) return observation({ match, ids, options, protect });
  if (desired === undefined) return { match, ...orphaned(match, options), refreshesState: false, protect };
  const { resolved, spec } = specOf(match, desired, ids);
  if (live === undefined) {
    const reason = entry === undefined ? {} : { reason: "it was deleted outside Git" };
    return { match, action: "create", ...reason, spec, refreshesState: false, protect };
  }
  const comparison = comparisonOf(match, live, spec, options);
  const action = actionOf(match, comparison.changes, hintsOf(match.kind));
  const refreshesState =
    comparison.changes.length === 0 && (action !== "no-op" || ledgerNeedsUpdate(match, resolved, protect));
  return { match, action, ...namesakeReason(match, action), comparison, spec, refreshesState, protect };
}

/** The declared values with known references resolved, and the same with ignored paths as they are live. */
function specOf({ kind, live }: Match, { spec, resource }: Desired, ids: ReadonlyMap<Address, string>) {
  const resolved = resolve(kind, spec, (address) => ids.get(address));
  return { resolved, spec: withIgnored(resolved, live?.spec, resource.lifecycle.ignore, hintsOf(kind)) };
}

function comparisonOf(match: Match, live: LiveObject, spec: JsonObject, options: DecideOptions): Comparison {
  const { entry, desired, kind } = match;
  const applied = appliedIn(match);
  const baseline =
    entry === undefined || applied === undefined ? undefined : { applied, observed: entry.observed };
  const compared = (options.compare ?? compare)({ live: live.spec, desired: spec, baseline }, hintsOf(kind));
  const ignore = desired?.resource.lifecycle.ignore ?? [];
  return ignore.length === 0
    ? compared
    : { ...compared, moved: compared.moved.filter(({ path }) => !isBelow(path, ignore)) };
}

interface Observation {
  readonly match: Match;
  readonly ids: ReadonlyMap<Address, string>;
  readonly options: DecideOptions;
  readonly protect: boolean;
}

/** What is observed is compared, and nothing is ever written to it. */
function observation({ match, ids, options, protect }: Observation): Decision {
  const { kind, desired, live, entry } = match;
  const base = { match, observed: true as const, refreshesState: false, protect };
  if (desired === undefined) return { ...base, ...observedOrphan(match, options) };
  if (live === undefined) return { ...base, ...missing(match) };
  const { resolved, spec } = specOf(match, desired, ids);
  const ignored = desired.resource.lifecycle.ignore;
  const fresh = observedEntry(kind, live, { desired: resolved, ignored, entry, isProtected: protect });
  const isKnown = entry !== undefined && match.isOutdated !== true && match.movedFrom === undefined;
  return {
    ...base,
    action: "observe",
    ...namesakeReason(match, "observe"),
    comparison: differencesFrom(comparisonOf(match, live, spec, options), live),
    spec,
    refreshesState: !isKnown || !isSameEntry(fresh, entry, ignored, hintsOf(kind)),
  };
}

function namesakeReason({ gone, live, isImported }: Match, action: Action): Pick<Decision, "reason"> {
  if (isImported === true) return { reason: `lifecycle.import names it: ${live?.id ?? ""}` };
  if (gone === undefined || live === undefined) return {};
  const what = action === "adopt" ? "will be adopted" : action === "observe" ? "is observed" : "exists";
  return {
    reason: `the managed object no longer exists; another object with the same name, ${live.id}, ${what}`,
  };
}

/** True when the live object is created or changed. */
export function writes({ action, comparison }: Decision): boolean {
  const changed = (comparison?.changes.length ?? 0) > 0;
  return ["create", "replace", "update"].includes(action) || (action === "adopt" && changed);
}

/** The object's own version is main: promoted meanwhile, it is no longer a version beside main. */
export function isMainVersion({ live }: Match): boolean {
  return live?.versionId !== undefined && ownId(live.id) === live.versionId;
}

/** The manifest decides; without one, the ledger. */
function isProtected(
  { address, desired, entry, gone }: Match,
  { protectAll, declaredProtection }: DecideOptions,
): boolean {
  const declared = desired?.resource.lifecycle.protect ?? declaredProtection?.get(address);
  return protectAll || (declared ?? (entry ?? gone)?.protect === true);
}

function orphaned(
  match: Match,
  { prune, destroy, isIgnored }: DecideOptions,
): Pick<Decision, "action" | "reason" | "isKept"> {
  const left = "no longer in the manifests";
  const but = (what: string) => (destroy === true ? `it ${what}` : `${left}, and it ${what}`);
  if (match.live === undefined) return { action: "forget", reason: but("no longer exists live") };
  if (isMainVersion(match)) return { action: "forget", reason: but("is now the main version") };
  if (match.entry?.replaced === true) return { action: "delete", reason: "it was replaced by another object" };
  if (names(isIgnored, match))
    return { action: "no-op", reason: but("is kept by .rollcallignore"), isKept: true };
  if (destroy === true) return { action: "delete" };
  return prune
    ? { action: "delete", reason: left }
    : { action: "no-op", reason: `${left}; use --prune to delete it` };
}

/** An observed object is forgotten and not deleted. */
function observedOrphan({ entry }: Match, { destroy }: DecideOptions): Pick<Decision, "action" | "reason"> {
  if (destroy === true) return { action: "forget", reason: "it is observed; the live object is kept" };
  return entry?.replaced === true
    ? { action: "no-op", reason: "it was replaced by another object, and is kept while it is observed" }
    : { action: "forget", reason: "no longer in the manifests; it was observed, and the live object is kept" };
}

function missing({ entry, gone }: Match): Pick<Decision, "action" | "reason"> {
  const isKnown = (entry ?? gone) !== undefined;
  const what = isKnown ? "it was deleted outside Git" : "no live object has its name";
  return { action: "observe", reason: `${what}; it is observed, and not created` };
}

/** An object can be ignored by its remote name and by its address. */
function names(isIgnored: IsIgnored | undefined, { kind, address, live }: Match): boolean {
  if (isIgnored === undefined || live === undefined) return false;
  const remote = nameOf(kind, live.spec);
  const local = address.slice(kind.kind.length + 1);
  return isIgnored(kind.kind, local) || (typeof remote === "string" && isIgnored(kind.kind, remote));
}

function actionOf(match: Match, changes: readonly Classified[], hints: Hints): Action {
  if (changes.some(({ path }) => isImmutable(path, match, hints))) return "replace";
  if (match.entry === undefined) return "adopt";
  if (changes.length > 0) return "update";
  return match.movedFrom === undefined ? "no-op" : "move";
}

/** An object cannot move to another parent. One that was found by its name keeps its essential fields. */
function isImmutable(path: readonly string[], match: Match, hints: Hints): boolean {
  const { parent } = match.kind.identity;
  const isFound = match.entry === undefined;
  if (parent !== undefined && equal(path, segments(parent))) return true;
  let at = hints;
  return path.some((segment) => {
    at = at.child(segment);
    return at.hint.immutable === true || (isFound && at.hint.essential === true);
  });
}

/** True when applied, observed, protection or the main version would be written differently than the ledger has them. */
function ledgerNeedsUpdate(match: Match, spec: JsonObject, protect: boolean): boolean {
  const { kind, entry, live, desired, isOutdated } = match;
  if (entry === undefined || live === undefined || isOutdated === true) return true;
  const hints = hintsOf(kind);
  const same = (a: JsonObject, b: JsonObject) => equal(a, b) || equal(canonical(a, hints), canonical(b, hints));
  const ignore = desired?.resource.lifecycle.ignore ?? [];
  const declared = withIgnored(spec, undefined, ignore, hints);
  const { versionId } = versionOf(kind, live);
  return (
    !same(redacted(declared, hints), entry.applied) ||
    !isSeen(match, ignore, hints) ||
    (entry.protect ?? false) !== protect ||
    entry.observe === true ||
    (versionId !== undefined && entry.versionId !== versionId)
  );
}

/** The live object is as last seen, apart from ignored paths. */
function isSeen({ entry, live }: Match, ignore: readonly string[], hints: Hints): boolean {
  if (entry === undefined || live === undefined) return false;
  if (equal(live.spec, entry.observed)) return true;
  const form = (spec: JsonObject) => canonical(withIgnored(spec, undefined, ignore, hints), hints);
  return equal(form(redacted(live.spec, hints)), form(entry.observed));
}
