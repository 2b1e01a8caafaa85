import type { Address } from "../../model/address.ts";
import { equal, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent, LedgerEntry } from "../../model/ledger.ts";
import { pointer } from "../../model/pointer.ts";
import { taken } from "../compare/by-path.ts";
import { canonical } from "../compare/canonical.ts";
import { redacted } from "../compare/redact.ts";
import { leafDifferences, leaves, valueAt } from "../compare/difference.ts";
import { hintsOf, type Hints } from "../compare/hints.ts";
import { resolve } from "../compare/references.ts";
import { declares } from "../compare/threeway.ts";

type Baseline = Pick<LedgerEntry, "applied" | "observed">;

type Paths = ReadonlyMap<string, readonly string[]>;

/** One value that an intent writes, in canonical form. */
interface MeantValue {
  readonly intent: Intent;
  readonly path: readonly string[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface OwnWrites extends Baseline {
  /** How many values are live as intended or as the server rewrote them, and how many of the last intent are not as intended. */
  readonly done: number;
  readonly missing: number;
  /** How many somebody else has changed since, if the ledger has no entry for the object. */
  readonly edited: number;
}

/** The intent with references replaced by known ids. */
export function resolvedIntent(
  intent: Intent,
  kind: Kind,
  idOf: (address: Address) => string | undefined,
): Intent {
  return intent.after === undefined ? intent : { ...intent, after: resolve(kind, intent.after, idOf) };
}

/** The live values before the writes, if known, and now. */
export interface Seen {
  /** Absent if the ledger has no entry for the object. */
  readonly baseline: Baseline | undefined;
  readonly live: JsonObject;
  /** It was read right after the write, so its values at the written paths come from that write. */
  readonly isReadBack?: true;
  /** The answer of the API to the creation. A value that is in the answer is not an edit. */
  readonly answer?: JsonObject | undefined;
  /** Declared values that the write sent unchanged, and that were different when they were read back. */
  readonly rewritten?: readonly (readonly string[])[];
}

/**
 * The ledger's values of an object after writes whose result is unknown, path by path. A live value that an intent writes
 * is applied. A value as before is not done. Any other value is somebody's edit, which the comparison with the baseline
 * shows. `intents` are resolved, oldest first.
 */
export function ownWrites(
  { baseline, live, isReadBack, answer, rewritten = [] }: Seen,
  intents: readonly Intent[],
  kind: Kind,
): OwnWrites {
  const hints = hintsOf(kind);
  const [shown, seen] = [canonical(live, hints), redacted(live, hints)];
  const answered = canonical(answer, hints);
  const last = intents.at(-1);
  const all = meantValues(intents, hints);
  const stored = rewrittenValues(intents, shown, hints);
  const unmeant = [...stored].flatMap(([key, path]) => (all.has(key) ? [] : [path]));
  const found: Found = { ours: new Map(), edited: new Map(), rewritten: [...rewritten, ...unmeant] };
  let missing = 0;
  for (const [key, meant] of all) {
    const value = valueAt(shown, meant[0]?.path ?? []);
    const isAnswered = answer !== undefined && equal(valueAt(answered, meant[0]?.path ?? []), value);
    sort(meant, value, found, {
      hasBaseline: baseline !== undefined,
      isReadBack: isReadBack === true || isAnswered || stored.has(key),
    });
    if (meant.some(({ intent, after }) => intent === last && !equal(after, value))) missing += 1;
  }
  const done = [...found.ours.values()].flat().length + stored.size;
  const edited = [...found.edited.values()].flat().length;
  const known = withFound(baseline ?? { applied: {}, observed: seen }, found, { intents, seen, hints });
  const filled = baseline === undefined ? [] : filledIn(baseline, found, { shown, all, hints });
  return {
    applied: known.applied,
    observed: taken(known.observed, seen, filled, hints),
    done,
    missing,
    edited,
  };
}

/** Paths by state. */
interface Found {
  /** Live as intended. */
  readonly ours: Map<Intent, MeantValue[]>;
  /** Edited since; without a baseline, the intended value is the baseline. */
  readonly edited: Map<Intent, MeantValue[]>;
  /** Neither as intended nor as before, right after a write of this run. */
  readonly rewritten: (readonly string[])[];
}

/** The live values in canonical form, and the intended ones, by path. */
interface Shown {
  readonly shown: JsonObject;
  readonly all: ReadonlyMap<string, readonly MeantValue[]>;
  readonly hints: Hints;
}

/**
 * Values that the server added to a block or an element that our write added. Undeclared values in it come from the same
 * write, unless it was there before.
 */
function filledIn(
  { observed }: Baseline,
  { ours }: Found,
  { shown, all, hints }: Shown,
): readonly (readonly string[])[] {
  const seen = canonical(observed, hints);
  const added = [...ours.values()].flat().flatMap(({ path, intent }) => {
    const before = canonical(intent.before, hints);
    const depth = path.findIndex((_, at) => valueAt(before, path.slice(0, at + 1)) === undefined);
    const top = path.slice(0, depth + 1);
    return depth < 0 || valueAt(seen, top) !== undefined ? [] : [[pointer(top), top] as const];
  });
  return [...new Map(added).values()].flatMap((top) =>
    leaves(valueAt(shown, top) ?? null, top)
      .filter(([path, value]) => (all.get(pointer(path)) ?? []).every((one) => isFilled(one, value)))
      .map(([path]) => path),
  );
}

/** A later write found it and did not write it. */
function isFilled({ before, after }: MeantValue, value: Json): boolean {
  return after === undefined && equal(before, value);
}

function sort(
  meant: readonly MeantValue[],
  value: Json | undefined,
  { ours, edited, rewritten }: Found,
  { hasBaseline, isReadBack }: { readonly hasBaseline: boolean; readonly isReadBack: boolean },
): void {
  const own = meant.findLast(({ after }) => equal(after, value));
  if (own !== undefined) return push(ours, own);
  if (meant.some(({ before }) => equal(before, value))) return;
  const last = meant.at(-1);
  if (last === undefined) return;
  if (isReadBack) rewritten.push(last.path);
  // Without a baseline the intended value is the baseline: another value is an edit.
  else if (!hasBaseline) push(edited, last);
}

/** Values that the server rewrote when it answered, and that are live as it answered; by path. */
function rewrittenValues(intents: readonly Intent[], shown: JsonObject, hints: Hints): Paths {
  const stored = intents.flatMap((intent) => leaves(canonical(intent.stored, hints)));
  const live = stored.filter(([path, value]) => path.length > 0 && equal(valueAt(shown, path), value));
  return new Map(live.map(([path]) => [pointer(path), path]));
}

/** A write as it was sent, before an answer shows what came of it. */
interface SentValues {
  readonly before: JsonObject;
  readonly declared: JsonObject;
}

/** The declared values that the server rewrote, as it answered; `undefined` if there are none. Secrets are digests. */
export function rewrittenIn(
  answer: JsonObject,
  { before, declared }: SentValues,
  kind: Kind,
): JsonObject | undefined {
  const hints = hintsOf(kind);
  const [old, meant, shown] = [canonical(before, hints), canonical(declared, hints), canonical(answer, hints)];
  const rewritten = leafDifferences(meant, shown).filter(({ path, before: value, after: now }) => {
    const was = valueAt(old, path);
    // A value as before may still be written by a request that follows.
    const isNew = now !== undefined && (!equal(now, was) || equal(value, was));
    // Others add elements to an open set, such as tags.
    return isNew && declares(declared, path, hints) && !isOpenElement(path, hints);
  });
  const paths = rewritten.map(({ path }) => path).filter((path) => path.length > 0);
  return paths.length === 0 ? undefined : taken({}, redacted(answer, hints), paths, hints);
}

function push(map: Map<Intent, MeantValue[]>, value: MeantValue): void {
  const list = map.get(value.intent);
  if (list === undefined) map.set(value.intent, [value]);
  else list.push(value);
}

function withFound(
  base: Baseline,
  { ours, edited, rewritten }: Found,
  {
    intents,
    seen,
    hints,
  }: { readonly intents: readonly Intent[]; readonly seen: JsonObject; readonly hints: Hints },
): Baseline {
  let { applied, observed } = base;
  for (const intent of intents) {
    const [done, lost] = [ours.get(intent) ?? [], edited.get(intent) ?? []];
    const all = [...done, ...lost];
    const isCleared = ({ path }: MeantValue) => intent.clears?.includes(pointer(path)) === true;
    applied = taken(applied, undefined, pathsOf(all.filter(isCleared)), hints);
    applied = taken(applied, intent.after, pathsOf(all.filter((one) => !isCleared(one))), hints);
    observed = taken(observed, seen, pathsOf(done), hints);
    observed = taken(observed, intent.after, pathsOf(lost), hints);
    // If a creation is live completely, declared defaults count as applied too: they have no path.
    if (intent.before === undefined && isWhole(intent, ours, hints)) applied = { ...applied, ...intent.after };
  }
  observed = taken(observed, seen, rewritten, hints);
  return { applied: taken(applied, seen, rewritten, hints), observed: asSeen(observed, seen, hints) };
}

/** Blocks whose live values are all known are kept as they were read, including defaults, which have no path. */
function asSeen(observed: JsonObject, seen: JsonObject, hints: Hints): JsonObject {
  const [known, shown] = [canonical(observed, hints), canonical(seen, hints)];
  const keys = [...new Set([...Object.keys(observed), ...Object.keys(seen)])];
  const blocks = keys.flatMap((key) => {
    const value = equal(known[key], shown[key]) ? seen[key] : observed[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(blocks);
}

function isWhole(intent: Intent, ours: Found["ours"], hints: Hints): boolean {
  return leafDifferences({}, canonical(intent.after, hints)).length === (ours.get(intent)?.length ?? 0);
}

function pathsOf(values: readonly MeantValue[]): readonly (readonly string[])[] {
  return values.map(({ path }) => path);
}

function meantValues(intents: readonly Intent[], hints: Hints): ReadonlyMap<string, readonly MeantValue[]> {
  const paths = new Map<string, MeantValue[]>();
  for (const intent of intents) {
    const [before, after] = [canonical(intent.before, hints), canonical(intent.after, hints)];
    for (const difference of leafDifferences(before, after)) {
      const key = pointer(difference.path);
      paths.set(key, [...(paths.get(key) ?? []), { intent, ...difference }]);
    }
  }
  return paths;
}

/**
 * Whether an object that was found by its name is the created one: it has every intended value. Elements of open sets, such
 * as tags, may be missing, because they need requests of their own.
 */
export function isAsMeant(live: JsonObject, after: JsonObject, hints: Hints): boolean {
  const [shown, meant] = [canonical(live, hints), canonical(after, hints)];
  return leaves(meant).every(([path, value]) => {
    const found = valueAt(shown, path);
    return path.length === 0 || equal(found, value) || (found === undefined && isOpenElement(path, hints));
  });
}

/** Whether it may be the created object, even if it was edited: the fields that identify it are equal. */
export function isSameThing(live: JsonObject, after: JsonObject, hints: Hints): boolean {
  const [shown, meant] = [canonical(live, hints), canonical(after, hints)];
  return leaves(meant).every(
    ([path, value]) => !isEssential(path, hints) || equal(valueAt(shown, path), value),
  );
}

function isEssential(path: readonly string[], hints: Hints): boolean {
  let at = hints;
  return path.some((segment) => {
    at = at.child(segment);
    return at.hint.essential === true;
  });
}

function isOpenElement(path: readonly string[], hints: Hints): boolean {
  const parent = path.slice(0, -1).reduce<Hints>((at, segment) => at.child(segment), hints);
  return parent.hint.set === "open";
}
