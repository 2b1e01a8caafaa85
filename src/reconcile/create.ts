import type { StepOutcome } from "../model/event.ts";
import { equal, type JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import type { Step } from "../model/plan.ts";
import type { CreateRequest, LiveObject } from "../model/provider.ts";
import {
  WRITE_ATTEMPTS,
  desiredOf,
  isUncertain,
  lookUpAfter,
  pause,
  stale,
  type Execution,
} from "./execution.ts";
import { nameOf, ownId } from "./match.ts";
import { parentIn } from "./references.ts";
import { settle } from "./settle.ts";
import type { Written } from "./verify.ts";

export async function create(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const { runtime, ids, listed } = execution;
  const desired = desiredOf(step, kind, execution);
  const parentId = parentIn(kind, desired);
  const known = listed.get(kind.kind) ?? [];
  const namesake = known.find((object) => isNamesake(kind, object, desired));
  if (namesake !== undefined && kind.identity.parent === undefined && step.replaces === undefined) {
    return stale(`an object with the same name, ${namesake.id}, has appeared since the plan was made`);
  }
  const request = {
    kind: kind.kind,
    spec: desired,
    idempotencyKey: execution.keys.get(step.id) ?? runtime.uuid(),
    ...(parentId === undefined ? {} : { parentId }),
  };
  const find = () => createdBefore(kind, desired, known, parentId, execution);
  const created = await createOnce(request, find, execution);
  ids.set(step.address, ownId(created.id));
  const written: Written = { desired, applied: undefined, target: desired };
  return settle({ ...step, objectId: created.id }, kind, written, execution);
}

/**
 * A lost answer does not say whether the object was made. One that stands there now, and did not before, is ours;
 * only when there is none the request goes out again, under the same key.
 */
async function createOnce(
  request: CreateRequest,
  find: () => Promise<LiveObject | undefined>,
  { provider, runtime }: Execution,
): Promise<LiveObject> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await provider.create(request);
    } catch (error) {
      if (!isUncertain(error)) throw error;
      const object = await lookUpAfter(error, find);
      if (object !== undefined) return object;
      if (attempt === WRITE_ATTEMPTS) throw error;
      await pause(attempt, runtime);
    }
  }
}

async function createdBefore(
  kind: Kind,
  desired: JsonObject,
  known: readonly LiveObject[],
  parentId: string | undefined,
  { provider }: Execution,
): Promise<LiveObject | undefined> {
  const before = new Set(known.map(({ id }) => id));
  if (kind.identity.singleton === true)
    return parentId === undefined ? undefined : provider.read(kind.kind, parentId);
  const now = await provider.list(kind.kind, parentId);
  const candidates = now.filter((object) => !before.has(object.id) && isNamesake(kind, object, desired));
  return candidates.length === 1 ? candidates[0] : undefined;
}

function isNamesake(kind: Kind, object: LiveObject, desired: JsonObject): boolean {
  const name = nameOf(kind, desired);
  return name !== undefined && equal(nameOf(kind, object.spec), name);
}
