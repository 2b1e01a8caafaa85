import type { Kind } from "../../model/kind.ts";
import type { Fact, Intent } from "../../model/ledger.ts";
import type { Step } from "../../model/plan.ts";
import { makesObject } from "../recover/intents.ts";
import { unseen, type Recorded } from "../recover/unseen.ts";
import { intentsAt, type Execution } from "./execution.ts";

/** A verified write closes the intents at its address: no earlier write can appear any more. */
export function closedByWrite(step: Step, execution: Execution): readonly Fact[] {
  return closing([...own(step, execution), ...earlier(step, execution)]);
}

/**
 * If a step wrote nothing, the updates of earlier runs stay open for the values that no read has shown: they may still
 * appear.
 */
export function closedByRead(
  step: Step,
  kind: Kind,
  recorded: Recorded,
  execution: Execution,
): readonly Fact[] {
  const made = earlier(step, execution).filter(makesObject);
  return [...closing([...own(step, execution), ...made]), ...seenUpdates(step, kind, recorded, execution)];
}

/** Takes what a read has shown out of the updates of earlier runs, and closes those of which nothing is left. */
export function seenUpdates(step: Step, kind: Kind, recorded: Recorded, execution: Execution): readonly Fact[] {
  const mine = new Set(own(step, execution).map(({ id }) => id));
  const updates = new Set(earlier(step, execution).map(({ id }) => id));
  const parts = intentsAt(step.address, kind, execution)
    .filter((intent) => updates.has(intent.id) && !mine.has(intent.id) && !makesObject(intent))
    .map((intent) => ({ intent, left: unseen(intent, recorded, kind) }));
  const done = parts.filter(({ left }) => left === undefined).map(({ intent }) => intent);
  const shrunk = parts.flatMap(({ intent, left }): readonly Intent[] =>
    // Recovery has reported the part that is done; the rest is no news.
    left === undefined || left === intent ? [] : [{ ...left, accepted: true, reported: true }],
  );
  return [...closing(done), ...(shrunk.length === 0 ? [] : [{ fact: "intended" as const, intents: shrunk }])];
}

function closing(intents: readonly Intent[]): readonly Fact[] {
  const ids = [...new Set(intents.map(({ id }) => id))];
  return ids.length === 0 ? [] : [{ fact: "closed", intents: ids }];
}

function own({ id }: Step, { intents }: Execution): readonly Intent[] {
  return [intents.get(id) ?? []].flat();
}

/** The writes of earlier runs to the object, unless a later step completes it. */
function earlier({ address, movedFrom, omit }: Step, { open }: Execution): readonly Intent[] {
  if (omit !== undefined) return [];
  return [address, ...(movedFrom === undefined ? [] : [movedFrom])]
    .flatMap((one) => open.get(one) ?? [])
    .filter(({ action }) => action !== "delete");
}
