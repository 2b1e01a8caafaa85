import type { Address } from "../../model/address.ts";
import { equal, type JsonObject } from "../../model/json.ts";
import type { Action } from "../../model/plan.ts";
import type { PlanChoices } from "../../model/plan-choices.ts";
import { isBelow, segments } from "../../model/pointer.ts";
import { canonical } from "../compare/canonical.ts";
import { redacted } from "../compare/redact.ts";
import { withIgnored } from "../observe/desired.ts";
import { hintsOf, type Hints } from "../compare/hints.ts";
import { ownId, versionOf, type Match } from "../observe/match.ts";
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
}

export interface DecideOptions extends Pick<PlanChoices, "prune" | "destroy"> {
  /** Everything in this environment is protected. */
  readonly protectAll: boolean;
  /** How a resource is compared. The default compares path by path only if a quick comparison finds a difference. */
  readonly compare?: typeof compare;
  /** Protection as declared, by current and former address; also applies to destroy. */
  readonly declaredProtection?: ReadonlyMap<Address, boolean>;
}

/** The declared fields as last applied, without what the manifest leaves to others by now. */
export function appliedIn({ entry, desired, kind }: Match): JsonObject | undefined {
  const ignore = desired?.resource.lifecycle.ignore ?? [];
  return entry === undefined ? undefined : withIgnored(entry.applied, undefined, ignore, hintsOf(kind));
}

export function decide(match: Match, ids: ReadonlyMap<Address, string>, options: DecideOptions): Decision {
  const { desired, live, entry } = match;
  const protect = isProtected(match, options);
  if (match.candidates !== undefined || match.importProblem !== undefined)
    return { match, action: "no-op", refreshesState: false, protect };
  if (desired === undefined) return { match, ...orphaned(match, options), refreshesState: false, protect };
  const hints = hintsOf(match.kind);
  const resolved = resolve(match.kind, desired.spec, (address) => ids.get(address));
  const spec = withIgnored(resolved, live?.spec, desired.resource.lifecycle.ignore, hints);
  if (live === undefined) {
    const reason = entry === undefined ? {} : { reason: "it was deleted outside Git" };
    return { match, action: "create", ...reason, spec, refreshesState: false, protect };
  }
  const applied = appliedIn(match);
  const baseline =
    entry === undefined || applied === undefined ? undefined : { applied, observed: entry.observed };
  const compared = (options.compare ?? compare)({ live: live.spec, desired: spec, baseline }, hints);
  const { ignore } = desired.resource.lifecycle;
  const comparison =
    ignore.length === 0
      ? compared
      : { ...compared, moved: compared.moved.filter(({ path }) => !isBelow(path, ignore)) };
  const action = actionOf(match, comparison.changes, hints);
  const refreshesState =
    comparison.changes.length === 0 && (action !== "no-op" || ledgerNeedsUpdate(match, resolved, protect));
  return { match, action, ...namesakeReason(match, action), comparison, spec, refreshesState, protect };
}

function namesakeReason({ gone, live, isImported }: Match, action: Action): Pick<Decision, "reason"> {
  if (isImported === true) return { reason: `lifecycle.import names it: ${live?.id ?? ""}` };
  if (gone === undefined || live === undefined) return {};
  const what = action === "adopt" ? "will be adopted" : "exists";
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

function orphaned(match: Match, { prune, destroy }: DecideOptions): Pick<Decision, "action" | "reason"> {
  const left = "no longer in the manifests";
  const but = (what: string) => (destroy === true ? `it ${what}` : `${left}, and it ${what}`);
  if (match.live === undefined) return { action: "forget", reason: but("no longer exists live") };
  if (isMainVersion(match)) return { action: "forget", reason: but("is now the main version") };
  if (match.entry?.replaced === true) return { action: "delete", reason: "it was replaced by another object" };
  if (destroy === true) return { action: "delete" };
  return prune
    ? { action: "delete", reason: left }
    : { action: "no-op", reason: `${left}; use --prune to delete it` };
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
