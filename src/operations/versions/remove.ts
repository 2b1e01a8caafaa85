import type { Ledger } from "../../model/ledger.ts";
import { ProviderError, type ProviderFailure } from "../../model/provider.ts";
import type { Account } from "../account/account.ts";
import type { LockRequest } from "../ledger.ts";
import { readUntil } from "../late-reads.ts";
import type { Workspace } from "../workspace.ts";
import { chosenVersion } from "./choose.ts";
import { protectionOf, type Protection } from "./protection.ts";
import { versionsOf, type Version, type Versions } from "./read.ts";

/** Versions that are named, or all but the newest ones. */
export type RemovalRequest =
  | { readonly names: readonly string[]; readonly all: boolean }
  | { readonly keep: number; readonly all: boolean };

export interface Removal {
  readonly remove: readonly Version[];
  readonly kept: readonly KeptVersion[];
}

export interface KeptVersion {
  readonly version: Version;
  /** `it is main` */
  readonly reason: string;
  /** Nothing needs it, and this project did not make it. */
  readonly isOthers?: true;
}

const OTHERS = "this project did not make it";

/**
 * What is to be deleted. The API does not say who made a version; the ledger does, of those that applies have made.
 * Whatever else is left was made by others, and is deleted with `all` alone.
 */
export async function removalOf(
  account: Account,
  versions: Versions,
  request: RemovalRequest,
): Promise<Removal> {
  const protection = await protectionOf(account, versions);
  const isPrune = "keep" in request;
  const asked = isPrune
    ? versions.all
    : [...new Set(request.names.map((name) => chosenVersion(versions, name)))];
  let free = 0;
  const judged = asked.map((version): KeptVersion | Version => {
    const reason = protection(version);
    if (reason !== undefined) return { version, reason };
    free += 1;
    if (isPrune && free <= request.keep) return { version, reason: `it is one of the ${request.keep} newest` };
    return request.all || version.isOwn ? version : { version, reason: OTHERS, isOthers: true };
  });
  const isKept = (one: KeptVersion | Version): one is KeptVersion => "reason" in one;
  return { remove: judged.filter((one) => !isKept(one)) as readonly Version[], kept: judged.filter(isKept) };
}

type Writable = Account & Pick<Workspace, "runtime">;

export interface RemovalOutcome {
  readonly deleted: readonly Version[];
  /** Why it ended before all were deleted, and whether the last one may have been deleted. */
  readonly stopped?: {
    readonly why: string;
    readonly mayBeDone: boolean;
    /** The request that failed. */
    readonly failure?: ProviderFailure;
  };
}

/**
 * Deletes versions one after the other, while no apply runs. Each is checked again right before. Throws `LedgerError`
 * where the ledger is locked, and `ProviderError` before the first deletion.
 */
export async function removeVersions(
  account: Writable,
  versions: Versions,
  { remove }: Pick<Removal, "remove">,
  lock: LockRequest & { readonly signal: AbortSignal },
): Promise<RemovalOutcome> {
  return locked(account.ledger, lock, async () => {
    const now = await versionsOf(account, versions.of);
    const protection = await protectionOf(account, now);
    const deleted: Version[] = [];
    for (const { id } of remove) {
      if (lock.signal.aborted) return { deleted, stopped: { why: "interrupted", mayBeDone: false } };
      const version = now.all.find((one) => one.id === id);
      if (version === undefined) continue;
      const stopped = await stoppedAt(account, now, version, protection);
      if (stopped !== undefined) return { deleted, stopped };
      deleted.push(version);
    }
    return { deleted };
  });
}

/** Deletes one version. The result says what prevented that. */
async function stoppedAt(
  account: Writable,
  versions: Versions,
  version: Version,
  protection: Protection,
): Promise<RemovalOutcome["stopped"]> {
  try {
    const reason = protection(version) ?? (await reasonNow(account, versions, version));
    if (reason !== undefined)
      return { why: `version ${version.id} is not deleted: now ${reason}`, mayBeDone: false };
    await account.provider.delete(versions.kinds.version.kind, version.live.id);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { message: why, failure } = error;
    return { why, mayBeDone: failure.effect === "unknown", failure };
  }
  return stillThere(account, versions, version);
}

/** A read shows whether the version is gone: an answer, such as 404, does not prove it. */
async function stillThere(
  { provider, runtime }: Writable,
  { kinds }: Versions,
  { id, live }: Version,
): Promise<RemovalOutcome["stopped"]> {
  try {
    const read = () => provider.read(kinds.version.kind, live.id);
    if ((await readUntil(read, (found) => found === undefined, runtime)) === undefined) return undefined;
    return { why: `the API still shows version ${id} after its deletion`, mayBeDone: true };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { message: why, failure } = error;
    return { why, mayBeDone: true, failure };
  }
}

/** Main and the canary as they are at this moment. */
async function reasonNow(
  { provider }: Account,
  { of, kinds }: Versions,
  { id, live }: Version,
): Promise<string | undefined> {
  const [now, canary] = await Promise.all([
    provider.read(kinds.version.kind, live.id),
    kinds.canary === undefined ? undefined : provider.read(kinds.canary.kind, of.id),
  ]);
  if (now?.versionId === id) return "it is main";
  const rules = canary === undefined ? [] : (kinds.canary?.splitOf?.(canary.spec) ?? []);
  return rules.some(({ shares }) => shares.some(({ version }) => version === id))
    ? "the canary serves it"
    : undefined;
}

/** A project that was never applied has no ledger to lock. */
async function locked<T>(
  ledger: Ledger,
  { holder, lockTimeout, signal }: LockRequest & { readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  if ((await ledger.read()) === undefined) return work();
  const session = await ledger.open(holder, lockTimeout, signal);
  try {
    return await work();
  } finally {
    await session.release();
  }
}
