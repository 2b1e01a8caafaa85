import type { Address } from "../../model/address.ts";
import { equal, omit, pick, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { entriesIn, type Intent, type LedgerState } from "../../model/ledger.ts";
import type { Plan, ResourceChange, Step } from "../../model/plan.ts";
import { pointer } from "../../model/pointer.ts";
import type { Runtime } from "../../model/runtime.ts";
import { canonical } from "../compare/canonical.ts";
import { redacted } from "../compare/redact.ts";
import { differingBlocks, leafDifferences } from "../compare/difference.ts";
import { grouped } from "../../model/grouped.ts";
import { hintsOf } from "../compare/hints.ts";
import { resolvedIntent } from "./own-writes.ts";
import { withoutIds } from "../compare/references.ts";
import { declares } from "../compare/threeway.ts";

/** The intents of a run, by the id of their step. `fresh` are those of this run alone. */
export interface Intents {
  readonly byStep: ReadonlyMap<string, Intent>;
  readonly fresh: readonly Intent[];
}

/**
 * The steps of a plan that write, as intents. A step with the same values as an open intent
 * continues that intent, under its key; the other open intents stay.
 */
export function intentsOf(
  plan: Plan,
  kinds: ReadonlyMap<string, Kind>,
  { runtime, who }: { readonly runtime: Runtime; readonly who: string },
  open: readonly Intent[],
): Intents {
  const run = { run: runtime.uuid(), who, began: runtime.now().toISOString() };
  const changes = new Map(plan.changes.map((change) => [change.address, change]));
  const omitted = new Map(
    plan.steps.flatMap(({ address, omit }) => (omit === undefined ? [] : [[address, omit] as const])),
  );
  // References of earlier runs are replaced by ids that are known now.
  const ids = new Map(Object.entries(plan.names).map(([id, address]) => [address, id]));
  const withIds = (intent: Intent): Intent => {
    const kind = kinds.get(intent.kind);
    return kind === undefined ? intent : resolvedIntent(intent, kind, (address) => ids.get(address));
  };
  const known = grouped(open, ({ step }) => step);
  const fresh: Intent[] = [];
  const intents = plan.steps.filter(isWrite).map((step) => {
    const kind = kinds.get(step.kind);
    const meant =
      kind === undefined ? {} : meantBy(step, kind, changes.get(step.address), omitted.get(step.address));
    const intent = { ...run, id: `${step.id}@${run.run}`, ...aboutStep(step, runtime), ...meant };
    const same = known.get(step.id)?.findLast((one) => isSame(withIds(one), withIds(intent), step));
    if (same !== undefined) return [step.id, resumed(same, run.began)] as const;
    fresh.push(intent);
    return [step.id, intent] as const;
  });
  return { byStep: new Map(intents), fresh };
}

/** An intent that a run goes on with, although it may have been reported as not done: its outcome is reported again. */
function resumed(intent: Intent, began: string): Intent {
  const { reported: _, ...rest } = intent;
  return { ...rest, resumed: began };
}

function isWrite({ action }: Step): boolean {
  return action !== "refresh-state" && action !== "forget";
}

function isSame(intent: Intent, wanted: Intent, { objectId, replaces }: Step): boolean {
  return (
    intent.action === wanted.action &&
    (objectId === undefined || objectId === intent.objectId) &&
    equal(intent.after, wanted.after) &&
    equal(intent.before, wanted.before) &&
    intent.replaces === replaces
  );
}

function aboutStep(
  { id, address, action, kind, objectId, protect, movedFrom, replaces }: Step,
  runtime: Runtime,
): Pick<Intent, "step" | "address" | "action" | "kind"> & Partial<Intent> {
  const creates = action === "create" || action === "restore";
  return {
    step: id,
    address,
    action,
    kind,
    ...(objectId === undefined ? {} : { objectId }),
    ...(creates ? { idempotencyKey: runtime.uuid() } : {}),
    ...(protect === undefined ? {} : { protect }),
    ...(movedFrom === undefined ? {} : { movedFrom }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

type Meant = Pick<Intent, "before" | "after" | "clears">;

/** What a step writes: the blocks that it changes, before and after. */
function meantBy(
  step: Step,
  kind: Kind,
  change: ResourceChange | undefined,
  omitted: readonly string[] = [],
): Meant {
  const hints = hintsOf(kind);
  const desired = redacted(step.desired ?? {}, hints);
  switch (step.action) {
    case "create":
      return { after: omit(desired, step.omit ?? []) };
    case "complete":
      return { after: pick(desired, omitted) };
    case "restore":
      return { before: change?.before ?? {}, after: desired };
    case "update":
      return changedBlocks(kind, change?.before ?? {}, change?.after ?? {}, step.desired ?? {});
    case "detach": {
      const before = change?.before ?? {};
      return changedBlocks(kind, before, withoutIds(kind, before, new Set(step.detaches)), {});
    }
    default:
      return {};
  }
}

export function changedBlocks(kind: Kind, before: JsonObject, after: JsonObject, desired: JsonObject): Meant {
  const hints = hintsOf(kind);
  const [old, young] = [canonical(before, hints), canonical(after, hints)];
  const blocks = differingBlocks(old, young);
  const clears = leafDifferences(old, young).flatMap(({ path }) =>
    declares(desired, path, hints) ? [] : [pointer(path)],
  );
  return {
    before: pick(before, blocks),
    after: pick(after, blocks),
    ...(clears.length === 0 ? {} : { clears }),
  };
}

/**
 * The open intents, each at the current address of its object in the ledger. The entry may have moved by `ledger move` or
 * `movedFrom`; intents of the plan that moved it already have the new address.
 */
export function standingIntents(
  { intents = [], entries }: Pick<LedgerState, "intents" | "entries">,
  steps: readonly Step[] = [],
): readonly Intent[] {
  if (intents.length === 0) return intents;
  const moves = new Map(
    steps.flatMap(({ address, movedFrom }) => (movedFrom === undefined ? [] : [[movedFrom, address] as const])),
  );
  const owners = new Map(
    entriesIn(entries)
      .filter(([, { replaced }]) => replaced !== true)
      .map(([address, { kind, id }]) => [objectKey({ kind, objectId: id }), address]),
  );
  return intents.map((intent) => {
    const owner = intent.objectId === undefined ? undefined : owners.get(objectKey(intent));
    const standing = owner ?? intent.address;
    const address = moves.get(standing) ?? standing;
    return address === intent.address ? intent : { ...intent, address };
  });
}

/** Creations that were given up for others. They are judged apart: what they made is a second object. */
export function isSuperseded({ superseded }: Intent): boolean {
  return superseded !== undefined;
}

/** The open intents by the address that they are about, oldest first. */
export function byAddress(intents: readonly Intent[]): ReadonlyMap<Address, readonly Intent[]> {
  return grouped(intents, ({ address }) => address);
}

/** The open intents by the object that they are about, oldest first. */
export function byObject(intents: readonly Intent[]): ReadonlyMap<string, readonly Intent[]> {
  return grouped(intents, objectKey);
}

export function objectKey({ kind, objectId }: Pick<Intent, "kind" | "objectId">): string {
  return `${kind} ${objectId ?? ""}`;
}

/** Nothing has to be written, and no interrupted run left anything to write. */
function isInOrder({ action, changes }: ResourceChange): boolean {
  return action === "no-op" || (action === "observe" && changes.length === 0);
}

/** Milliseconds. A write that no read shows after this time was not executed. */
export const REPLAY_LIMIT = 3_600_000;

/** When the last run began that may have sent it. Milliseconds. */
export function lastTried({ began, resumed: later = began }: Intent): number {
  return Date.parse(later);
}

/**
 * Open intents of earlier runs that are not needed any more: the resource is up to date, or neither the manifests nor the
 * ledger have it, and reads must show their writes by now.
 */
export function settledIntents(state: LedgerState, plan: Plan, now: Date): readonly string[] {
  const { entries } = state;
  const changes = new Map(plan.changes.map((change) => [change.address, change]));
  const touched = new Set(plan.steps.map(({ address }) => address));
  const isOver = (intent: Intent): boolean => {
    const { action, address, objectId } = intent;
    if (touched.has(address)) return false;
    const [entry, change] = [entries[address], changes.get(address)];
    if (now.getTime() - lastTried(intent) <= REPLAY_LIMIT) return false;
    if (entry === undefined) return true;
    // The key of the creation proves who created an object that was found by its name.
    if (entry.found === true || change?.id === undefined || !isInOrder(change)) return false;
    return action !== "delete" || entry.id === objectId;
  };
  return standingIntents(state)
    .filter(isOver)
    .map(({ id }) => id);
}

/** True for a step that may create an object. */
export function makesObject({ action }: Intent): boolean {
  return action === "create" || action === "restore";
}
