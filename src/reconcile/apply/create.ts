import type { StepOutcome } from "../../model/event.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent } from "../../model/ledger.ts";
import type { Step } from "../../model/plan.ts";
import { creationTeller } from "./answered.ts";
import { createdBefore, createOnce, findLater, NOTHING, supersede, type Created } from "./create-once.ts";
import { throwInDoubt } from "./delete.ts";
import { resolvedSpec, isNotFound, learn, listedIn, stale, type Execution, type Listed } from "./execution.ts";
import type { LiveObject } from "../../model/provider.ts";
import { mayBeOurs } from "../observe/open-creations.ts";
import { isStale } from "../observe/fingerprint.ts";
import { hintsOf } from "../compare/hints.ts";
import { withIgnored } from "../observe/desired.ts";
import { ownId } from "../../model/object-ids.ts";
import { nameOf } from "../observe/natural-name.ts";
import { isAsMeant } from "../recover/own-writes.ts";
import { parentIn } from "../compare/references.ts";
import { complete, EDITED, isKnownElsewhere, KEY_LIFETIME, renew, resume, resumed } from "./resume.ts";
import { recordEdits, settle } from "./settle.ts";
import { write } from "./write.ts";

export async function create(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const outcome = await resumed(step, kind, execution);
  if (outcome !== undefined) return outcome;
  const own = execution.intents.get(step.id)?.id;
  const earlier = execution.open.get(step.address) ?? [];
  const hasEarlier = earlier.some(({ action, id }) => action === "create" && id !== own);
  // What an earlier run may have made has been deleted before.
  const made = createNew(step, kind, execution);
  return hasEarlier ? made.catch(throwInDoubt) : made;
}

/**
 * Restores an object that another write may have removed, or updates it. If that write failed, the object is only
 * restored as it was: its own change waits for the parent, and a read that still shows it may be old.
 */
export async function restore(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const live =
    step.objectId === undefined ? undefined : await execution.provider.read(kind.kind, step.objectId);
  const { parent } = step;
  const isBlocked = parent !== undefined && execution.children.unverifiedParents.has(parent);
  if (isBlocked && (live !== undefined || !isAsBefore(step, kind, execution)))
    return { status: "blocked", by: [parent] };
  if (live === undefined) return createNew(step, kind, execution);
  if (isStale(step, kind, live)) return stale("it has been changed since the plan was made");
  return write(step, kind, live, execution);
}

function isAsBefore(step: Step, kind: Kind, execution: Execution): boolean {
  const { before = {} } = execution.intents.get(step.id) ?? {};
  return isAsMeant(before, resolvedSpec(step, kind, execution), hintsOf(kind));
}

async function createNew(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const desired = resolvedSpec(step, kind, execution);
  const parentId = parentIn(kind, desired);
  const known = await standing(kind, parentId, execution);
  const intent = execution.intents.get(step.id);
  const isAgain = isRepeat(intent, step, execution);
  const namesakes = await namesakesOf(kind, desired, known, execution);
  const [namesake] = namesakes;
  if (namesake !== undefined && step.replaces === undefined && !areToldByKeys(kind, namesakes, execution)) {
    if (isAgain && isAsMeant(namesake.spec, desired, hintsOf(kind)))
      return complete({ ...step, objectId: namesake.id }, kind, namesake, execution);
    return stale(`an object with the same name, ${namesake.id}, has appeared since the plan was made`);
  }
  if (isAgain && (await isEditedSuccessor(step, kind, namesakes, execution))) return stale(EDITED, true);
  const created = await sent(step, kind, { desired, parentId, known }, execution);
  if (created === undefined) {
    await renew(step, execution);
    return createNew(step, kind, execution);
  }
  const { object, isFound } = created;
  learn(execution, step.address, object.id);
  const made = { ...step, objectId: object.id };
  if (isFound) return complete(made, kind, object, execution);
  if (isAgain) {
    const outcome = await resume(step, kind, { id: object.id, answer: object }, execution);
    if (outcome !== undefined) return outcome;
    await renew(step, execution);
    return createNew(step, kind, execution);
  }
  return settle(made, kind, { desired, applied: undefined, target: desired }, execution);
}

/** Live objects with the name: lists may still contain deleted objects. */
async function namesakesOf(
  kind: Kind,
  desired: JsonObject,
  { byName }: Listed,
  { provider }: Execution,
): Promise<readonly LiveObject[]> {
  const name = nameOf(kind, desired) ?? null;
  const listed = byName.get(name) ?? [];
  const read = await Promise.all(listed.map(({ id }) => provider.read(kind.kind, id)));
  return read.flatMap((object) =>
    object !== undefined && (nameOf(kind, object.spec) ?? null) === name ? [object] : [],
  );
}

/**
 * An earlier run created the successor of an object, and somebody has changed it since: no key tells it from another one,
 * but it has the name under the same parent, and nothing else has. It is recorded, so that the next plan shows the change.
 */
async function isEditedSuccessor(
  step: Step,
  kind: Kind,
  namesakes: readonly LiveObject[],
  execution: Execution,
): Promise<boolean> {
  const [live, ...others] = namesakes;
  const isOne = live !== undefined && others.length === 0 && !isKnownElsewhere(live.id, step, execution);
  if (!isOne || step.replaces === undefined || kind.createsWithoutKey !== true) return false;
  return recordEdits({ ...step, objectId: live.id }, kind, { live }, execution);
}

/** Several objects have the name. Only the keys of the open creations tell which of them this project made. */
function areToldByKeys(kind: Kind, namesakes: readonly LiveObject[], execution: Execution): boolean {
  const { open, runtime } = execution;
  const isValid = ({ began }: Intent) => runtime.now().getTime() - Date.parse(began) < KEY_LIFETIME;
  const known = [...open.values()].flat().filter(isValid);
  const name = nameOf(kind, namesakes[0]?.spec ?? {});
  return namesakes.length > 1 && mayBeOurs(kind, name, namesakes, known);
}

interface Wanted {
  readonly desired: JsonObject;
  readonly parentId: string | undefined;
  readonly known: Listed;
}

/**
 * Sends the creation, and records the answer in the ledger. If there is no key, looks first for what an earlier run made.
 * `undefined` if the response to an earlier attempt was replayed and its object no longer exists.
 */
async function sent(
  step: Step,
  kind: Kind,
  { desired, parentId, known }: Wanted,
  execution: Execution,
): Promise<Created | undefined> {
  const intent = execution.intents.get(step.id);
  const isAgain = isRepeat(intent, step, execution);
  const declared = withIgnored(desired, undefined, step.ignored ?? [], hintsOf(kind));
  const tell = creationTeller(intent, declared, kind, execution);
  const request = {
    kind: kind.kind,
    spec: desired,
    idempotencyKey: intent?.idempotencyKey ?? execution.runtime.uuid(),
    ...(step.ignored === undefined ? {} : { ignored: step.ignored }),
    ...(parentId === undefined ? {} : { parentId }),
    onAnswer: tell,
  };
  const before = isAgain ? NOTHING.ids : known.ids;
  const find = () => createdBefore(kind, desired, { before, parentId }, execution);
  const isLooked = isAgain && kind.createsWithoutKey === true;
  const early = isLooked ? await findLater(find, execution) : undefined;
  if (isLooked && early === undefined) await supersede(intent, kind, execution);
  const created =
    early === undefined
      ? await createOnce(kind, request, { find, intent }, execution).catch((error: unknown) => {
          if (isNotFound(error) && isAgain) return undefined;
          throw error;
        })
      : { object: early, isFound: true };
  if (created !== undefined) await tell(created.object, created.isFound);
  return created;
}

/** An earlier run sent it, or was about to. */
function isRepeat(intent: Intent | undefined, { address }: Step, { open }: Execution): boolean {
  return intent !== undefined && (open.get(address) ?? []).some(({ id }) => id === intent.id);
}

/** Listed objects that the plan did not know of. */
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
