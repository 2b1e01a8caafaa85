import type { Plan } from "../model/plan.ts";
import type { LiveObject, Provider } from "../model/provider.ts";
import { areSameObjects } from "../reconcile/observe/match.ts";
import type { Snapshot } from "../reconcile/observe/snapshot.ts";
import { isSameObject } from "../reconcile/observe/verify-list.ts";
import { makeDecisions, type DecisionInput, type Decisions } from "../reconcile/plan/decisions.ts";
import { makePlan, type PlanInput } from "../reconcile/plan/plan.ts";

/**
 * What a program that plans repeatedly keeps from one plan to the next: the engine is pure, so the result for the same
 * input is used again. A command plans once and does not use it.
 */
export interface Memory {
  readonly decisions: (input: DecisionInput) => Decisions;
  readonly plan: (input: PlanInput, decided: Decisions) => Plan;
}

export function newMemory(): Memory {
  const plan = keepingLast(
    ({ input, decided }: Decided) => makePlan(input, decided),
    (one, other) => one.decided === other.decided && isSameInput(one.input, other.input),
  );
  return {
    decisions: keepingLast(makeDecisions, isSameInput),
    plan: (input, decided) => plan({ input, decided }),
  };
}

interface Decided {
  readonly input: PlanInput;
  readonly decided: Decisions;
}

/** The same function; if the input is the same as the last time, it returns the last output. */
function keepingLast<I, O>(make: (input: I) => O, isSame: (one: I, other: I) => boolean): (input: I) => O {
  let last: { readonly input: I; readonly output: O } | undefined;
  return (input) => {
    if (last === undefined || !isSame(last.input, input)) last = { input, output: make(input) };
    return last.output;
  };
}

/** Every member is the same value. Snapshots are compared by what was found, not by how it was read. */
function isSameInput(one: DecisionInput, other: DecisionInput): boolean {
  const { snapshot, options, ...rest } = one;
  const { snapshot: otherSnapshot, options: otherOptions, ...otherRest } = other;
  return areSame(rest, otherRest) && areSame(options, otherOptions) && isSameSnapshot(snapshot, otherSnapshot);
}

function areSame(one: object, other: object): boolean {
  const [members, others] = [Object.entries(one), new Map(Object.entries(other))];
  return members.length === others.size && members.every(([key, value]) => isSame(value, others.get(key)));
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || [one, other].every((value) => Array.isArray(value) && value.length === 0);
}

function isSameSnapshot({ objects, unlisted = [] }: Snapshot, other: Snapshot): boolean {
  const isListed = ([kind, list]: readonly [string, readonly LiveObject[]]) =>
    areSameObjects(list, other.objects.get(kind));
  const isKnown = unlisted.length === 0 && (other.unlisted ?? []).length === 0;
  return isKnown && objects.size === other.objects.size && [...objects].every(isListed);
}

/** The same provider. An object that has not changed since the last list is returned as the same value. */
export function remembering<P extends Pick<Provider, "list" | "read" | "kinds">>(provider: P): P {
  const lists = new Map<string, ReadonlyMap<string, LiveObject>>();
  const asBefore = (key: string, found: readonly LiveObject[]): readonly LiveObject[] => {
    const last = lists.get(key);
    const objects = found.map((object) => {
      const before = last?.get(object.id);
      return before !== undefined && isSameObject(before, object) ? before : object;
    });
    lists.set(key, new Map(objects.map((object) => [object.id, object])));
    return objects;
  };
  return {
    ...provider,
    list: async (kind: string, parentId?: string) =>
      asBefore(`${kind} ${parentId ?? ""}`, await provider.list(kind, parentId)),
    // A singleton is in no list.
    read: async (kind: string, id: string) => {
      const object = await provider.read(kind, id);
      if (provider.kinds.get(kind)?.identity.singleton !== true) return object;
      return asBefore(`${kind} ${id}`, object === undefined ? [] : [object])[0];
    },
  };
}
