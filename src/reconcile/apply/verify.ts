import type { JsonObject } from "../../model/json.ts";
import type { Mismatch } from "../../model/event.ts";
import { isBelow, pointer, type Pointer } from "../../model/pointer.ts";
import { canonical } from "../compare/canonical.ts";
import { withIgnored } from "../observe/desired.ts";
import { differences, type Difference } from "../compare/difference.ts";
import type { Hints } from "../compare/hints.ts";
import { isInPlace } from "../compare/in-place.ts";
import { managedChanges } from "../compare/threeway.ts";

export interface Written {
  readonly desired: JsonObject;
  /** As last applied before the write. */
  readonly applied: JsonObject | undefined;
  /** Paths that the manifest leaves to others. */
  readonly ignored?: readonly Pointer[] | undefined;
  /** What was to be live after it. */
  readonly target: JsonObject;
  /** What an update sent; absent for a creation, which sends all. */
  readonly sent?: {
    readonly blocks: readonly string[];
    readonly before: JsonObject;
    readonly main: string | undefined;
  };
  /** The version that an update has made main. */
  readonly versionId?: string | undefined;
}

/**
 * Unwanted effects of a write, as a read after it shows them: a managed value that was not stored, or an unmanaged one
 * that is gone from a block that was sent. An unmanaged value that somebody else changed meanwhile is not checked, and
 * neither are values that the server fills in.
 */
export function mismatches(
  { desired, applied, ignored = [], target, sent }: Written,
  live: JsonObject,
  hints: Hints,
): readonly Mismatch[] {
  // A created object that has every declared value needs no comparison of canonical forms.
  if (applied === undefined && target === desired && isInPlace(live, desired, hints)) return [];
  const baseline = { applied: applied ?? {}, observed: live };
  const declared = withIgnored(desired, live, ignored, hints);
  const lost = managedChanges({ live, desired: declared, baseline }, hints).map(({ path, before, after }) => ({
    path,
    before: after,
    after: before,
  }));
  const moved = differences(canonical(target, hints), canonical(live, hints)).filter(
    ({ path, before, after }) =>
      before !== undefined &&
      after === undefined &&
      (sent === undefined || sent.blocks.includes(path[0] ?? "")) &&
      !isServerSet(path, hints) &&
      !isBelow(path, ignored),
  );
  const all = new Map([...lost, ...moved].map((difference) => [pointer(difference.path), difference]));
  return [...all].map(([path, difference]) => mismatch(path, difference));
}

function mismatch(path: string, { before, after }: Difference): Mismatch {
  return {
    path,
    ...(before === undefined ? {} : { sent: before }),
    ...(after === undefined ? {} : { live: after }),
  };
}

function isServerSet(path: readonly string[], hints: Hints): boolean {
  let at = hints;
  return path.some((segment) => {
    at = at.child(segment);
    return at.hint.serverSet === true;
  });
}
