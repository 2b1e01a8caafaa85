import type { Kind } from "../../model/kind.ts";
import type { Plan, Step } from "../../model/plan.ts";
import type { Provider } from "../../model/provider.ts";
import { isStale } from "../observe/fingerprint.ts";

/** What stands under objects that are written, and that such a write may silently remove: as the plan knows it. */
export interface Companions {
  /** By kind and id, the step that knows it. */
  readonly known: ReadonlyMap<string, Step>;
  /** Nobody declares them, and they are given up knowingly. */
  readonly given: ReadonlySet<string>;
  /** Deleted by a step of their own, before or after. */
  readonly deleted: ReadonlySet<string>;
  /** Ids of parents that this run has written to: their companions are gone by our own doing. */
  readonly disturbed: Set<string>;
}

export function companionsIn({ steps, drift }: Plan): Companions {
  const known = steps.flatMap((step) =>
    step.fingerprint === undefined ? [] : [[keyOf(step.kind, step.objectId ?? ""), step] as const],
  );
  const given = drift.filter(({ what }) => what === "appeared").map(({ kind, id }) => keyOf(kind, id));
  const deleted = steps.flatMap(({ action, kind, objectId = "" }) =>
    action === "delete" ? [keyOf(kind, objectId)] : [],
  );
  return {
    known: new Map(known),
    given: new Set(given),
    deleted: new Set(deleted),
    disturbed: new Set(),
  };
}

function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

/**
 * Right before a write to their parent, the companions are read once more: one that is not as the plan knows it would
 * be lost, or put back as it was before somebody changed it. In words, where that is so.
 */
export async function disturbs(
  { objectId = "" }: Step,
  kind: Kind,
  provider: Provider,
  { known, given, deleted, disturbed }: Companions,
): Promise<string | undefined> {
  if (disturbed.has(objectId)) return undefined;
  for (const companion of companionsOf(kind, provider.kinds)) {
    const key = keyOf(companion.kind, objectId);
    const live = await provider.read(companion.kind, objectId);
    const step = known.get(key);
    const isSame = step === undefined || live === undefined ? step === live : !isStale(step, companion, live);
    if (isSame || (live === undefined ? deleted : given).has(key)) continue;
    const what = happened(step !== undefined, live !== undefined);
    return `its ${companion.kind}, which this write removes, ${what} since the plan was made`;
  }
  disturbed.add(objectId);
  return undefined;
}

function companionsOf({ kind }: Kind, kinds: Provider["kinds"]): readonly Kind[] {
  return [...kinds.values()].filter(
    ({ identity, references }) =>
      identity.singleton === true &&
      references.some(
        ({ at, to, resetByTarget }) => resetByTarget === true && to === kind && at === identity.parent,
      ),
  );
}

function happened(wasKnown: boolean, isThere: boolean): string {
  if (!wasKnown) return "has appeared";
  return isThere ? "has been changed" : "has been removed";
}
