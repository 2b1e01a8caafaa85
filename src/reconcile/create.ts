import type { StepOutcome } from "../model/event.ts";
import { equal, type JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import type { Intent } from "../model/ledger.ts";
import type { Step } from "../model/plan.ts";
import { ProviderError, type CreateRequest, type LiveObject } from "../model/provider.ts";
import { isReference } from "../model/resource.ts";
import {
  desiredOf,
  inDoubt,
  isStale,
  isUncertain,
  learn,
  listedIn,
  lookUpAfter,
  mayRepeat,
  pause,
  stale,
  type Execution,
  type Listed,
} from "./execution.ts";
import { holdsDigest } from "../model/secret-digest.ts";
import { hintsOf } from "./hints.ts";
import { REPLAY_LIMIT } from "./intents.ts";
import { nameOf, ownId } from "./match.ts";
import { isAsMeant } from "./own-writes.ts";
import { linksOf, parentIn, resolve } from "./references.ts";
import { recordEdits, settle } from "./settle.ts";
import { write } from "./write.ts";

/** Milliseconds for which a list may not show a creation yet that takes no idempotency key. */
const LAG_DELAYS = [1_000, 2_000, 4_000, 8_000];
const LAG = 15_000;
/** Milliseconds for which the API certainly remembers a key: it says up to 24 hours. */
const KEY_LIFETIME = 12 * 3_600_000;

export async function create(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  return (await resumed(step, kind, execution)) ?? (await createNew(step, kind, execution));
}

/** An object that another write may have removed: it is put back, or brought up to date. */
export async function ensure(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const live =
    step.objectId === undefined ? undefined : await execution.provider.read(kind.kind, step.objectId);
  if (live === undefined) return createNew(step, kind, execution);
  if (isStale(step, kind, live)) return stale("it has been changed since the plan was made");
  return write(step, kind, live, execution);
}

async function createNew(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const { runtime } = execution;
  const desired = desiredOf(step, kind, execution);
  const parentId = parentIn(kind, desired);
  const known = await standing(kind, parentId, execution);
  const intent = execution.intents.get(step.id);
  const isAgain = isRepeat(intent, step, execution);
  const namesake = known.byName.get(nameOf(kind, desired) ?? null)?.[0];
  if (namesake !== undefined && step.replaces === undefined) {
    if (isAgain && isAsMeant(namesake.spec, desired, hintsOf(kind)))
      return complete({ ...step, objectId: namesake.id }, kind, namesake, execution);
    return stale(`an object with the same name, ${namesake.id}, has appeared since the plan was made`);
  }
  let told: string | undefined;
  const tell = (id: string): void => {
    if (told !== id) answered(intent, id, execution);
    told = id;
  };
  const request = {
    kind: kind.kind,
    spec: desired,
    idempotencyKey: intent?.idempotencyKey ?? runtime.uuid(),
    ...(parentId === undefined ? {} : { parentId }),
    onAnswer: tell,
  };
  const before = isAgain ? NOTHING.ids : known.ids;
  const find = () => createdBefore(kind, desired, { before, parentId }, execution);
  const early =
    isAgain && kind.createsWithoutKey === true ? await lateFind(intent, find, execution) : undefined;
  const created =
    early === undefined
      ? await createOnce(kind, request, find, execution).catch((error: unknown) => {
          if (isNotFound(error) && isAgain) return undefined;
          throw error;
        })
      : { object: early, isFound: true };
  if (created === undefined) {
    // The answer to the first attempt came once more, and its object has been deleted since.
    await renew(step, execution);
    return createNew(step, kind, execution);
  }
  const { object, isFound } = created;
  tell(object.id);
  learn(execution, step.address, object.id);
  const made = { ...step, objectId: object.id };
  if (isFound) return complete(made, kind, object, execution);
  if (isAgain) {
    const outcome = await resume(step, kind, object.id, execution);
    if (outcome !== undefined) return outcome;
    await renew(step, execution);
    return createNew(step, kind, execution);
  }
  return settle(made, kind, { desired, applied: undefined, target: desired }, execution);
}

/** An earlier run sent it, or was about to. */
function isRepeat(intent: Intent | undefined, { address }: Step, { open }: Execution): boolean {
  return intent !== undefined && (open.get(address) ?? []).some(({ id }) => id === intent.id);
}

/** The id of an answered creation outlives the process. Nobody waits for it: without it the object is found by name. */
function answered(intent: Intent | undefined, objectId: string, { session }: Execution): void {
  if (intent === undefined) return;
  session.commit([{ fact: "answered", intent: intent.id, objectId }]).catch(() => undefined);
}

function isNotFound(error: unknown): boolean {
  return error instanceof ProviderError && error.failure.reason === "not-found";
}

/**
 * Goes on with what earlier runs created, or may have created, although it could not be read since. One that was to
 * have other values than are declared now is deleted: nothing else would take away what is no longer declared.
 */
async function resumed(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome | undefined> {
  const { open, session, intents, provider } = execution;
  const creations = (open.get(step.address) ?? []).filter(
    ({ action, replaces }) => action === "create" && replaces === step.replaces,
  );
  for (const creation of creations.toReversed()) {
    if (intents.get(step.id)?.id === creation.id) {
      if (creation.objectId === undefined) continue;
      const outcome = await resume(step, kind, creation.objectId, execution);
      if (outcome !== undefined) return outcome;
      await renew(step, execution);
      continue;
    }
    const objectId = creation.objectId ?? (await replayed(creation, kind, execution));
    if (objectId !== undefined) await provider.delete(kind.kind, objectId);
    await session.commit([{ fact: "closed", intents: [creation.id] }]);
  }
  return undefined;
}

/**
 * The id of an object that an earlier run may have created under other values, and that no list shows yet: the same
 * request under the same key is answered with it. `undefined` where there certainly is none.
 */
async function replayed(creation: Intent, kind: Kind, execution: Execution): Promise<string | undefined> {
  const { runtime, ids } = execution;
  const { idempotencyKey, began, after = {} } = creation;
  const isOld = runtime.now().getTime() - Date.parse(began) > REPLAY_LIMIT;
  const spec = resolve(kind, after, (address) => ids.get(address));
  // What it refers to was not made, so neither was this.
  if (isOld || linksOf(kind, spec).some(({ value }) => isReference(value))) return undefined;
  const parentId = parentIn(kind, spec);
  const find = () => createdBefore(kind, spec, { before: NOTHING.ids, parentId }, execution);
  const isKeyed = kind.createsWithoutKey !== true && idempotencyKey !== undefined;
  if (!isKeyed || holdsDigest(spec)) return (await lateFind(creation, find, execution))?.id;
  const request = { kind: kind.kind, spec, idempotencyKey, ...(parentId === undefined ? {} : { parentId }) };
  const { object } = await createOnce(kind, request, find, execution);
  answered(creation, object.id, execution);
  return object.id;
}

/** The id of what a creation of an earlier run made, or makes now, by its key; `undefined` where it cannot be told. */
export async function madeBy(creation: Intent, kind: Kind, execution: Execution): Promise<string | undefined> {
  const { runtime, ids, provider } = execution;
  const { idempotencyKey, began, after = {} } = creation;
  const spec = resolve(kind, after, (address) => ids.get(address));
  const parentId = parentIn(kind, spec);
  const isOld = runtime.now().getTime() - Date.parse(began) > KEY_LIFETIME;
  if (isOld || idempotencyKey === undefined || holdsDigest(spec)) return undefined;
  const request = { kind: kind.kind, spec, idempotencyKey, ...(parentId === undefined ? {} : { parentId }) };
  return (await provider.create(request)).id;
}

/**
 * Brings an object up to date that may not be readable yet. A write tells what a read cannot: when the API knows no
 * such object, it has been deleted, and the outcome is `undefined`.
 */
async function resume(
  step: Step,
  kind: Kind,
  objectId: string,
  execution: Execution,
): Promise<StepOutcome | undefined> {
  const { provider } = execution;
  const made = { ...step, objectId };
  const live = await provider.read(kind.kind, objectId);
  if (live !== undefined) {
    learn(execution, step.address, objectId);
    if (await recordEdits(made, kind, live, execution))
      return stale("an earlier run created it, and it has been changed since; plan again to see what", true);
    return complete(made, kind, live, execution);
  }
  const desired = desiredOf(step, kind, execution);
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

/** A key is given up with the object that it stands for. */
async function renew(step: Step, { intents, session, runtime }: Execution): Promise<void> {
  const old = intents.get(step.id);
  if (old === undefined) return;
  const { objectId: _, ...rest } = old;
  const key = runtime.uuid();
  const intent = { ...rest, id: `${step.id}@${key}`, idempotencyKey: key, began: runtime.now().toISOString() };
  intents.set(step.id, intent);
  await session.commit([
    { fact: "closed", intents: [old.id] },
    { fact: "intended", intents: [intent] },
  ]);
}

const NOTHING: Listed = { ids: new Set(), byName: new Map() };

/** What stands there and the plan did not know of. */
async function standing(
  kind: Kind,
  parentId: string | undefined,
  { provider, listed, knownIds }: Execution,
): Promise<Listed> {
  const { parent, singleton } = kind.identity;
  if (parent === undefined) return listed.get(kind.kind) ?? NOTHING;
  if (parentId === undefined || singleton === true) return NOTHING;
  const objects = await provider.list(kind.kind, parentId);
  return listedIn(
    kind,
    objects.filter(({ id }) => !knownIds.has(ownId(id))),
  );
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

type Find = () => Promise<LiveObject | undefined>;

/**
 * A lost answer does not say whether the object was made. One that stands there now, and did not before, is ours;
 * only when there is none the request goes out again, under the same key. Where the API has no key to know it by, it
 * goes out again only when the lists have had the time to show it.
 */
async function createOnce(
  kind: Kind,
  request: CreateRequest,
  find: Find,
  { provider, runtime }: Execution,
): Promise<Created> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { object: await provider.create(request), isFound: false };
    } catch (error) {
      if (!isUncertain(error) || isNotFound(error)) throw attempt === 1 ? error : inDoubt(error);
      const object = await lookUpAfter(error, find);
      if (object !== undefined) return { object, isFound: true };
      if (!mayRepeat(error, attempt)) throw error;
      if (keepsKey(kind, error)) await pause(attempt, runtime);
      else {
        const late = await lookUpAfter(error, () => findLater(find, runtime));
        if (late !== undefined) return { object: late, isFound: true };
      }
    }
  }
}

/** The API remembers the key of a request that it carried out, unless it failed while it did. */
function keepsKey(kind: Kind, error: unknown): boolean {
  const hasFailed = error instanceof ProviderError && error.failure.reason === "server";
  return kind.createsWithoutKey !== true && !hasFailed;
}

/** A creation that an earlier run may have sent, and that no key tells of, is waited for as long as lists lag. */
async function lateFind(
  intent: Intent | undefined,
  find: Find,
  { runtime }: Execution,
): Promise<LiveObject | undefined> {
  if (intent === undefined) return undefined;
  const age = runtime.now().getTime() - Date.parse(intent.began);
  return age > LAG ? find() : findLater(find, runtime);
}

async function findLater(find: Find, runtime: Execution["runtime"]): Promise<LiveObject | undefined> {
  for (const delay of LAG_DELAYS) {
    await runtime.sleep(delay);
    const object = await find();
    if (object !== undefined) return object;
  }
  return undefined;
}

interface Before {
  readonly before: ReadonlySet<string>;
  readonly parentId: string | undefined;
}

/** The one object of that name which was not there before, and is as it was to be created. */
async function createdBefore(
  kind: Kind,
  desired: JsonObject,
  { before, parentId }: Before,
  { provider, knownIds }: Execution,
): Promise<LiveObject | undefined> {
  if (kind.identity.parent !== undefined && parentId === undefined) return undefined;
  if (kind.identity.singleton === true)
    return parentId === undefined ? undefined : provider.read(kind.kind, parentId);
  const now = await provider.list(kind.kind, parentId);
  const isNew = ({ id }: LiveObject) => !before.has(id) && !knownIds.has(ownId(id));
  const candidates = now.filter((object) => isNew(object) && isNamesake(kind, object, desired));
  const [only] = candidates;
  if (candidates.length !== 1 || only === undefined) return undefined;
  const whole = await provider.read(kind.kind, only.id);
  return whole !== undefined && isAsMeant(whole.spec, desired, hintsOf(kind)) ? whole : undefined;
}

function isNamesake(kind: Kind, object: LiveObject, desired: JsonObject): boolean {
  const name = nameOf(kind, desired);
  return name !== undefined && equal(nameOf(kind, object.spec), name);
}
