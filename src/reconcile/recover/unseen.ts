import { equal, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent } from "../../model/ledger.ts";
import { pointer } from "../../model/pointer.ts";
import { taken } from "../compare/by-path.ts";
import { canonical, ORDER } from "../compare/canonical.ts";
import { leafDifferences, leaves, valueAt } from "../compare/difference.ts";
import { hintsOf } from "../compare/hints.ts";

/** A read of an object that the ledger records. */
export interface Recorded {
  readonly live: JsonObject;
  /** The applied values of its entry: before, with what recovery has found, and now. */
  readonly applied: readonly JsonObject[];
}

/**
 * The resolved intent without the values that are live and that the ledger has had as applied; `undefined` if nothing is
 * left. If they stayed in the intent, each recovery would count them as applied again, also after their release. A value
 * that is live and was never recorded is left: it has appeared since the plan was made, and no plan has shown it.
 */
export function unseen(intent: Intent, { live, applied }: Recorded, kind: Kind): Intent | undefined {
  const hints = hintsOf(kind);
  const [before, after] = [canonical(intent.before, hints), canonical(intent.after, hints)];
  const [shown, stored] = [canonical(live, hints), canonical(intent.stored, hints)];
  const records = applied.map((one) => canonical(one, hints));
  const isRecorded = (path: readonly string[], value: Json | undefined): boolean => {
    // The order of elements is not recorded without them.
    if (path.at(-1) === ORDER) return true;
    const isCleared = intent.clears?.includes(pointer(path)) === true;
    return records.some((one) => {
      const known = valueAt(one, path);
      return equal(known, value) || (isCleared && known === undefined);
    });
  };
  const isSeen = (path: readonly string[], value: Json | undefined): boolean =>
    equal(value, valueAt(shown, path)) && isRecorded(path, value);
  const rewritten = leaves(stored).flatMap(([path, value]) =>
    path.length > 0 && isSeen(path, value) ? [path] : [],
  );
  const isRewritten = new Set(rewritten.map(pointer));
  const meant = leafDifferences(before, after);
  const done = meant
    .filter(({ path, after: value }) => isSeen(path, value) || isRewritten.has(pointer(path)))
    .map(({ path }) => path);
  if (done.length === meant.length) return undefined;
  if (done.length + rewritten.length === 0) return intent;
  return {
    ...intent,
    before: taken(intent.before ?? {}, intent.after, done, hints),
    ...(intent.stored !== undefined && { stored: taken(intent.stored, undefined, rewritten, hints) }),
  };
}
