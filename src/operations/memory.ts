import type { Plan } from "../model/plan.ts";
import type { LiveObject, Provider } from "../model/provider.ts";
import { areSameObjects } from "../reconcile/observe/match.ts";
import { isSameObject, type Snapshot } from "../reconcile/observe/snapshot.ts";
import { makeDecisions, type DecisionInput, type Decisions } from "../reconcile/plan/decisions.ts";
import { makePlan, type PlanInput } from "../reconcile/plan/plan.ts";

/**
 * What a program that plans again and again keeps from one plan to the next: the engine is pure, so what it makes of the
 * same input is not made again. It costs memory, so that a command, which plans once, does without.
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

/** The same function, which answers at once when it is asked what it was asked the last time. */
function keepingLast<I, O>(make: (input: I) => O, isSame: (one: I, other: I) => boolean): (input: I) => O {
  let last: { readonly input: I; readonly output: O } | undefined;
  return (input) => {
    if (last === undefined || !isSame(last.input, input)) last = { input, output: make(input) };
    return last.output;
  };
}

/** Every member is the same value. Which objects were read one by one does not count: what was found does. */
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

/** The same provider, by which an object that is as it was when it was last listed is the same value. */
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
    // There is no list of what its parent has one of.
    read: async (kind: string, id: string) => {
      const object = await provider.read(kind, id);
      if (provider.kinds.get(kind)?.identity.singleton !== true) return object;
      return asBefore(`${kind} ${id}`, object === undefined ? [] : [object])[0];
    },
  };
}
