import type { StepOutcome } from "../../model/event.ts";
import type { Kind } from "../../model/kind.ts";
import { replacedAddress, type Intent, type LedgerEntry } from "../../model/ledger.ts";
import type { Step } from "../../model/plan.ts";
import type { LiveObject } from "../../model/provider.ts";
import { canonical } from "../compare/canonical.ts";
import { differingBlocks } from "../compare/difference.ts";
import { OTHER, deleteUntilGone, throwInDoubt } from "./delete.ts";
import {
  WRITE_ATTEMPTS,
  failed,
  inDoubt,
  isUncertain,
  lookUpAfter,
  mayRepeat,
  pause,
  stale,
  type Execution,
} from "./execution.ts";
import { isStale } from "../observe/fingerprint.ts";
import { hintsOf } from "../compare/hints.ts";
import { objectKey } from "../recover/intents.ts";
import { isAsMeant, resolvedIntent } from "../recover/own-writes.ts";
import { pendingOf } from "../observe/pending.ts";
import { otherIdentity } from "../observe/identity.ts";
import { withoutIds } from "../compare/references.ts";
import { GONE, isKnownElsewhere, madeBy } from "./resume.ts";
import { recordPart } from "./settle.ts";

/** Deletes the object, and forgets it only after a read shows that it is gone. */
export async function remove(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const { provider, session } = execution;
  const id = step.objectId ?? "";
  const first = await provider.read(kind.kind, id);
  if (first !== undefined && isStale(step, kind, first)) return stale(CHANGED);
  const others = await somebodyElses(step, kind, first, execution);
  if (others !== undefined) return others;
  if (first !== undefined && step.losesPending !== true && (await pendingOf(provider, kind.kind, id)) > 0)
    return stale(`it has pending ${kind.pending?.many ?? "work"}, which were added since the plan was made`);
  if (first !== undefined) {
    if (isOther(step, kind, first, execution)) return stale(OTHER);
    const whyKept = (live: LiveObject) => {
      if (isOther(step, kind, live, execution) || live.createdAt !== first.createdAt) return OTHER;
      return isStale(step, kind, live) ? CHANGED : undefined;
    };
    const outcome = await deleteUntilGone(kind, { id, whyKept }, execution);
    if (outcome !== undefined) return outcome;
  }
  const address = [step.address, replacedAddress(step.address)].find((one) => session.entry(one)?.id === id);
  await session.commit([
    ...(address === undefined ? [] : [{ fact: "forgotten" as const, address }]),
    { fact: "closed", intents: intentsAbout(step, execution) },
  ]);
  return { status: "applied", objectId: id };
}

/** A live object that is given up stays as it is, also if an earlier run was about to write it. */
export async function forget(step: Step, execution: Execution): Promise<StepOutcome> {
  const isLive = step.fingerprint !== undefined;
  await execution.session.commit([
    { fact: "forgotten", address: step.address },
    ...(isLive ? [{ fact: "closed" as const, intents: intentsAbout(step, execution) }] : []),
  ]);
  return { status: "applied", objectId: step.objectId ?? "" };
}

const CHANGED = "it has been changed since the plan was made";

function isOther(step: Step, kind: Kind, live: LiveObject, execution: Execution): boolean {
  const entry = entryOf(step, execution);
  return entry !== undefined && otherIdentity(kind, entry, live) !== undefined;
}

function entryOf({ address, objectId }: Step, { session }: Execution): LedgerEntry | undefined {
  return [address, replacedAddress(address)]
    .flatMap((one) => session.entry(one) ?? [])
    .find(({ id }) => id === objectId);
}

/**
 * An object that was found only by its name is deleted only if this project made it. To find out, the requests that
 * may have made it are sent again with their keys, and the API answers each with the object that it made then. An
 * object that such a request makes now is deleted. If none of them made the object, it belongs to somebody else.
 * Returns the outcome if the object must not be deleted.
 */
async function somebodyElses(
  step: Step,
  kind: Kind,
  live: LiveObject | undefined,
  execution: Execution,
): Promise<StepOutcome | undefined> {
  const { open, session, deletedIds } = execution;
  // Without keys, an object that is as it was to be made counts as made.
  if (entryOf(step, execution)?.found !== true || kind.createsWithoutKey === true) return undefined;
  const creations = (open.get(step.address) ?? []).filter(({ action }) => action === "create");
  let isTold = creations.length > 0;
  let deleted: string | undefined;
  for (const creation of likelyFirst(creations.toReversed(), live, kind, execution)) {
    const made = await madeBy(creation, live, kind, execution).catch((error: unknown) => {
      throw deleted === undefined ? error : inDoubt(error);
    });
    if (made === step.objectId) return undefined;
    if (made === undefined) isTold = false;
    else if (made !== GONE && !isKnownElsewhere(made, step, execution)) {
      const outcome = await deleteUntilGone(kind, { id: made }, execution).catch(throwInDoubt);
      if (outcome !== undefined) return outcome;
      deleted = made;
      deletedIds.push(made);
    }
  }
  if (!isTold) return failed({ why: "unproven", objectId: step.objectId ?? "" }, deleted !== undefined);
  await session.commit([
    { fact: "forgotten", address: step.address },
    { fact: "closed", intents: (open.get(step.address) ?? []).map(({ id }) => id) },
  ]);
  if (deleted === undefined) return { status: "unchanged", objectId: step.objectId ?? "" };
  return { status: "applied", objectId: deleted };
}

/** A request that is sent again may make an object: first those that the object looks like. */
function likelyFirst(
  creations: readonly Intent[],
  live: LiveObject | undefined,
  kind: Kind,
  { ids }: Execution,
): readonly Intent[] {
  const isLikely = (creation: Intent): boolean => {
    const { after = {} } = resolvedIntent(creation, kind, (address) => ids.get(address));
    return live !== undefined && isAsMeant(live.spec, after, hintsOf(kind));
  };
  return [...creations.filter(isLikely), ...creations.filter((creation) => !isLikely(creation))];
}

/** Closes all intents for an object that is gone, including its creation. */
function intentsAbout(step: Step, execution: Execution): readonly string[] {
  const { intents, open, openByObject } = execution;
  const own = [intents.get(step.id), intents.get(`${step.address}#detach`)];
  const ids = own.flatMap((one) => (one?.objectId === step.objectId ? (one?.id ?? []) : []));
  const isFound = entryOf(step, execution)?.found === true;
  const earlier = [
    ...(openByObject.get(objectKey(step)) ?? []),
    ...(isFound ? (open.get(step.address) ?? []) : []),
  ];
  return [...new Set([...ids, ...earlier.map(({ id }) => id)])];
}

/** Removes references from an object that is about to be deleted. What it declares is ignored. */
export async function detach(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const { provider } = execution;
  const id = step.objectId ?? "";
  const hints = hintsOf(kind);
  let uncertain: unknown;
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
    const read = () => provider.read(kind.kind, id);
    const live = await (uncertain === undefined ? read() : lookUpAfter(uncertain, read));
    if (live === undefined) return { status: "unchanged", objectId: id };
    if (attempt === 1 && isStale(step, kind, live)) return stale("it has been changed since the plan was made");
    const target = withoutIds(kind, live.spec, new Set(step.detaches));
    const blocks = differingBlocks(canonical(live.spec, hints), canonical(target, hints));
    if (blocks.length === 0) {
      await recordPart(step, kind, { live }, execution);
      return { status: attempt === 1 ? "unchanged" : "applied", objectId: id };
    }
    if (uncertain !== undefined && !mayRepeat(uncertain, attempt - 1)) throw uncertain;
    try {
      await provider.update({ kind: kind.kind, id, live: live.spec, target, blocks });
    } catch (error) {
      if (!isUncertain(error)) throw error;
      uncertain = error;
      await pause(attempt, execution.runtime);
    }
  }
  return failed({ why: "unverified", mismatches: [{ path: "" }] }, true);
}
