import { equal, isList, isObject, mapMembers, property, type Json, type JsonObject } from "../../model/json.ts";
import type { PathClass } from "../../model/plan.ts";
import { canonical, keyed, ORDER } from "./canonical.ts";
import { comparePaths, differences, leaves, leavesOf, valueAt, type Difference } from "./difference.ts";
import { MASKED, UNKNOWN } from "../../model/secret-digest.ts";
import type { Hints } from "./hints.ts";
import { isInPlace } from "./in-place.ts";
import { allFor, type Kept } from "./kept.ts";
import { overlay } from "./overlay.ts";

/** What is known of one object, in the shape of a manifest's `spec`. */
export interface ObjectStates {
  readonly live: JsonObject;
  readonly desired: JsonObject;
  /** Absent when no ledger entry tells of it. */
  readonly baseline: Baseline | undefined;
}

interface Baseline {
  readonly applied: JsonObject;
  readonly observed: JsonObject;
}

/** A path with its class and the three values, canonical; `before` is live. */
export interface Classified extends Difference {
  readonly class: PathClass;
  readonly baseline: Json | undefined;
}

export interface Comparison {
  /** What is to be live: `live` with every managed value in place. */
  readonly target: JsonObject;
  /** What apply writes. */
  readonly changes: readonly Classified[];
  /** No longer declared, and nothing clears them: they stay live. */
  readonly released: readonly Classified[];
  /** Live values that nobody declares. */
  readonly unmanaged: readonly Classified[];
  /** Unmanaged values that changed since they were last seen. */
  readonly moved: readonly Classified[];
}

/** Compares live, desired and baseline: path by path unless a quick comparison shows that nothing changed. */
export function compare(pictures: ObjectStates, hints: Hints): Comparison {
  return compareUnchanged(pictures, hints) ?? compareAll(pictures, hints);
}

/**
 * The same comparison for an object that is as last seen, whose manifest is as last applied, and whose declared values are
 * live: nothing is written, and nothing was released. `undefined` where only the full comparison can tell.
 */
function compareUnchanged({ live, desired, baseline }: ObjectStates, hints: Hints): Comparison | undefined {
  if (baseline === undefined || !equal(live, baseline.observed)) return undefined;
  if (!isSettled(desired, baseline, hints)) return undefined;
  return {
    target: live,
    changes: [],
    released: [],
    // Found when it is read: most plans do not show what is undeclared in an object without changes.
    get unmanaged() {
      return undeclaredIn(live, desired, hints);
    },
    moved: [],
  };
}

interface Settled {
  readonly desired: JsonObject;
  readonly applied: JsonObject;
}

/** Cached by hints and observed value; values are immutable. */
const settled: Kept<Settled> = new WeakMap();

/** True when an object that is as observed has all that is declared. */
function isSettled(desired: JsonObject, { applied, observed }: Baseline, hints: Hints): boolean {
  const known = allFor(settled, hints);
  const last = known.get(observed);
  if (last?.desired === desired && last.applied === applied) return true;
  if (!equal(desired, applied) || !isInPlace(observed, desired, hints)) return false;
  known.set(observed, { desired, applied });
  return true;
}

function undeclaredIn(live: JsonObject, desired: JsonObject, hints: Hints): readonly Classified[] {
  const form = canonical(live, hints);
  return undeclared(form, canonical(desired, hints), form).unmanaged;
}

/** Path by path, whatever the values. */
export function compareAll(pictures: ObjectStates, hints: Hints): Comparison {
  const { live, desired, baseline } = pictures;
  const { target, changes, known, applied } = compareManaged(pictures, hints);
  const [canonicalLive, declared] = [canonical(live, hints), canonical(desired, hints)];
  const given = released(changes, { live: canonicalLive, declared, applied, known });
  const told = new Set([...changes, ...given].map(({ path }) => path.join("\0")));
  const isTold = ({ path }: Classified) => path.some((_, at) => told.has(path.slice(0, at + 1).join("\0")));
  // Undeclared fields of a list element that was removed both live and from the manifest.
  const isRemovedByBoth = ({ path, before }: Classified) =>
    before === undefined && declares(desired, path, hints);
  const observed = baseline === undefined ? undefined : canonical(baseline.observed, hints);
  const rest = undeclared(canonicalLive, declared, observed);
  return {
    target,
    changes,
    released: given,
    unmanaged: rest.unmanaged.filter((path) => !isTold(path)),
    moved: rest.moved.filter((one) => !isTold(one) && !isRemovedByBoth(one)),
  };
}

/** What apply writes, without unmanaged and released paths. */
export function managedChanges(pictures: ObjectStates, hints: Hints): readonly Classified[] {
  return compareManaged(pictures, hints).changes;
}

function compareManaged({ live, desired, baseline }: ObjectStates, hints: Hints) {
  const target = overlay(live, desired, baseline?.applied, hints);
  const declared = canonical(desired, hints);
  const known = baseline === undefined ? undefined : knownBefore(baseline, hints);
  const applied = canonical(baseline?.applied, hints);
  const changes = differences(canonical(live, hints), canonical(target, hints))
    .filter((difference) => !hiddenByMask(difference, applied))
    .flatMap((difference) => classified(difference, { desired, declared, applied, known, hints }));
  return { target, changes, known, applied };
}

/** What was live after the last apply, with the values that it wrote: the answer to "who changed this?". */
function knownBefore({ applied, observed }: Baseline, hints: Hints): JsonObject {
  return canonical(overlay(observed, applied, undefined, hints), hints);
}

interface Known {
  readonly desired: JsonObject;
  /** `desired`, canonical. */
  readonly declared: JsonObject;
  readonly applied: JsonObject;
  /** What was live after the last apply. */
  readonly known: JsonObject | undefined;
  readonly hints: Hints;
}

/**
 * A difference with its class. Classes are found leaf by leaf; a block whose leaves all have one class is one path,
 * other blocks are listed leaf by leaf.
 */
function classified(difference: Difference, state: Known): readonly Classified[] {
  const told = leavesOf(difference).map((leaf) => classify(leaf, state));
  const classes = new Set(told.map((leaf) => leaf.class));
  const [only] = classes;
  if (classes.size !== 1 || only === undefined) return told;
  const baseline = state.known === undefined ? undefined : valueAt(state.known, difference.path);
  return [{ ...difference, class: only, baseline }];
}

function classify(leaf: Difference, state: Known): Classified {
  if (state.known === undefined) return { ...leaf, class: "no-baseline", baseline: undefined };
  const baseline = valueAt(state.known, leaf.path);
  return { ...leaf, class: classOf(leaf, baseline, state), baseline };
}

function classOf(
  { path, before, after }: Difference,
  baseline: Json | undefined,
  { desired, declared, applied, hints }: Known,
): PathClass {
  // A digest under another API key: it is not known who changed the value.
  if (baseline === UNKNOWN) return "no-baseline";
  if (equal(baseline, before)) return declares(desired, path, hints) ? "pending" : "unset";
  if (equal(baseline, after)) return "drift";
  // Undeclared, now and at the last apply: it is cleared with the block that left the manifest.
  const isUndeclared = [declared, applied].every((value) => valueAt(value, path) === undefined);
  if (isUndeclared && after === undefined) return "unset";
  // The manifest is as at the last apply, so the change was made live.
  return equal(valueAt(declared, path), valueAt(applied, path)) ? "drift" : "conflict";
}

/** A declared list also declares which elements are absent. */
export function declares(desired: Json | undefined, path: readonly string[], hints: Hints): boolean {
  const [segment, ...rest] = path;
  if (desired === undefined || segment === undefined) return desired !== undefined;
  if (!isList(desired)) return declares(property(desired, segment), rest, hints.child(segment));
  const element = keyed(desired, hints).find(([key]) => key === segment);
  return element === undefined || declares(element[1], rest, hints.child(segment));
}

/** The API answers `***`: only a new declaration can be known to differ. */
function hiddenByMask({ path, before, after }: Difference, applied: JsonObject): boolean {
  if (before !== MASKED) return false;
  const last = valueAt(applied, path);
  return last === undefined || equal(last, after);
}

interface ReleaseInput {
  readonly live: JsonObject;
  readonly declared: JsonObject;
  readonly applied: JsonObject;
  readonly known: JsonObject | undefined;
}

/** One path for each leaf, because a block may be cleared in part. */
function released(
  changes: readonly Classified[],
  { live, declared, applied, known }: ReleaseInput,
): readonly Classified[] {
  const written = new Set(changes.map(({ path }) => path.join("\0")));
  const isWritten = (path: readonly string[]) =>
    path.some((_, at) => written.has(path.slice(0, at + 1).join("\0")));
  return differences(applied, declared)
    .filter(({ after }) => after === undefined)
    .flatMap(({ path, before }) => leaves(before ?? {}, path))
    .filter(([path]) => path.at(-1) !== ORDER && valueAt(live, path) !== undefined && !isWritten(path))
    .map(([path]) => ({
      path,
      before: valueAt(live, path),
      after: undefined,
      baseline: valueAt(known, path),
      class: "released" as const,
    }));
}

function undeclared(
  live: JsonObject,
  declared: JsonObject,
  observed: JsonObject | undefined,
): Pick<Comparison, "unmanaged" | "moved"> {
  const rest = withoutDeclared(live, declared);
  const unmanaged = leaves(rest)
    .filter(([path]) => path.length > 0 && path.at(-1) !== ORDER)
    .map(([path, before]) => unmanagedPath({ path, before, after: before }, valueAt(observed, path)))
    .sort((a, b) => comparePaths(a.path, b.path));
  if (observed === undefined || observed === live) return { unmanaged, moved: [] };
  const seen = withoutDeclared(observed, declared);
  const moved = differences(seen, rest)
    .flatMap(({ path, before, after }) => leaves(after ?? before ?? null, path))
    .map(([path]) => ({ path, before: valueAt(rest, path), after: valueAt(rest, path) }))
    .map((difference) => unmanagedPath(difference, valueAt(seen, difference.path)));
  return { unmanaged, moved };
}

function unmanagedPath(difference: Difference, baseline: Json | undefined): Classified {
  const { path, before, after } = difference;
  return { path, before, after, class: "unmanaged", baseline };
}

/** What is left of a canonical value when everything that is declared, and what encloses it, is taken away. */
function withoutDeclared(value: JsonObject, declared: JsonObject): JsonObject {
  return mapMembers(value, (member, key) => {
    const other = property(declared, key);
    if (other === undefined) return member;
    if (!isObject(member) || !isObject(other)) return undefined;
    const inner = withoutDeclared(member, other);
    return Object.keys(inner).length === 0 ? undefined : inner;
  });
}
