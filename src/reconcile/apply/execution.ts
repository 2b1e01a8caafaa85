import type { Address } from "../../model/address.ts";
import type { StepFailure, StepOutcome } from "../../model/event.ts";
import { omit, type Json, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent, LedgerSession } from "../../model/ledger.ts";
import type { Step } from "../../model/plan.ts";
import { ProviderError, type LiveObject, type Provider } from "../../model/provider.ts";
import type { Runtime } from "../../model/runtime.ts";
import type { DependentChildren } from "./dependent-children.ts";
import { grouped } from "../../model/grouped.ts";
import { ownId } from "../../model/object-ids.ts";
import { nameOf } from "../observe/natural-name.ts";
import { resolvedIntent } from "../recover/own-writes.ts";
import { resolve } from "../compare/references.ts";
import { withIgnored } from "../observe/desired.ts";
import { hintsOf } from "../compare/hints.ts";

/** What a step needs from outside, and what steps share. */
export interface Execution {
  readonly provider: Provider;
  readonly session: LedgerSession;
  readonly runtime: Runtime;
  readonly commit?: string;
  /** Ids by which objects are referred to; grows as steps create, by `learn`. */
  readonly ids: Map<Address, string>;
  /** Every id that the plan knows, those of replaced and missing objects included; grows by `learn` too. */
  readonly knownIds: Set<string>;
  /** What each step means to write, by its id. */
  readonly intents: Map<string, Intent>;
  /** The steps at each address. */
  readonly steps: ReadonlyMap<Address, readonly Step[]>;
  /** Intents of earlier runs that are still open, by address; those that a step goes on with included. */
  readonly open: ReadonlyMap<Address, readonly Intent[]>;
  /** The same by the object that they are about. */
  readonly openByObject: ReadonlyMap<string, readonly Intent[]>;
  /** Objects that stood in the listings right before the first write and that the plan does not know, by kind. */
  readonly listed: ReadonlyMap<string, Listed>;
  readonly children: DependentChildren;
  /** Objects of interrupted runs that the step has deleted; each step has its own list. */
  readonly deletedIds: string[];
}

/** Listed objects of one kind. */
export interface Listed {
  readonly ids: ReadonlySet<string>;
  /** By their name, as names are compared. */
  readonly byName: ReadonlyMap<Json | undefined, readonly LiveObject[]>;
}

export function listedIn(kind: Kind, objects: readonly LiveObject[]): Listed {
  return {
    ids: new Set(objects.map(({ id }) => id)),
    byName: grouped(objects, ({ spec }) => nameOf(kind, spec)),
  };
}

/** The id by which others refer to the object at an address. */
export function learn({ ids, knownIds }: Execution, address: Address, objectId: string): void {
  const id = ownId(objectId);
  ids.set(address, id);
  knownIds.add(id);
}

/** How often a write whose effect is not known is looked up and, where it had none, sent again. */
export const WRITE_ATTEMPTS = 5;
const PAUSE = 500;

/** The declared fields with every known id in place, without the blocks that a later step completes. */
export function resolvedSpec(step: Step, kind: Kind, { ids }: Execution): JsonObject {
  const spec = omit(step.desired ?? {}, step.omit ?? []);
  return resolve(kind, spec, (address) => ids.get(address));
}

/** All intents at an address, oldest first, with the ids that are known. */
export function intentsAt(address: Address, kind: Kind, execution: Execution): readonly Intent[] {
  const { intents, open, ids, steps } = execution;
  const earlier = open.get(address) ?? [];
  const known = new Set(earlier.map(({ id }) => id));
  const own = (steps.get(address) ?? [])
    .flatMap(({ id }) => intents.get(id) ?? [])
    .filter(({ id }) => !known.has(id));
  return [...earlier, ...own]
    .filter(({ action }) => action !== "delete")
    .map((intent) => resolvedIntent(intent, kind, (target) => ids.get(target)));
}

/** The same with the live value wherever the manifest leaves it to others. */
export function desiredOver(live: LiveObject, step: Step, kind: Kind, execution: Execution): JsonObject {
  return withIgnored(resolvedSpec(step, kind, execution), live.spec, step.ignored ?? [], hintsOf(kind));
}

/** Exponential backoff with full jitter. */
export function pause(attempt: number, runtime: Runtime): Promise<void> {
  return runtime.sleep(PAUSE * 2 ** attempt * runtime.random());
}

/** The answer was lost, or the server failed while it ran the request. */
export function isUncertain(error: unknown): boolean {
  return error instanceof ProviderError && error.failure.effect === "unknown";
}

/** The API knows no such object, or nothing that the request refers to. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ProviderError && error.failure.reason === "not-found";
}

/** Whether a write that is seen not to have taken effect is sent again. */
export function mayRepeat(error: unknown, attempt: number): boolean {
  const isExhausted = error instanceof ProviderError && error.failure.exhausted === true;
  return attempt < WRITE_ATTEMPTS && !isExhausted;
}

/** A refusal after a write whose effect is not known does not say that nothing was written. */
export function inDoubt(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  return new ProviderError({ ...error.failure, effect: "unknown" }, { cause: error });
}

/**
 * Looks up what became of a write whose effect is not known. If the look-up fails as well, the effect stays
 * unknown, and the first error is reported.
 */
export async function lookUpAfter<T>(error: unknown, lookUp: () => Promise<T>): Promise<T> {
  try {
    return await lookUp();
  } catch (second) {
    throw second instanceof ProviderError ? error : second;
  }
}

export function stale(message: string, wrote = false): StepOutcome {
  return failed({ why: "stale", message }, wrote);
}

export function failed(failure: StepFailure, wrote: boolean): StepOutcome {
  return { status: "failed", failure, wrote };
}
