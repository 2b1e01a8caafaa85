import type { Address } from "../model/address.ts";
import type { StepFailure, StepOutcome } from "../model/event.ts";
import { equal, type JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import { replacedAddress, type LedgerEntry, type LedgerSession } from "../model/ledger.ts";
import type { Step } from "../model/plan.ts";
import { ProviderError, type CreateRequest, type LiveObject, type Provider } from "../model/provider.ts";
import type { Runtime } from "../model/runtime.ts";
import { canonical } from "./canonical.ts";
import { differingBlocks, redacted } from "./change.ts";
import { hintsOf } from "./hints.ts";
import { nameOf, ownId, versionOf } from "./match.ts";
import { withoutBlocks } from "./journal.ts";
import { parentIn, resolve, withoutIds } from "./references.ts";
import { fingerprint } from "./snapshot.ts";
import { compare } from "./threeway.ts";
import { mismatches, type Written } from "./verify.ts";

/** What a step needs of the world, and what steps leave for each other. */
export interface Execution {
  readonly provider: Provider;
  readonly session: LedgerSession;
  readonly runtime: Runtime;
  readonly commit?: string;
  /** Ids by which objects are referred to; grows as steps create. */
  readonly ids: Map<Address, string>;
  /** Idempotency keys of creations, by step. */
  readonly keys: ReadonlyMap<string, string>;
  /** Objects that stood in the listings right before the first write, by kind. */
  readonly listed: ReadonlyMap<string, readonly LiveObject[]>;
}

const WRITE_ATTEMPTS = 5;
const PAUSE = 500;
const READ_BACK_DELAYS = [0, 200, 500, 1000, 2000];

/** Carries out one step: compares, writes, reads back, and commits what is certain. */
export async function execute(step: Step, execution: Execution): Promise<StepOutcome> {
  const kind = execution.provider.kinds.get(step.kind);
  if (kind === undefined) throw new Error(`step ${step.id} is of the unknown kind ${step.kind}`);
  switch (step.action) {
    case "create":
      return create(step, kind, execution);
    case "complete":
    case "update":
      return update(step, kind, execution);
    case "ensure":
      return ensure(step, kind, execution);
    case "detach":
      return detach(step, kind, execution);
    case "record":
      return record(step, kind, execution);
    case "delete":
      return remove(step, kind, execution);
    case "forget":
      await execution.session.commit([{ address: step.address, entry: undefined }], { done: [step.id] });
      return { status: "applied", objectId: step.objectId ?? "" };
  }
}

async function create(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
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
      const object = await find();
      if (object !== undefined) return object;
      if (attempt === WRITE_ATTEMPTS) throw error;
      await pause(attempt, runtime);
    }
  }
}

/** Full jitter, doubling: what failed at the server is given time to recover. */
function pause(attempt: number, runtime: Runtime): Promise<void> {
  return runtime.sleep(PAUSE * 2 ** attempt * runtime.random());
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

async function update(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const objectId = step.objectId ?? objectIdOf(step, execution);
  if (objectId === undefined) throw new Error(`step ${step.id} does not know its object`);
  const live = await execution.provider.read(kind.kind, objectId);
  if (live === undefined) return stale("it has been deleted since the plan was made");
  if (isStale(step, kind, live)) return stale("it has been changed since the plan was made");
  return write({ ...step, objectId }, kind, live, execution);
}

async function ensure(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const live =
    step.objectId === undefined ? undefined : await execution.provider.read(kind.kind, step.objectId);
  if (live === undefined) return create(step, kind, execution);
  if (isStale(step, kind, live)) return stale("it has been changed since the plan was made");
  return write(step, kind, live, execution);
}

/** Sends what differs; when the answer is lost, reads before it sends anything again. */
async function write(step: Step, kind: Kind, before: LiveObject, execution: Execution): Promise<StepOutcome> {
  const { provider } = execution;
  const desired = desiredOf(step, kind, execution);
  const hints = hintsOf(kind);
  let live = before;
  for (let attempt = 1; ; attempt += 1) {
    const baseline = { applied: step.applied ?? {}, observed: live.spec };
    const { target, changes } = compare({ live: live.spec, desired, baseline }, hints);
    const blocks = [...new Set(changes.map(({ path }) => path[0] ?? ""))];
    const written: Written = { desired, applied: step.applied, target };
    if (blocks.length === 0) return settle(step, kind, written, execution, attempt === 1 ? live : undefined);
    try {
      await provider.update({ kind: kind.kind, id: live.id, live: live.spec, target, blocks });
      return await settle(step, kind, written, execution);
    } catch (error) {
      if (!isUncertain(error) || attempt === WRITE_ATTEMPTS) throw error;
      await pause(attempt, execution.runtime);
      const again = await provider.read(kind.kind, live.id);
      if (again === undefined) return stale("it was deleted while it was being written");
      live = again;
    }
  }
}

async function record(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const live =
    step.objectId === undefined ? undefined : await execution.provider.read(kind.kind, step.objectId);
  if (live === undefined) return stale("it has been deleted since the plan was made");
  if (isStale(step, kind, live)) return stale("it has been changed since the plan was made");
  await commit(step, kind, desiredOf(step, kind, execution), live, execution);
  return { status: "applied", objectId: live.id };
}

async function remove(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const { provider, session } = execution;
  const id = step.objectId ?? "";
  for (let attempt = 1; ; attempt += 1) {
    const live = await provider.read(kind.kind, id);
    if (live === undefined) break;
    if (attempt === 1 && isStale(step, kind, live)) return stale("it has been changed since the plan was made");
    if (attempt > WRITE_ATTEMPTS)
      return failed({ why: "unverified", mismatches: [{ path: "", live: live.id }] }, true);
    try {
      await provider.delete(kind.kind, id);
    } catch (error) {
      if (!isUncertain(error) || attempt === WRITE_ATTEMPTS) throw error;
      await pause(attempt, execution.runtime);
    }
  }
  const address = [step.address, replacedAddress(step.address)].find(
    (one) => session.state.entries[one]?.id === id,
  );
  await session.commit(address === undefined ? [] : [{ address, entry: undefined }], { done: [step.id] });
  return { status: "applied", objectId: id };
}

/** Takes references out of an object that is about to be deleted itself: what it declares is of no matter any more. */
async function detach(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const { provider } = execution;
  const id = step.objectId ?? "";
  const hints = hintsOf(kind);
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt += 1) {
    const live = await provider.read(kind.kind, id);
    if (live === undefined) return { status: "unchanged", objectId: id };
    if (attempt === 1 && isStale(step, kind, live)) return stale("it has been changed since the plan was made");
    const target = withoutIds(kind, live.spec, new Set(step.detaches));
    const blocks = differingBlocks(canonical(live.spec, hints), canonical(target, hints));
    if (blocks.length === 0) return { status: attempt === 1 ? "unchanged" : "applied", objectId: id };
    try {
      await provider.update({ kind: kind.kind, id, live: live.spec, target, blocks });
    } catch (error) {
      if (!isUncertain(error)) throw error;
      await pause(attempt, execution.runtime);
    }
  }
  return failed({ why: "unverified", mismatches: [{ path: "" }] }, true);
}

/** Reads back until what was written shows, commits what is certain, and says what did not stick. */
async function settle(
  step: Step,
  kind: Kind,
  written: Written,
  execution: Execution,
  unchanged?: LiveObject,
): Promise<StepOutcome> {
  const id = step.objectId ?? "";
  const hints = hintsOf(kind);
  let problems: readonly { readonly path: string }[] = [];
  let live = unchanged;
  for (const delay of READ_BACK_DELAYS) {
    if (delay > 0) await execution.runtime.sleep(delay);
    live = unchanged ?? (await execution.provider.read(kind.kind, id));
    problems = live === undefined ? [] : mismatches(written, live.spec, hints);
    if (live !== undefined && problems.length === 0) break;
  }
  if (live === undefined) return stale("it is gone right after it was written", true);
  const isVerified = problems.length === 0;
  await commit(step, kind, isVerified ? written.desired : (step.applied ?? {}), live, execution);
  if (!isVerified) return failed({ why: "unverified", mismatches: problems }, true);
  return { status: unchanged === undefined ? "applied" : "unchanged", objectId: id };
}

async function commit(
  step: Step,
  kind: Kind,
  applied: JsonObject,
  live: LiveObject,
  { session, commit }: Execution,
): Promise<void> {
  const hints = hintsOf(kind);
  const entry: LedgerEntry = {
    kind: kind.kind,
    id: live.id,
    applied: redacted(applied, hints),
    observed: redacted(live.spec, hints),
    ...versionOf(kind, live),
    ...(step.protect === true ? { protect: true as const } : {}),
    ...(commit === undefined ? {} : { commit }),
  };
  const moved = step.movedFrom === undefined ? [] : [{ address: step.movedFrom, entry: undefined }];
  const old = session.state.entries[step.address];
  const replaced =
    step.replaces !== undefined && old?.id === step.replaces
      ? [{ address: replacedAddress(step.address), entry: old }]
      : [];
  await session.commit([...moved, ...replaced, { address: step.address, entry }], { done: [step.id] });
}

/** The declared fields with every id known by now, less the blocks that a later step completes. */
function desiredOf(step: Step, kind: Kind, { ids }: Execution): JsonObject {
  const spec = withoutBlocks(step.desired ?? {}, step.omit ?? []);
  return resolve(kind, spec, (address) => ids.get(address));
}

/** A step after a creation in the same plan finds the id that the ledger learned meanwhile. */
function objectIdOf(step: Step, { session }: Execution): string | undefined {
  return session.state.entries[step.address]?.id;
}

function isStale(step: Step, kind: Kind, live: LiveObject): boolean {
  return step.fingerprint !== undefined && step.fingerprint !== fingerprint(kind, live);
}

function isUncertain(error: unknown): boolean {
  return error instanceof ProviderError && error.failure.effect === "unknown";
}

function stale(message: string, wrote = false): StepOutcome {
  return failed({ why: "stale", message }, wrote);
}

function failed(failure: StepFailure, wrote: boolean): StepOutcome {
  return { status: "failed", failure, wrote };
}
