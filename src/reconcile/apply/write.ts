import type { StepOutcome } from "../../model/event.ts";
import { equal } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Step } from "../../model/plan.ts";
import type { LiveObject } from "../../model/provider.ts";
import {
  resolvedSpec,
  desiredOver,
  inDoubt,
  isUncertain,
  lookUpAfter,
  mayRepeat,
  pause,
  stale,
  type Execution,
} from "./execution.ts";
import { changedChild } from "./dependent-children.ts";
import { isStale } from "../observe/fingerprint.ts";
import { hintsOf } from "../compare/hints.ts";
import { send } from "./promote.ts";
import { record, recordObserved, settle } from "./settle.ts";
import { compare, type Classified } from "../compare/threeway.ts";
import type { Written } from "./verify.ts";

export async function update(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const objectId = step.objectId ?? objectIdOf(step, execution);
  if (objectId === undefined) throw new Error(`step ${step.id} does not know its object`);
  const live = await execution.provider.read(kind.kind, objectId);
  if (live === undefined) return stale("it has been deleted since the plan was made");
  if (isStale(step, kind, live)) return stale("it has been changed since the plan was made");
  const lost = await changedChild({ ...step, objectId }, kind, execution.provider, execution.children);
  if (lost !== undefined) return stale(lost);
  return write({ ...step, objectId }, kind, live, execution);
}

/** Writes nothing live; records declared and observed values in the ledger. */
export async function refreshState(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const live =
    step.objectId === undefined ? undefined : await execution.provider.read(kind.kind, step.objectId);
  if (live === undefined) return stale("it has been deleted since the plan was made");
  if (isStale(step, kind, live)) return stale("it has been changed since the plan was made");
  const entry = execution.session.entry(step.movedFrom ?? step.address);
  const fact = entry === undefined ? "adopted" : "observed";
  const desired = resolvedSpec(step, kind, execution);
  if (step.observe === true) await recordObserved(step, kind, { fact, desired, live }, execution);
  else await record(step, kind, { fact, applied: desired, live }, execution);
  return { status: "applied", objectId: live.id };
}

interface Attempt {
  readonly changes: readonly Classified[];
  /** The top-level blocks that differ. */
  readonly blocks: readonly string[];
  readonly written: Omit<Written, "sent">;
}

/** Sends what differs; when the answer is lost, reads before it sends anything again. */
export async function write(
  step: Step,
  kind: Kind,
  before: LiveObject,
  execution: Execution,
): Promise<StepOutcome> {
  let live = before;
  let first: readonly Classified[] | undefined;
  let last: unknown;
  const sent = new Set<string>();
  let versionId: string | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const { changes, blocks, written } = attemptAt(live, step, kind, execution);
    if (blocks.length === 0 && attempt === 1) {
      await record(step, kind, { fact: "verified", applied: written.desired, live }, execution);
      return { status: "unchanged", objectId: live.id };
    }
    const end = () => settle(step, kind, { ...written, sent: sentOver(before, sent), versionId }, execution);
    if (blocks.length === 0) return end();
    if (first !== undefined && !isPart(changes, first))
      return stale("somebody else changed it during the write", true);
    if (last !== undefined) throw last;
    first ??= changes;
    for (const block of sentBlocks(step, live, { blocks, written })) sent.add(block);
    try {
      const result = await send(step, kind, { live, target: written.target, blocks }, execution);
      if ("changed" in result) return stale(result.changed, attempt > 1);
      ({ versionId } = result);
    } catch (error) {
      if (!isUncertain(error)) throw attempt === 1 ? error : inDoubt(error);
      if (!mayRepeat(error, attempt)) last = error;
      await pause(attempt, execution.runtime);
      const again = await lookUpAfter(error, () => execution.provider.read(kind.kind, before.id));
      if (again === undefined) return stale("it was deleted while it was being written");
      live = again;
      continue;
    }
    return end();
  }
}

function sentOver({ spec, versionId }: LiveObject, blocks: ReadonlySet<string>): NonNullable<Written["sent"]> {
  return { blocks: [...blocks], before: spec, main: versionId };
}

/** A promotion replaces everything. */
function sentBlocks(
  { promotes }: Step,
  { spec }: LiveObject,
  { blocks, written }: Pick<Attempt, "blocks" | "written">,
): readonly string[] {
  return promotes === undefined ? blocks : Object.keys({ ...spec, ...written.target });
}

/** What is left to write, judged by the object as it is now. */
function attemptAt(live: LiveObject, step: Step, kind: Kind, execution: Execution): Attempt {
  const { applied, ignored } = step;
  const baseline = { applied: applied ?? {}, observed: live.spec };
  const desired = desiredOver(live, step, kind, execution);
  const { target, changes } = compare({ live: live.spec, desired, baseline }, hintsOf(kind));
  const blocks = [...new Set(changes.map(({ path }) => path[0] ?? ""))];
  return { changes, blocks, written: { desired, applied, ignored, target } };
}

/** True if all remaining writes were planned before, so the object was not changed by others. */
function isPart(left: readonly Classified[], all: readonly Classified[]): boolean {
  return left.every(({ path, before }) =>
    all.some((other) => equal(other.path, path) && equal(other.before, before)),
  );
}

/** A step after a creation in the same plan finds the id that the ledger learned meanwhile. */
function objectIdOf(step: Step, { session }: Execution): string | undefined {
  return session.entry(step.address)?.id;
}
