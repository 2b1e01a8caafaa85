import type { StepOutcome } from "../../model/event.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent } from "../../model/ledger.ts";
import type { Step } from "../../model/plan.ts";
import { ProviderError, type CreateRequest, type LiveObject } from "../../model/provider.ts";
import { isReference } from "../../model/resource.ts";
import { holdsDigest } from "../../model/secret-digest.ts";
import { creationTeller } from "./answered.ts";
import { createdBefore, createOnce, findLater, NOTHING, supersede } from "./create-once.ts";
import { deleteUntilGone, throwInDoubt } from "./delete.ts";
import { resolvedSpec, inDoubt, isNotFound, learn, stale, type Execution } from "./execution.ts";
import { hintsOf } from "../compare/hints.ts";
import { lastTried, REPLAY_LIMIT } from "../recover/intents.ts";
import { isAsMeant, ownWrites, resolvedIntent } from "../recover/own-writes.ts";
import { ownId } from "../../model/object-ids.ts";
import { withLiveSecrets } from "../compare/outdated-digests.ts";
import { linksOf, parentIn, resolve } from "../compare/references.ts";
import { recordEdits, settle } from "./settle.ts";
import { write } from "./write.ts";

/**
 * Continues with objects that earlier runs created, or may have created, and that could not be read since. An object that
 * was created with other values than are declared now is deleted: nothing else would clear what is no longer declared.
 * `undefined` if there is no object to continue with, and none is left to delete.
 */
export async function resumed(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome | undefined> {
  const { open, session, intents, deletedIds } = execution;
  const creations = (open.get(step.address) ?? []).filter(
    ({ action, replaces }) => action === "create" && replaces === step.replaces,
  );
  for (const creation of creations.toReversed()) {
    if (intents.get(step.id)?.id === creation.id) {
      if (creation.objectId === undefined) continue;
      const outcome = await resume(step, kind, { id: creation.objectId }, execution);
      if (outcome !== undefined) return outcome;
      await renew(step, execution);
      continue;
    }
    const made =
      creation.objectId === undefined
        ? await replayed(creation, kind, execution).catch((error: unknown) => {
            throw deletedIds.length === 0 ? error : inDoubt(error);
          })
        : { id: creation.objectId };
    if (made === UNKNOWN) await supersede(creation, kind, execution);
    else if (made !== undefined && !isKnownElsewhere(made.id, step, execution)) {
      const outcome = await takeBack(made, creation, kind, execution).catch(throwInDoubt);
      if (outcome !== undefined) return outcome;
      deletedIds.push(made.id);
    }
    await session.commit([{ fact: "closed", intents: [creation.id] }]);
  }
  return undefined;
}

function isInvalid(error: unknown): boolean {
  return error instanceof ProviderError && error.failure.reason === "invalid";
}

export const EDITED = "an earlier run created it, and it has been changed since; plan again to see what";

/** What a creation of an earlier run made. */
interface Made {
  readonly id: string;
  /** The API's answer to the creation, if it is known. */
  readonly answer?: JsonObject;
}

/** Deletes what a creation made, unless somebody has changed it since: then a plan has to show the change first. */
async function takeBack(
  { id, answer }: Made,
  creation: Intent,
  kind: Kind,
  execution: Execution,
): Promise<StepOutcome | undefined> {
  const { provider, ids } = execution;
  const isSingleton = kind.identity.singleton === true;
  if (answer === undefined && !isSingleton) return deleteUntilGone(kind, { id }, execution);
  const intent = resolvedIntent(creation, kind, (address) => ids.get(address));
  const isOurs = ({ spec }: LiveObject) =>
    isSingleton
      ? isAsMeant(spec, intent.after ?? {}, hintsOf(kind))
      : ownWrites({ baseline: undefined, live: spec, answer }, [intent], kind).edited === 0;
  const whyKept = (live: LiveObject) => (isOurs(live) ? undefined : EDITED);
  const live = await provider.read(kind.kind, id);
  const reason = live === undefined ? undefined : whyKept(live);
  return reason === undefined ? deleteUntilGone(kind, { id, whyKept }, execution) : stale(reason, true);
}

/** Another address now has the object, for example because a manifest adopted it by name. */
export function isKnownElsewhere(objectId: string, { address, kind }: Step, execution: Execution): boolean {
  const { ids, knownIds, provider } = execution;
  // A child of which an object has at most one, such as a canary, has the id of that object.
  if (provider.kinds.get(kind)?.identity.singleton === true) return false;
  const id = ownId(objectId);
  return knownIds.has(id) && ids.get(address) !== id;
}

/** Whether the creation was executed is not known: its object can still appear. */
const UNKNOWN = "unknown";

/**
 * The object that an earlier run may have created under other values, and that no list shows yet: the same
 * request under the same key is answered with it. `undefined` where there certainly is none.
 */
async function replayed(
  creation: Intent,
  kind: Kind,
  execution: Execution,
): Promise<Made | typeof UNKNOWN | undefined> {
  const { runtime, ids } = execution;
  const { idempotencyKey, after = {} } = creation;
  const isOld = runtime.now().getTime() - lastTried(creation) > REPLAY_LIMIT;
  const spec = resolve(kind, after, (address) => ids.get(address));
  // What it refers to was not made, so neither was this.
  if (isOld || linksOf(kind, spec).some(({ value }) => isReference(value))) return undefined;
  const parentId = parentIn(kind, spec);
  const find = () => createdBefore(kind, spec, { before: NOTHING.ids, parentId }, execution);
  if (kind.identity.singleton === true) {
    const live = await find();
    return live !== undefined && isAsMeant(live.spec, spec, hintsOf(kind)) ? { id: live.id } : undefined;
  }
  const isKeyed = kind.createsWithoutKey !== true && idempotencyKey !== undefined;
  if (!isKeyed || holdsDigest(spec)) {
    const late = await findLater(find, execution);
    return late === undefined ? UNKNOWN : { id: late.id };
  }
  const request = keyOnly(kind, spec, idempotencyKey);
  return sentAgain({ creation, request, find }, kind, execution);
}

/** A creation that is sent again under its key only to learn what it has made. */
function keyOnly(kind: Kind, spec: JsonObject, idempotencyKey: string): CreateRequest {
  const parentId = parentIn(kind, spec);
  return {
    kind: kind.kind,
    spec,
    idempotencyKey,
    isKeyOnly: true,
    ...(parentId === undefined ? {} : { parentId }),
  };
}

interface Again {
  readonly creation: Intent;
  readonly request: CreateRequest;
  readonly find: () => Promise<LiveObject | undefined>;
}

/** What the creation has made, by its key. */
async function sentAgain(
  { creation, request: plain, find }: Again,
  kind: Kind,
  execution: Execution,
): Promise<Made | typeof UNKNOWN | undefined> {
  const tell = creationTeller(creation, plain.spec, kind, execution);
  const request = { ...plain, onAnswer: tell };
  try {
    const { object, isFound } = await createOnce(kind, request, { find, intent: creation }, execution);
    await tell(object, isFound);
    return { id: object.id, answer: object.spec };
  } catch (error) {
    // Its object was deleted since.
    if (isNotFound(error)) return undefined;
    // What it refers to was deleted since: it cannot be repeated.
    if (isInvalid(error)) return UNKNOWN;
    throw error;
  }
}

/** The object of the key was deleted since. */
export const GONE = "";

/**
 * The id of what a creation of an earlier run made, or makes now, by its key; `undefined` where it cannot be told.
 * `found` is an object that may be it: secrets, of which only digests are on record, are sent as they are live there.
 */
export async function madeBy(
  creation: Intent,
  found: LiveObject | undefined,
  kind: Kind,
  { runtime, ids, provider, session }: Execution,
): Promise<string | undefined> {
  const { idempotencyKey, began, after = {} } = creation;
  const resolved = resolve(kind, after, (address) => ids.get(address));
  const spec = found === undefined ? resolved : withLiveSecrets(resolved, found.spec, hintsOf(kind));
  const isOld = runtime.now().getTime() - Date.parse(began) > KEY_LIFETIME;
  if (isOld || idempotencyKey === undefined || holdsDigest(spec)) return undefined;
  try {
    const { id } = await provider.create(keyOnly(kind, spec, idempotencyKey));
    // If it was made just now and the run is killed before it is deleted, a later run has to find it.
    await session.commit([{ fact: "answered", intent: creation.id, objectId: id }]);
    return id;
  } catch (error) {
    if (isNotFound(error)) return GONE;
    // The request of the key cannot be repeated.
    if (isInvalid(error)) return undefined;
    throw error;
  }
}

/**
 * Updates an object that may not be readable yet. If the API answers the write with 404, the object has been deleted,
 * and the outcome is `undefined`.
 */
export async function resume(
  step: Step,
  kind: Kind,
  { id: objectId, answer }: { readonly id: string; readonly answer?: LiveObject },
  execution: Execution,
): Promise<StepOutcome | undefined> {
  const { provider } = execution;
  const made = { ...step, objectId };
  const live = await provider.read(kind.kind, objectId);
  if (live !== undefined) {
    learn(execution, step.address, objectId);
    if (await recordEdits(made, kind, { live, answer }, execution)) return stale(EDITED, true);
    return complete(made, kind, live, execution);
  }
  const desired = resolvedSpec(step, kind, execution);
  try {
    const blocks = Object.keys(desired);
    await provider.update({ kind: kind.kind, id: objectId, live: {}, target: desired, blocks });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw inDoubt(error);
  }
  learn(execution, step.address, objectId);
  return settle(made, kind, { desired, applied: undefined, target: desired }, execution);
}

/** Discards a key together with the object that it created. */
export async function renew(step: Step, { intents, session, runtime }: Execution): Promise<void> {
  const old = intents.get(step.id);
  if (old === undefined) return;
  const { objectId: _, resumed: __, ...rest } = old;
  const key = runtime.uuid();
  const intent = { ...rest, id: `${step.id}@${key}`, idempotencyKey: key, began: runtime.now().toISOString() };
  intents.set(step.id, intent);
  await session.commit([
    { fact: "closed", intents: [old.id] },
    { fact: "intended", intents: [intent] },
  ]);
}

/** Milliseconds for which the API certainly remembers a key: it says up to 24 hours. */
export const KEY_LIFETIME = 12 * 3_600_000;

/** Adds what a creation with a lost answer left out, such as values that need requests of their own. */
export async function complete(
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
