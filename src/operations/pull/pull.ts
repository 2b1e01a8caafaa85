import type { Address } from "../../model/address.ts";
import { fold } from "../../model/fold.ts";
import { Interrupted, unlessInterrupted } from "../../model/interrupted.ts";
import type { Fact, LedgerSession, LedgerState } from "../../model/ledger.ts";
import { recover, recoveredState } from "../../reconcile/recover/recover.ts";
import type { LockRequest } from "../ledger.ts";
import { followersIn } from "../propose.ts";
import type { Workspace } from "../workspace.ts";
import { assign, type Assigned } from "./assign.ts";
import { baselineFacts } from "./baseline.ts";
import { invalid, planAfter, unsettled } from "./check.ts";
import type { PullChoices } from "./choices.ts";
import { commitPull, type NewText } from "./commit.ts";
import { complete } from "./complete.ts";
import { draftsOf, unwritableObject, type Drafts, type UnwritableObject } from "./drafts.ts";
import type { PullFiles } from "./files.ts";
import { gather } from "./gather.ts";
import type { Unwritten, Obstacle, PullResult } from "../../model/pull-result.ts";
import { textsOf, type Texts } from "./texts.ts";
import { unsettledUpdate, updateFacts, updateOf, type Update } from "./update.ts";

export interface PullRun extends LockRequest {
  /** Without it nothing is written, and no lock is taken. */
  readonly write: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string) => void;
}

/**
 * Writes manifests for live objects, and the ledger with what they declare: only if the manifests are valid and the plan
 * has nothing to do for them. Otherwise it writes nothing. It never writes live.
 */
export async function pull(
  workspace: Workspace,
  files: PullFiles,
  choices: PullChoices,
  run: PullRun,
): Promise<PullResult> {
  const { holder, lockTimeout, signal } = run;
  const session = run.write ? await workspace.ledger.open(holder, lockTimeout, signal) : undefined;
  try {
    const state = session === undefined ? await workspace.ledger.read() : session.state;
    const prepared = await unlessInterrupted(signal, () =>
      prepare({ workspace, files, choices, onProgress: run.onProgress }, state),
    );
    const result = resultOf(prepared, workspace, files, state);
    if (result.status !== "planned" || session === undefined) return result;
    if (signal?.aborted === true) throw new Interrupted("interrupted");
    run.onProgress?.(`Writing ${result.files.length} files`);
    await write(workspace, files, prepared, session);
    return { ...result, status: "pulled" };
  } finally {
    await session?.release();
  }
}

interface Subject {
  readonly workspace: Workspace;
  readonly files: PullFiles;
  readonly choices: PullChoices;
  readonly onProgress: ((what: string) => void) | undefined;
}

/** All that a pull would write, and what stands in the way. */
interface Prepared {
  readonly assigned: Assigned;
  readonly texts: Texts;
  readonly unwritten: readonly Unwritten[];
  readonly update: Update | undefined;
  readonly facts: readonly Fact[];
  readonly obstacles: readonly Obstacle[];
  readonly followers?: readonly Address[];
}

async function prepare(
  { workspace, files, choices, onProgress }: Subject,
  state: LedgerState | undefined,
): Promise<Prepared> {
  const { provider, resources } = workspace;
  const { kinds } = provider;
  onProgress?.("Listing the account");
  const gathered = await gather(workspace, choices);
  const elsewhere = files.loaded.elsewhere.keys();
  const named = assign(gathered, {
    kinds,
    resources,
    elsewhere,
    ledger: state,
    addresses: choices.addresses,
  });
  onProgress?.(`Reading ${named.objects.length} objects`);
  const { assigned, drafts, unwritten, unwritable } = await drafted({ workspace, files, choices }, named);
  const update =
    choices.update === true ? await updated({ workspace, files, choices }, named, state) : undefined;
  const texts = await textsOf(drafts, files, choices.layout, update);
  const found = { assigned, texts, unwritten, update };
  const { objects } = assigned;
  if (objects.length === 0 && (update?.texts.size ?? 0) === 0) return nothingWritten(found, unwritable);
  if (texts.obstacles.length > 0) return { ...found, facts: [], obstacles: texts.obstacles };
  onProgress?.(`Checking ${texts.files.length} files`);
  return { ...found, ...(await checked({ workspace, files, state, update }, assigned, texts)) };
}

/** The new manifests, and the objects that get one. */
async function drafted(
  { workspace, files, choices }: Omit<Subject, "onProgress">,
  named: Assigned,
): Promise<Drafts & { readonly assigned: Assigned }> {
  const { provider, resources } = workspace;
  const found = await draftsOf({
    ...named,
    objects: await complete(provider, named.objects),
    kinds: provider.kinds,
    resources,
    fields: choices.fields,
    environments: limitOf(files.loaded),
    lifecycle: choices.observe === true ? { observe: true } : undefined,
  });
  const skipped = [...named.skipped, ...found.unwritable.map(unwritableObject)];
  return { ...found, assigned: { ...named, objects: found.objects, skipped } };
}

/** What cannot have a manifest stands in the way where there is nothing else to write. */
function nothingWritten(
  found: Pick<Prepared, "assigned" | "texts" | "unwritten" | "update">,
  unwritable: readonly UnwritableObject[],
): Prepared {
  const { skipped } = found.assigned;
  const obstacles = unwritable.map(
    ({ object: { address }, left: { pointer: where, why, hint } }): Obstacle => ({
      address,
      where,
      message: `a manifest needs this field, and cannot hold its value: ${why}`,
      hint,
    }),
  );
  const others = skipped.filter(({ reason }) => reason !== "unwritable");
  return { ...found, assigned: { ...found.assigned, skipped: others }, texts: NO_TEXTS, facts: [], obstacles };
}

/**
 * The environments of new manifests: where others have manifests, their plans stay what they are. The first pull of a
 * project makes manifests for all of its environments.
 */
function limitOf({ environments, environment, resources, elsewhere }: PullFiles["loaded"]) {
  const isFirst = resources.length === 0 && elsewhere.size === 0;
  return isFirst || environments.length === 1 ? undefined : [environment.name];
}

/** Of the managed objects that were chosen, what was changed live. */
async function updated(
  { workspace, files, choices }: Omit<Subject, "onProgress">,
  { skipped }: Assigned,
  state: LedgerState | undefined,
): Promise<Update> {
  const { selectors, kinds, tags } = choices;
  const isEverything = selectors.length === 0 && kinds === undefined && tags.length === 0;
  const chosen = isEverything
    ? workspace.resources.map(({ address }) => address)
    : skipped.filter(({ reason }) => reason === "managed").map(({ address }) => address);
  const ledger = await recovered(workspace, state);
  return updateOf({ workspace, files, ledger, only: new Set(chosen) });
}

const NO_TEXTS: Texts = { texts: new Map(), files: [], obstacles: [] };

interface Checked {
  readonly workspace: Workspace;
  readonly files: PullFiles;
  readonly state: LedgerState | undefined;
  readonly update: Update | undefined;
}

/** Loads the project as it would be, and plans it with the ledger as it would be. */
async function checked(
  { workspace, files, state, update }: Checked,
  { objects }: Assigned,
  { texts }: Texts,
): Promise<Pick<Prepared, "facts" | "obstacles" | "followers">> {
  const { provider, protectAll } = workspace;
  const pulled = new Set(objects.map(({ address }) => address));
  const entries = state?.entries ?? {};
  const isTied = (address: Address) => pulled.has(address) || entries[address] !== undefined;
  const project = await files.reload(texts, isTied);
  const wrong = invalid(project);
  if (wrong.length > 0) return { facts: [], obstacles: wrong };
  const { resources } = project;
  const missing = objects.filter(({ address }) => !resources.some((one) => one.address === address));
  if (missing.length > 0)
    return { facts: [], obstacles: missing.map(({ address }) => ({ address, message: "it is not declared" })) };
  const { kinds, target } = provider;
  const input = { kinds, resources, ties: objects, entries, account: target.account, protectAll };
  const facts = [
    ...baselineFacts(input),
    ...(update === undefined ? [] : updateFacts(update, resources, kinds, entries)),
  ];
  const known = await recovered(workspace, state);
  const after = fold(known ?? { lineage: "", serial: 0, entries: {} }, facts);
  const plan = await planAfter(workspace, project, after);
  return {
    facts,
    followers: update === undefined ? [] : followersIn(update.plan, plan),
    obstacles: [...unsettled(plan, pulled), ...(update === undefined ? [] : unsettledUpdate(update, plan))],
  };
}

/** With what interrupted runs had done counted in. */
async function recovered(
  { provider, resources }: Workspace,
  state: LedgerState | undefined,
): Promise<LedgerState | undefined> {
  if (state === undefined) return undefined;
  return recoveredState(state, await recover(provider, state, resources));
}

function resultOf(
  { assigned, texts, unwritten, update, obstacles, followers = [] }: Prepared,
  { protectAll }: Workspace,
  { loaded }: PullFiles,
  state: LedgerState | undefined,
): PullResult {
  const isNothing = assigned.objects.length === 0 && texts.files.length === 0;
  const isLimited = limitOf(loaded) !== undefined;
  const isShared = !isLimited || (update?.texts.size ?? 0) > 0;
  return {
    status: obstacles.length > 0 ? "blocked" : isNothing ? "unchanged" : "planned",
    objects: assigned.objects.map(({ address, kind, live, name }) => ({
      address,
      kind: kind.kind,
      id: live.id,
      name,
    })),
    files: texts.files,
    skipped: assigned.skipped,
    unwritten,
    adopted: update?.adopted ?? [],
    left: update?.left ?? [],
    followers,
    elsewhere:
      isNothing || !isShared ? [] : loaded.environments.filter((name) => name !== loaded.environment.name),
    isLimited: isLimited && assigned.objects.length > 0,
    obstacles,
    suggestsProtection: !protectAll && Object.keys(state?.entries ?? {}).length === 0,
  };
}

function write(
  { environment, ledger }: Workspace,
  { loaded, begin }: PullFiles,
  { texts, facts }: Prepared,
  session: LedgerSession,
): Promise<void> {
  const changed = [...texts.texts].map(([file, text]): NewText => {
    const isNew = texts.files.find((one) => one.file === file)?.change !== "changed";
    const digest = isNew ? undefined : loaded.digests[file];
    return digest === undefined ? { file, text } : { file, text, digest };
  });
  return commitPull(environment, changed, facts, { ledger, session, begin });
}
