import type { StepOutcome } from "../model/event.ts";
import { equal, type JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import type { Step } from "../model/plan.ts";
import type { CreateRequest, LiveObject } from "../model/provider.ts";
import {
  desiredOf,
  inDoubt,
  isStale,
  isUncertain,
  lookUpAfter,
  mayRepeat,
  pause,
  stale,
  type Execution,
} from "./execution.ts";
import { nameOf, ownId } from "./match.ts";
import { parentIn } from "./references.ts";
import { settle } from "./settle.ts";
import type { Written } from "./verify.ts";
import { write } from "./write.ts";

export async function create(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const { runtime, ids } = execution;
  const desired = desiredOf(step, kind, execution);
  const parentId = parentIn(kind, desired);
  const known = await standing(kind, parentId, execution);
  const namesake = known.find((object) => isNamesake(kind, object, desired));
  if (namesake !== undefined && step.replaces === undefined) {
    return stale(`an object with the same name, ${namesake.id}, has appeared since the plan was made`);
  }
  const request = {
    kind: kind.kind,
    spec: desired,
    idempotencyKey: execution.keys.get(step.id) ?? runtime.uuid(),
    ...(parentId === undefined ? {} : { parentId }),
  };
  const find = () => createdBefore(kind, desired, known, parentId, execution);
  const { object, isFound } = await createOnce(request, find, execution);
  ids.set(step.address, ownId(object.id));
  const made = { ...step, objectId: object.id };
  if (isFound) return complete(made, kind, object, execution);
  const written: Written = { desired, applied: undefined, target: desired };
  return settle(made, kind, written, execution);
}

/** What stands there and the plan did not know of. */
async function standing(
  kind: Kind,
  parentId: string | undefined,
  { provider, listed, ids }: Execution,
): Promise<readonly LiveObject[]> {
  const { parent, singleton } = kind.identity;
  if (parent === undefined) return listed.get(kind.kind) ?? [];
  if (parentId === undefined || singleton === true) return [];
  const planned = new Set(ids.values());
  return (await provider.list(kind.kind, parentId)).filter(({ id }) => !planned.has(ownId(id)));
}

/** An object that another write may have removed: it is put back, or brought up to date. */
export async function ensure(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const live =
    step.objectId === undefined ? undefined : await execution.provider.read(kind.kind, step.objectId);
  if (live === undefined) return create(step, kind, execution);
  if (isStale(step, kind, live)) return stale("it has been changed since the plan was made");
  return write(step, kind, live, execution);
}

/** What a creation whose answer was lost left out, such as what takes requests of its own, is added. */
async function complete(
  step: Step,
  kind: Kind,
  object: LiveObject,
  execution: Execution,
): Promise<StepOutcome> {
  try {
    const outcome = await write(step, kind, object, execution);
    return outcome.status === "unchanged" ? { ...outcome, status: "applied" } : outcome;
  } catch (error) {
    throw inDoubt(error);
  }
}

interface Created {
  readonly object: LiveObject;
  /** It was not answered but found. */
  readonly isFound: boolean;
}

/**
 * A lost answer does not say whether the object was made. One that stands there now, and did not before, is ours;
 * only when there is none the request goes out again, under the same key.
 */
async function createOnce(
  request: CreateRequest,
  find: () => Promise<LiveObject | undefined>,
  { provider, runtime }: Execution,
): Promise<Created> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { object: await provider.create(request), isFound: false };
    } catch (error) {
      if (!isUncertain(error)) throw attempt === 1 ? error : inDoubt(error);
      const object = await lookUpAfter(error, find);
      if (object !== undefined) return { object, isFound: true };
      if (!mayRepeat(error, attempt)) throw error;
      await pause(attempt, runtime);
    }
  }
}

async function createdBefore(
  kind: Kind,
  desired: JsonObject,
  known: readonly LiveObject[],
  parentId: string | undefined,
  { provider, ids }: Execution,
): Promise<LiveObject | undefined> {
  const before = new Set(known.map(({ id }) => id));
  const taken = new Set(ids.values());
  if (kind.identity.singleton === true)
    return parentId === undefined ? undefined : provider.read(kind.kind, parentId);
  const now = await provider.list(kind.kind, parentId);
  const isNew = ({ id }: LiveObject) => !before.has(id) && !taken.has(ownId(id));
  const candidates = now.filter((object) => isNew(object) && isNamesake(kind, object, desired));
  return candidates.length === 1 ? candidates[0] : undefined;
}

function isNamesake(kind: Kind, object: LiveObject, desired: JsonObject): boolean {
  const name = nameOf(kind, desired);
  return name !== undefined && equal(nameOf(kind, object.spec), name);
}
