import type { StepOutcome } from "../model/event.ts";
import type { JsonObject } from "../model/json.ts";
import type { Kind } from "../model/kind.ts";
import { replacedAddress, type LedgerEntry } from "../model/ledger.ts";
import type { Step } from "../model/plan.ts";
import { ProviderError, type LiveObject } from "../model/provider.ts";
import { redacted } from "./change.ts";
import { withIgnored } from "./desired.ts";
import { failed, stale, type Execution } from "./execution.ts";
import { hintsOf } from "./hints.ts";
import { versionOf } from "./match.ts";
import { mismatches, type Written } from "./verify.ts";

/** Milliseconds before each look: an API may need a moment to show what was written. */
const READ_BACK_DELAYS = [0, 200, 500, 1000, 2000];

/** Reads back until what was written shows, commits what is certain, and says what did not stick. */
export async function settle(
  step: Step,
  kind: Kind,
  written: Written,
  execution: Execution,
): Promise<StepOutcome> {
  const hints = hintsOf(kind);
  let problems: ReturnType<typeof mismatches> = [];
  let live: LiveObject | undefined;
  for (const delay of READ_BACK_DELAYS) {
    if (delay > 0) await execution.runtime.sleep(delay);
    const read = await readBack(step, kind, execution);
    if (read instanceof ProviderError) return failed({ why: "request", failure: read.failure }, true);
    live = read;
    problems = live === undefined ? [] : mismatches(written, live.spec, hints);
    if (live !== undefined && problems.length === 0) break;
  }
  if (live === undefined) return stale("it is gone right after it was written", true);
  if (problems.length === 0) {
    await commit(step, kind, written.desired, live, execution);
    return { status: "applied", objectId: live.id };
  }
  const known = execution.session.state.entries[step.address];
  const before = (known?.id === live.id ? known.applied : step.applied) ?? {};
  await commit(step, kind, before, live, execution);
  return failed({ why: "unverified", mismatches: problems }, true);
}

/** Something was written: that it cannot be read back does not undo it. */
async function readBack(
  step: Step,
  kind: Kind,
  { provider }: Execution,
): Promise<LiveObject | undefined | ProviderError> {
  try {
    return await provider.read(kind.kind, step.objectId ?? "");
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}

/** Writes into the ledger what is declared and what was seen, and strikes the step out of the journal. */
export async function commit(
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
    applied: redacted(withIgnored(applied, undefined, step.ignored ?? [], hints), hints),
    observed: redacted(live.spec, hints),
    ...versionOf(kind, live),
    ...(step.protect === true ? { protect: true as const } : {}),
    ...(commit === undefined ? {} : { commit }),
  };
  const moved = step.movedFrom === undefined ? [] : [{ address: step.movedFrom, entry: undefined }];
  const old = session.state.entries[step.address];
  const replaced =
    step.replaces !== undefined && old?.id === step.replaces
      ? [{ address: replacedAddress(step.address), entry: { ...old, replaced: true as const } }]
      : [];
  await session.commit([...moved, ...replaced, { address: step.address, entry }], { done: [step.id] });
}
