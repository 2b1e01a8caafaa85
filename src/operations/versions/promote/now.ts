import type { Address } from "../../../model/address.ts";
import { equal } from "../../../model/json.ts";
import { withVersions } from "../../../model/fold.ts";
import {
  entriesIn,
  type Fact,
  type Intent,
  type LedgerEntry,
  type LedgerSession,
  type LedgerState,
} from "../../../model/ledger.ts";
import { ProviderError, type LiveObject } from "../../../model/provider.ts";
import type { Runtime } from "../../../model/runtime.ts";
import { hintsOf } from "../../../reconcile/compare/hints.ts";
import { redacted } from "../../../reconcile/compare/redact.ts";
import { promotedSpec } from "../../../reconcile/observe/version-content.ts";
import { changedBlocks } from "../../../reconcile/recover/intents.ts";
import { recover } from "../../../reconcile/recover/recover.ts";
import { SelectionError, type Account } from "../../account/account.ts";
import type { LockRequest } from "../../ledger.ts";
import type { Version, Versions } from "../read.ts";
import { unknownEffect, type UnknownEffect } from "../../unknown-effect.ts";

/** What was shown and approved. */
export interface LivePromotion {
  readonly versions: Versions;
  readonly version: Version;
  /** The version, read by its id. */
  readonly content: LiveObject;
}

/** How it ended; `by-now`: nothing was sent, because something has changed. */
export type PromotionOutcome =
  | { readonly status: "promoted" }
  | { readonly status: "by-now"; readonly why: string }
  /** It is not known whether it is main. */
  | UnknownEffect;

type Request = LockRequest & { readonly signal: AbortSignal; readonly who: string };

export async function readVersion(
  { provider }: Account,
  versions: Versions,
  version: Version,
): Promise<LiveObject> {
  const live = await provider.read(versions.kinds.version.kind, version.live.id);
  if (live !== undefined) return live;
  throw new SelectionError(`version ${version.id} was deleted in the meantime`);
}

/** Why an object must not be changed live; `undefined` where nothing forbids it. */
export async function forbidden(account: Account & Limits, { of, all }: Versions): Promise<string | undefined> {
  const owner = all.find(({ isMain }) => isMain)?.managed;
  // Its manifest and its ledger are there.
  if (owner?.isElsewhere === true) return `managed as ${owner.address} in environment ${owner.environment}`;
  const lifecycle = account.resources.find(({ address }) => address === of.address)?.lifecycle;
  const entry = entryOf(of.kind.kind, of.id, (await account.ledger.read())?.entries)?.[1];
  if (
    account.observeAll === true ||
    lifecycle?.observe === true ||
    (lifecycle === undefined && entry?.observe === true)
  )
    return "observed";
  const isProtected = account.protectAll || (lifecycle?.protect ?? entry?.protect) === true;
  return isProtected ? "protected" : undefined;
}

/** What an environment says of all its objects. */
interface Limits {
  readonly protectAll: boolean;
  readonly observeAll?: boolean;
  readonly runtime: Runtime;
}

/**
 * Makes a version main, while no apply runs. The ledger learns of it before and after, so that the next plan knows whose
 * change it is. Throws `ProviderError` where the API refuses it.
 */
export async function promoteNow(
  account: Account & Limits,
  promotion: LivePromotion,
  request: Request,
): Promise<PromotionOutcome> {
  const state = await account.ledger.read();
  if (state === undefined) return promoteIn(account, promotion, undefined, request);
  const session = await account.ledger.open(request.holder, request.lockTimeout, request.signal);
  try {
    return await promoteIn(account, promotion, session, request);
  } finally {
    await session.release();
  }
}

async function promoteIn(
  account: Account & Limits,
  promotion: LivePromotion,
  session: LedgerSession | undefined,
  { who, signal }: Request,
): Promise<PromotionOutcome> {
  const changed = await changedSince(account, promotion);
  if (changed !== undefined) return { status: "by-now", why: changed };
  if (signal.aborted) return { status: "by-now", why: "the command was interrupted" };
  const intents = session === undefined ? [] : intentsOf(account, promotion, session, who);
  if (intents.length > 0) await session?.commit([{ fact: "intended", intents }]);
  const doubt = await sent(account, promotion).catch(async (error: unknown) => {
    if (intents.length > 0) await session?.commit([{ fact: "closed", intents: intents.map(({ id }) => id) }]);
    throw error;
  });
  if (doubt !== undefined) return doubt;
  if (session !== undefined && intents.length > 0) await recordIn(account, promotion, session);
  return { status: "promoted" };
}

/** What is different from what was shown. */
async function changedSince(
  { provider }: Account,
  { versions, version, content }: LivePromotion,
): Promise<string | undefined> {
  const { of, kinds } = versions;
  const [main, now, canary] = await Promise.all([
    provider.read(of.kind.kind, of.id),
    provider.read(kinds.version.kind, version.live.id),
    kinds.canary === undefined ? undefined : provider.read(kinds.canary.kind, of.id),
  ]);
  if (main === undefined || now === undefined) return "it was deleted in the meantime";
  if (main.versionId !== of.live.versionId || !equal(main.spec, of.live.spec))
    return "main was changed in the meantime";
  if (!equal(now.spec, content.spec)) return "the version was changed in the meantime";
  return equal(canary?.spec, versions.canary?.spec) ? undefined : "the canary was changed in the meantime";
}

/** Sends it once, and looks whether it is main. Throws what was certainly not done. */
async function sent(
  { provider, runtime }: Account & Limits,
  { versions, version }: LivePromotion,
): Promise<UnknownEffect | undefined> {
  let lost: UnknownEffect | undefined;
  try {
    if (provider.promote === undefined) throw new Error("the provider promotes no versions");
    await provider.promote(versions.kinds.version.kind, version.live.id);
  } catch (error) {
    lost = unknownEffect(error);
  }
  const { of } = versions;
  for (const delay of READ_BACK_DELAYS) {
    await runtime.sleep(delay);
    try {
      if ((await provider.read(of.kind.kind, of.id))?.versionId === version.id) return undefined;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { status: "unknown", why: error.message, failure: error.failure };
    }
  }
  return lost ?? { status: "unknown", why: "the API does not show it as main yet" };
}

/** Milliseconds before each read: an API may show a write late. */
const READ_BACK_DELAYS = [0, 200, 500, 1000, 2000];

/** The intents that are recorded before: the object becomes the version, and its canary ends. */
function intentsOf(
  { runtime }: Limits,
  { versions, content }: LivePromotion,
  session: LedgerSession,
  who: string,
): readonly Intent[] {
  const { of, kinds } = versions;
  const own = entryOf(of.kind.kind, of.id, session.state.entries);
  if (own === undefined) return [];
  const run = runtime.uuid();
  const about = (address: Address, kind: string) => ({
    id: `${address}@${run}`,
    step: address,
    address,
    kind,
    run,
    who,
    began: runtime.now().toISOString(),
    objectId: of.id,
  });
  const hints = hintsOf(of.kind);
  const after = redacted(promotedSpec(kinds.version, content, of.live), hints);
  const meant = changedBlocks(of.kind, redacted(of.live.spec, hints), after, {});
  const canary =
    kinds.canary === undefined || versions.canary === undefined
      ? undefined
      : entryOf(kinds.canary.kind, of.id, session.state.entries);
  return [
    { ...about(own[0], of.kind.kind), action: "update", ...meant },
    ...(canary === undefined ? [] : [{ ...about(canary[0], canary[1].kind), action: "delete" as const }]),
  ];
}

function entryOf(
  kind: string,
  id: string,
  entries: LedgerState["entries"] | undefined,
): readonly [Address, LedgerEntry] | undefined {
  return entriesIn(entries).find(([, entry]) => entry.kind === kind && entry.id === id);
}

/** The same that the next plan would find out. A version that the ledger has was made by this project. */
async function recordIn(
  { provider, resources }: Account,
  { versions: { kinds }, version }: LivePromotion,
  session: LedgerSession,
): Promise<void> {
  const recovery = await recover(provider, session.state, resources);
  const isOurs = entryOf(kinds.version.kind, version.live.id, session.state.entries) !== undefined;
  const facts = (recovery?.facts ?? []).map((fact): Fact => {
    if (!isOurs || !("entry" in fact) || fact.entry.versionId !== version.id) return fact;
    const entry = withVersions(fact.entry, { ...fact.entry, madeVersions: [version.id] });
    return { fact: fact.fact, address: fact.address, entry };
  });
  if (facts.length > 0) await session.commit(facts);
}
