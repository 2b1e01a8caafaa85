import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { Plan, Step } from "../../model/plan.ts";
import type { Provider } from "../../model/provider.ts";
import { dependentKinds } from "../observe/dependent-kinds.ts";
import { isStale } from "../observe/fingerprint.ts";

/** The dependent children of the objects that are written, as the plan knows them. */
export interface DependentChildren {
  /** By kind and id, the step that knows it. */
  readonly known: ReadonlyMap<string, Step>;
  /** Undeclared, and the plan accepts that they are removed. */
  readonly givenUp: ReadonlySet<string>;
  /** Deleted by a step of their own, before or after. */
  readonly deleted: ReadonlySet<string>;
  /** Ids of parents that this run has written to: a missing child was removed by this run. */
  readonly written: Set<string>;
  /** Addresses of parents whose write took effect, or may have, and failed. */
  readonly unverifiedParents: Set<Address>;
}

export function dependentChildrenIn({ steps, drift }: Plan): DependentChildren {
  const known = steps.flatMap((step) =>
    step.fingerprint === undefined ? [] : [[keyOf(step.kind, step.objectId ?? ""), step] as const],
  );
  const givenUp = drift.filter(({ what }) => what === "appeared").map(({ kind, id }) => keyOf(kind, id));
  const deleted = steps.flatMap(({ action, kind, objectId = "" }) =>
    action === "delete" ? [keyOf(kind, objectId)] : [],
  );
  return {
    known: new Map(known),
    givenUp: new Set(givenUp),
    deleted: new Set(deleted),
    written: new Set(),
    unverifiedParents: new Set(),
  };
}

function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

/**
 * Reads the dependent children again right before a write to their parent. One that is not as the plan knows it would be
 * lost, or restored to what it was before somebody changed it: the answer says so in words.
 */
export async function changedChild(
  { objectId = "" }: Step,
  kind: Kind,
  provider: Provider,
  { known, givenUp, deleted, written }: DependentChildren,
): Promise<string | undefined> {
  if (written.has(objectId)) return undefined;
  for (const child of dependentKinds(kind.kind, provider.kinds)) {
    const key = keyOf(child.kind, objectId);
    const live = await provider.read(child.kind, objectId);
    const step = known.get(key);
    const isSame = step === undefined || live === undefined ? step === live : !isStale(step, child, live);
    if (isSame || (live === undefined ? deleted : givenUp).has(key)) continue;
    const what = happened(step !== undefined, live !== undefined);
    return `its ${child.kind}, which this write removes, ${what} since the plan was made`;
  }
  written.add(objectId);
  return undefined;
}

function happened(wasKnown: boolean, isThere: boolean): string {
  if (!wasKnown) return "has appeared";
  return isThere ? "has been changed" : "has been removed";
}
