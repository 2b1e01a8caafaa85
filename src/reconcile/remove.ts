import type { StepOutcome } from "../model/event.ts";
import type { Kind } from "../model/kind.ts";
import { replacedAddress } from "../model/ledger.ts";
import type { Step } from "../model/plan.ts";
import { canonical } from "./canonical.ts";
import { differingBlocks } from "./change.ts";
import {
  WRITE_ATTEMPTS,
  failed,
  isStale,
  isUncertain,
  lookUpAfter,
  mayRepeat,
  pause,
  stale,
  type Execution,
} from "./execution.ts";
import { hintsOf } from "./hints.ts";
import { otherIdentity } from "./identity.ts";
import { withoutIds } from "./references.ts";
import { recordPart } from "./settle.ts";

/** Deletes, and forgets only when the object is seen to be gone. */
export async function remove(step: Step, kind: Kind, execution: Execution): Promise<StepOutcome> {
  const { provider, session } = execution;
  const id = step.objectId ?? "";
  let uncertain: unknown;
  for (let attempt = 1; ; attempt += 1) {
    const read = () => provider.read(kind.kind, id);
    const live = await (uncertain === undefined ? read() : lookUpAfter(uncertain, read));
    if (live === undefined) break;
    if (attempt === 1 && isStale(step, kind, live)) return stale("it has been changed since the plan was made");
    const entry = Object.values(session.state.entries).find((one) => one.kind === kind.kind && one.id === id);
    if (entry !== undefined && otherIdentity(kind, entry, live) !== undefined)
      return stale("it is not the object that the ledger tells of any more");
    if (uncertain !== undefined && !mayRepeat(uncertain, attempt - 1)) throw uncertain;
    if (attempt > WRITE_ATTEMPTS)
      return failed({ why: "unverified", mismatches: [{ path: "", live: live.id }] }, true);
    try {
      await provider.delete(kind.kind, id);
    } catch (error) {
      if (!isUncertain(error)) throw error;
      uncertain = error;
      await pause(attempt, execution.runtime);
    }
  }
  const address = [step.address, replacedAddress(step.address)].find((one) => session.entry(one)?.id === id);
  await session.commit([
    ...(address === undefined ? [] : [{ fact: "forgotten" as const, address }]),
    { fact: "closed", intents: intentsAbout(step, execution) },
  ]);
  return { status: "applied", objectId: id };
}

/** Whatever was meant for an object that is gone is over. */
function intentsAbout(step: Step, { intents, open }: Execution): readonly string[] {
  const own = [intents.get(step.id), intents.get(`${step.address}#detach`)];
  const all = [...own, ...(open.get(step.address) ?? [])];
  return [...new Set(all.flatMap((one) => (one?.objectId === step.objectId ? [one?.id ?? ""] : [])))];
}

/** Takes references out of an object that is about to be deleted itself: what it declares is of no matter any more. */
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
      await recordPart(step, kind, live, execution);
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
