import type { Mismatch, StepOutcome } from "../../model/event.ts";
import { equal, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { withVersions } from "../../model/fold.ts";
import { replacedAddress, type Fact, type LedgerEntry } from "../../model/ledger.ts";
import type { Step } from "../../model/plan.ts";
import { ProviderError, type LiveObject } from "../../model/provider.ts";
import { segments } from "../../model/pointer.ts";
import { canonical } from "../compare/canonical.ts";
import { valueAt } from "../compare/difference.ts";
import { redacted } from "../compare/redact.ts";
import { withIgnored } from "../observe/desired.ts";
import { entryOf } from "../observe/entry.ts";
import { closedByRead, closedByWrite, seenUpdates } from "./close-intents.ts";
import { failed, intentsAt, stale, type Execution } from "./execution.ts";
import { versionOf } from "../../model/object-ids.ts";
import { observedEntry } from "../observe/observed-entry.ts";
import { hintsOf } from "../compare/hints.ts";
import { ownWrites } from "../recover/own-writes.ts";
import { mismatches, type Written } from "./verify.ts";

/** Milliseconds before each read: an API may show a write late. */
const READ_BACK_DELAYS = [0, 200, 500, 1000, 2000];

/** Reads back until the write is visible, records verified values, and reports values that were not stored. */
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
    if (read instanceof ProviderError) {
      await execution.session.commit(accepted(step, execution));
      return failed({ why: "request", failure: read.failure }, true);
    }
    live = read;
    problems = live === undefined ? [] : mismatches(written, live.spec, hints);
    if (live !== undefined && problems.length === 0) break;
  }
  if (live === undefined) {
    await execution.session.commit(accepted(step, execution));
    return stale("it was written, but cannot be read yet; the next apply looks again", true);
  }
  // The values of another version that became main meanwhile say nothing about the one that was written.
  if (problems.length === 0 || isOtherVersion(live, written))
    await recordWritten(step, kind, { live, written }, execution);
  else {
    const rewritten = rewrittenBy(written, problems, kind);
    await recordPart(step, kind, { live: ofVersion(live, written), rewritten }, execution);
  }
  return problems.length === 0
    ? { status: "applied", objectId: live.id }
    : failed({ why: "unverified", mismatches: problems }, true);
}

async function recordWritten(
  step: Step,
  kind: Kind,
  { live, written }: { readonly live: LiveObject; readonly written: Written },
  execution: Execution,
): Promise<void> {
  const own = ofVersion(live, written);
  const observed = observedAfter(kind, live, written);
  const made = versionMade(kind, own, written);
  const seen = { applied: written.desired, observed, live: own, made };
  await record(step, kind, { ...seen, fact: "verified", isWritten: true }, execution);
}

/** The version that a write has made: main is another one than before. */
function versionMade(kind: Kind, live: LiveObject, { sent }: Written): string | undefined {
  const { versionId } = versionOf(kind, live);
  return versionId === sent?.main ? undefined : versionId;
}

/** Neither the value that was written nor the one before it, which late reads can show. */
function isOtherVersion({ versionId: main }: LiveObject, { versionId, sent }: Written): boolean {
  return versionId !== undefined && main !== versionId && main !== sent?.main;
}

/** A version that somebody promotes between the write and the read is not the one that was written. */
function ofVersion(live: LiveObject, { versionId }: Written): LiveObject {
  return versionId === undefined ? live : { ...live, versionId };
}

/** Declared values that were sent as they were before, and that the server has rewritten. */
function rewrittenBy(
  { desired, sent }: Written,
  problems: readonly Mismatch[],
  kind: Kind,
): readonly (readonly string[])[] {
  if (sent === undefined) return [];
  const hints = hintsOf(kind);
  const [declared, before] = [canonical(desired, hints), canonical(sent.before, hints)];
  return problems
    .map(({ path }) => segments(path))
    .filter((path) => {
      const value = valueAt(declared, path);
      const isSent = kind.sendsAll === true || sent.blocks.includes(path[0] ?? "");
      return isSent && value !== undefined && equal(value, valueAt(before, path));
    });
}

/** The write took effect, even if it cannot be read back. */
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

/**
 * Blocks that were not sent are recorded as they were right before the write, as the plan showed them. Changes that
 * somebody made in them meanwhile are shown by the next plan. If another version became main meanwhile, the blocks that were
 * sent are recorded as they were sent.
 */
function observedAfter(kind: Kind, live: LiveObject, written: Written): JsonObject {
  const { sent, target } = written;
  const hints = hintsOf(kind);
  const observed = redacted(live.spec, hints);
  if (sent === undefined) return observed;
  const before = redacted(sent.before, hints);
  const isOther = isOtherVersion(live, written);
  const isSent = (key: string) => sent.blocks.includes(key) || (!isOther && !Object.hasOwn(before, key));
  const fresh = Object.entries(isOther ? redacted(target, hints) : observed).filter(([key]) => isSent(key));
  const kept = Object.entries(before).filter(([key]) => !isSent(key));
  return Object.fromEntries([...kept, ...fresh]);
}

interface Seen {
  readonly fact: "verified" | "observed" | "adopted";
  readonly applied: JsonObject;
  readonly observed?: JsonObject;
  readonly live: LiveObject;
  /** The version that the write has made. */
  readonly made?: string | undefined;
  /** The values were written by this step, so no earlier write can appear any more. */
  readonly isWritten?: true;
}

/** The ledger entry of the step's address with declared and observed values; the intents that are done are closed. */
export async function record(
  step: Step,
  kind: Kind,
  { fact, applied, observed, live, made, isWritten }: Seen,
  execution: Execution,
): Promise<void> {
  const hints = hintsOf(kind);
  const { commit, session } = execution;
  const known = session.entry(step.movedFrom ?? step.address);
  const seen = entryOf(kind, live, {
    applied: redacted(withIgnored(applied, undefined, step.ignored ?? [], hints), hints),
    observed: observed ?? redacted(live.spec, hints),
    isProtected: step.protect === true,
    commit,
  });
  const entry = withVersions(known, made === undefined ? seen : { ...seen, madeVersions: [made] });
  const recorded = { live: live.spec, applied: [known?.applied ?? {}, entry.applied] };
  await session.commit([
    ...movedTo(step, execution),
    { fact, address: step.address, entry },
    ...(isWritten === true ? closedByWrite(step, execution) : closedByRead(step, kind, recorded, execution)),
  ]);
}

/** Records an object that is only observed. Creations stay open, and so do values that may still appear. */
export async function recordObserved(
  step: Step,
  kind: Kind,
  { fact, desired, live }: Pick<Seen, "fact" | "live"> & { readonly desired: JsonObject },
  execution: Execution,
): Promise<void> {
  const { commit, session } = execution;
  const known = session.entry(step.movedFrom ?? step.address);
  const entry = observedEntry(kind, live, {
    desired,
    ignored: step.ignored ?? [],
    entry: known?.id === live.id ? known : undefined,
    isProtected: step.protect === true,
    commit,
  });
  const recorded = { live: live.spec, applied: [known?.applied ?? {}, entry.applied] };
  await session.commit([
    ...movedTo(step, execution),
    { fact, address: step.address, entry },
    ...seenUpdates(step, kind, recorded, execution),
  ]);
}

interface ReadBack {
  readonly live: LiveObject;
  readonly rewritten?: readonly (readonly string[])[];
}

/** Records the values of a write that are live as applied, path by path; the intent stays open for the rest. */
export async function recordPart(
  step: Step,
  kind: Kind,
  { live, rewritten = [] }: ReadBack,
  execution: Execution,
): Promise<void> {
  const { session } = execution;
  const known = session.entry(step.movedFrom ?? step.address);
  const baseline = known?.id === live.id ? known : undefined;
  const intents = intentsAt(step.address, kind, execution);
  const seen = { baseline, live: live.spec, isReadBack: true as const, rewritten };
  const { applied, observed } = ownWrites(seen, intents, kind);
  const isProtected = step.protect === true || baseline?.protect === true;
  const entry = entryOf(kind, live, { applied, observed, isProtected, base: baseline && managed(baseline) });
  await session.commit([
    ...movedTo(step, execution),
    { fact: "observed", address: step.address, entry },
    ...accepted(step, execution),
  ]);
}

/** Records an unverified write as accepted, so that a removed child, such as a canary, is not reported as missing. */
function accepted({ id }: Step, { intents }: Execution): readonly Fact[] {
  const intent = intents.get(id);
  if (intent?.action !== "update") return [];
  return [{ fact: "intended", intents: [{ ...intent, accepted: true }] }];
}

interface Resumed {
  readonly live: LiveObject;
  /** The response to its creation, if that was repeated. */
  readonly answer?: LiveObject | undefined;
}

/** An object that was written to is no longer observed. */
function managed(entry: LedgerEntry): LedgerEntry {
  const { observe: _, ...rest } = entry;
  return rest;
}

/**
 * Records an object that an earlier run created and that somebody changed since, so that the next plan shows the
 * changes. Returns whether that was the case.
 */
export async function recordEdits(
  step: Step,
  kind: Kind,
  { live, answer }: Resumed,
  execution: Execution,
): Promise<boolean> {
  const intents = intentsAt(step.address, kind, execution);
  const seen = { baseline: undefined, live: live.spec, answer: answer?.spec };
  const { applied, observed, edited } = ownWrites(seen, intents, kind);
  if (edited === 0) return false;
  const entry = entryOf(kind, live, { applied, observed, isProtected: step.protect === true });
  await execution.session.commit([
    ...movedTo(step, execution),
    { fact: "observed", address: step.address, entry },
  ]);
  return true;
}

function movedTo(step: Step, { session }: Execution): readonly Fact[] {
  const old = session.entry(step.address);
  return [
    ...(step.movedFrom === undefined ? [] : [{ fact: "forgotten" as const, address: step.movedFrom }]),
    ...(step.replaces !== undefined && old?.id === step.replaces
      ? [
          {
            fact: "observed" as const,
            address: replacedAddress(step.address),
            entry: { ...old, replaced: true as const },
          },
        ]
      : []),
  ];
}
