import type { StepOutcome } from "../../model/event.ts";
import type { Kind } from "../../model/kind.ts";
import type { LiveObject } from "../../model/provider.ts";
import {
  WRITE_ATTEMPTS,
  failed,
  inDoubt,
  isUncertain,
  lookUpAfter,
  mayRepeat,
  pause,
  stale,
  type Execution,
} from "./execution.ts";

export const OTHER = "it is no longer the object in the ledger";

interface Deletion {
  readonly id: string;
  /** Why the live object with the id must not be deleted; checked before each retry. */
  readonly whyKept?: (live: LiveObject) => string | undefined;
}

/**
 * Deletes an object until a read shows that it is gone. An answer is no proof: the API may answer 404 and still have
 * the object. Returns the outcome if the object is still there.
 */
export async function deleteUntilGone(
  kind: Kind,
  { id, whyKept = () => undefined }: Deletion,
  { provider, runtime }: Execution,
): Promise<StepOutcome | undefined> {
  const read = () => provider.read(kind.kind, id);
  for (let attempt = 1; ; attempt += 1) {
    const uncertain = await provider
      .delete(kind.kind, id)
      .catch((error: unknown) => uncertainOrThrown(error, attempt));
    if (uncertain !== undefined) await pause(attempt, runtime);
    const live = await (uncertain === undefined ? read().catch(throwInDoubt) : lookUpAfter(uncertain, read));
    if (live === undefined) return undefined;
    const reason = whyKept(live);
    if (reason !== undefined) return stale(reason, true);
    if (uncertain !== undefined && !mayRepeat(uncertain, attempt)) throw uncertain;
    if (attempt === WRITE_ATTEMPTS) return failed({ why: "undeleted", objectId: id }, true);
    // A read may be late.
    if (uncertain === undefined) await pause(attempt, runtime);
  }
}

function uncertainOrThrown(error: unknown, attempt: number): unknown {
  if (isUncertain(error)) return error;
  throw attempt === 1 ? error : inDoubt(error);
}

/** After a write, a failure does not say that nothing was written. */
export function throwInDoubt(error: unknown): never {
  throw inDoubt(error);
}
