import type { Address } from "../model/address.ts";
import { equal, type Json, type JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import type { Intent, LedgerEntry } from "../model/ledger.ts";
import { pointer } from "../model/pointer.ts";
import { taken } from "./by-path.ts";
import { canonical } from "./canonical.ts";
import { redacted } from "./change.ts";
import { leafDifferences, leaves, valueAt } from "./difference.ts";
import { hintsOf, type Hints } from "./hints.ts";
import { resolve } from "./references.ts";

type Baseline = Pick<LedgerEntry, "applied" | "observed">;

/** One value that an intent means to write, canonical. */
interface MeantValue {
  readonly intent: Intent;
  readonly path: readonly string[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface OwnWrites extends Baseline {
  /** How many of the values that were meant are live, and how many of the last intent are not. */
  readonly done: number;
  readonly missing: number;
}

/** An intent with the ids that are known by now. */
export function resolvedIntent(
  intent: Intent,
  kind: Kind,
  idOf: (address: Address) => string | undefined,
): Intent {
  return intent.after === undefined ? intent : { ...intent, after: resolve(kind, intent.after, idOf) };
}

/**
 * What a ledger knows of an object after writes of which nobody saw the end, path by path. A live value that one of
 * the intents meant is ours, and applied. One that is as before is not done. Any other is somebody's edit, which the
 * comparison with the baseline shows. `intents` are resolved, oldest first; `baseline` is absent for an object that
 * no entry tells of.
 */
export function ownWrites(
  baseline: Baseline | undefined,
  intents: readonly Intent[],
  live: JsonObject,
  kind: Kind,
): OwnWrites {
  const hints = hintsOf(kind);
  const [shown, seen] = [canonical(live, hints), redacted(live, hints)];
  const last = intents.at(-1);
  let { applied, observed } = baseline ?? { applied: {}, observed: seen };
  let [done, missing] = [0, 0];
  for (const meant of meantValues(intents, hints).values()) {
    const path = meant[0]?.path ?? [];
    const value = valueAt(shown, path);
    const ours = meant.findLast(({ after }) => equal(after, value));
    const edited = baseline === undefined && !meant.some(({ before }) => equal(before, value));
    const basis = ours ?? (edited ? meant.at(-1) : undefined);
    if (basis !== undefined) applied = withValue(applied, basis, hints);
    if (ours !== undefined) observed = taken(observed, seen, [path], hints);
    // Without a baseline what was meant is the one: another value than that is an edit of it.
    else if (basis !== undefined) observed = taken(observed, basis.intent.after, [path], hints);
    if (ours !== undefined) done += 1;
    if (meant.some(({ intent, after }) => intent === last && !equal(after, value))) missing += 1;
  }
  return { applied, observed, done, missing };
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

function withValue(applied: JsonObject, { intent, path }: MeantValue, hints: Hints): JsonObject {
  const isCleared = intent.clears?.includes(pointer(path)) === true;
  return taken(applied, isCleared ? undefined : intent.after, [path], hints);
}

/**
 * Whether an object that was found by its name is what was to be created: every value is as it was meant. Elements of
 * open sets, such as tags, may be missing: they take requests of their own.
 */
export function isAsMeant(live: JsonObject, after: JsonObject, hints: Hints): boolean {
  const [shown, meant] = [canonical(live, hints), canonical(after, hints)];
  return leaves(meant).every(([path, value]) => {
    const found = valueAt(shown, path);
    return path.length === 0 || equal(found, value) || (found === undefined && isOpenElement(path, hints));
  });
}

function isOpenElement(path: readonly string[], hints: Hints): boolean {
  const parent = path.slice(0, -1).reduce<Hints>((at, segment) => at.child(segment), hints);
  return parent.hint.set === "open";
}
