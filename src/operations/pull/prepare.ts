import type { Address } from "../../model/address.ts";
import { fold } from "../../model/fold.ts";
import type { Fact, LedgerState } from "../../model/ledger.ts";
import type { LimitedManifest, Obstacle, Unwritten } from "../../model/pull-result.ts";
import { recover, recoveredState } from "../../reconcile/recover/recover.ts";
import type { ManifestDraft } from "../../schema/author/draft.ts";
import { followersIn } from "../propose.ts";
import type { Workspace } from "../workspace.ts";
import { assign, type Assigned } from "./assign.ts";
import { tiedAsDeclared } from "./as-declared.ts";
import { baselineFacts, type Tie } from "./baseline.ts";
import { invalid, isPlanEmpty, planAfter, unmatchedEntries, unsettled } from "./check.ts";
import type { PullChoices } from "./choices.ts";
import { complete } from "./complete.ts";
import { draftsOf, unwritableObject, type Drafts, type UnwritableObject } from "./drafts.ts";
import type { PullFiles } from "./files.ts";
import { gather } from "./gather.ts";
import { sharedTexts, type SharedTexts } from "./shared/shared-texts.ts";
import { tiesOf, type Tied, type Ties } from "./shared/ties.ts";
import { changedElsewhere } from "./shared/unchanged.ts";
import { textsOf, type Texts } from "./texts.ts";
import { unsettledUpdate, updateFacts, updateOf, type Update } from "./update.ts";

interface Subject {
  readonly workspace: Workspace;
  readonly files: PullFiles;
  readonly choices: PullChoices;
  readonly onProgress: ((what: string) => void) | undefined;
}

/** All that a pull would write, and what stands in the way. */
export interface Prepared {
  /** New objects and what was passed over. */
  readonly assigned: Assigned;
  /** Objects that have a manifest, and that the ledger does not know. */
  readonly tied: readonly Tied[];
  readonly limited: readonly LimitedManifest[];
  readonly uncreated: readonly Address[];
  readonly texts: Texts;
  readonly unwritten: readonly Unwritten[];
  readonly update: Update | undefined;
  readonly facts: readonly Fact[];
  readonly obstacles: readonly Obstacle[];
  readonly followers?: readonly Address[];
  readonly unmatched?: readonly Obstacle[];
  /** The next plan has nothing to do, for any resource. */
  readonly isPlanEmpty?: boolean;
}

/** Reads the account, makes the texts, and checks them. Nothing is written. */
export async function prepare(subject: Subject, state: LedgerState | undefined): Promise<Prepared> {
  const { workspace, files, choices, onProgress } = subject;
  const chosen = await chosenIn(subject, state);
  const { assigned, tied, drafts, unwritten, unwritable } = await drafted(subject, chosen);
  const pulled = [...assigned.objects, ...tied];
  const update = choices.update === true ? await updated(subject, assigned, { state, tied }) : undefined;
  const limited = isNew(state) && pulled.length > 0 ? chosen.without : [];
  const shared = await sharedIn(subject, { tied, drafts, limited, update });
  const addresses = new Set(tied.map(({ address }) => address));
  const fresh = drafts.filter(({ address }) => !addresses.has(address));
  const texts = await textsOf(fresh, files, choices.layout, changedTexts(update, shared));
  const uncreated = isNew(state) ? [] : chosen.without.map(({ address }) => address);
  const found = { assigned, tied, limited: shared.limited, uncreated, texts, unwritten, update };
  if (pulled.length === 0 && (update?.texts.size ?? 0) === 0) return nothingWritten(found, unwritable);
  const early = [...shared.obstacles, ...texts.obstacles];
  if (early.length > 0) return { ...found, facts: [], obstacles: early };
  onProgress?.(`Checking ${texts.files.length} files`);
  return { ...found, ...(await checked({ workspace, files, state, update }, pulled, texts)) };
}

/** What manifests say of the objects, without those that cannot have one. */
async function drafted(
  { workspace, files, choices }: Omit<Subject, "onProgress">,
  { assigned, tied }: Chosen,
): Promise<Drafts & Pick<Prepared, "assigned" | "tied">> {
  const found = await draftsOf({
    ...assigned,
    objects: [...assigned.objects, ...tied.filter(({ isShared }) => isShared)],
    kinds: workspace.provider.kinds,
    resources: [...workspace.resources, ...files.loaded.absent],
    fields: choices.fields,
    environments: limitOf(files.loaded),
    lifecycle: choices.observe === true ? { observe: true } : undefined,
  });
  const sound = new Set(found.objects.map(({ address }) => address));
  const isSound = ({ address }: { readonly address: Address }) => sound.has(address);
  const skipped = [...assigned.skipped, ...found.unwritable.map(unwritableObject)];
  return {
    ...found,
    assigned: { ...assigned, objects: assigned.objects.filter(isSound), skipped },
    tied: tied.filter((one) => !one.isShared || isSound(one)),
  };
}

/** What cannot have a manifest stands in the way where there is nothing else to write. */
function nothingWritten(
  found: Omit<Prepared, "facts" | "obstacles">,
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

interface Chosen extends Pick<Prepared, "assigned" | "tied"> {
  /** Of a pull of everything: what other environments have, and no object of this one is. */
  readonly without: Ties["without"];
}

/** Which objects get a manifest, and which have one. */
async function chosenIn(
  { workspace, files: { loaded }, choices, onProgress }: Subject,
  state: LedgerState | undefined,
): Promise<Chosen> {
  const { provider, resources } = workspace;
  onProgress?.("Listing the account");
  const ties = await tiesOf(await gather(workspace, choices), {
    account: workspace,
    loaded,
    ledger: state,
    named: choices.addresses,
  });
  const without = isEverything(choices) ? ties.without : [];
  const named = assign(ties.gathered, {
    kinds: provider.kinds,
    resources,
    elsewhere: loaded.elsewhere.keys(),
    ledger: state,
    addresses: choices.addresses,
    tied: ties.tied,
    released: isNew(state) ? without : [],
  });
  onProgress?.(`Reading ${named.objects.length + ties.tied.length} objects`);
  const [objects, read] = await Promise.all([complete(provider, named.objects), complete(provider, ties.tied)]);
  const { tied, different } = tiedAsDeclared(read, { kinds: provider.kinds, resources, ledger: state });
  return { assigned: { ...named, objects, skipped: [...named.skipped, ...different] }, tied, without };
}

/** The environment was never applied or pulled. */
function isNew(state: LedgerState | undefined): boolean {
  return Object.keys(state?.entries ?? {}).length === 0;
}

/**
 * The environments of new manifests: where others have manifests, their plans stay what they are. The first pull of a
 * project makes manifests for all of its environments.
 */
export function limitOf({ environments, environment, resources, elsewhere }: PullFiles["loaded"]) {
  const isFirst = resources.length === 0 && elsewhere.size === 0;
  return isFirst || environments.length === 1 ? undefined : [environment.name];
}

function isEverything({ selectors, kinds, tags }: PullChoices): boolean {
  return selectors.length === 0 && kinds === undefined && tags.length === 0;
}

/** Of the managed objects that were chosen, what was changed live. */
async function updated(
  { workspace, files, choices }: Omit<Subject, "onProgress">,
  { skipped }: Assigned,
  { state, tied }: { readonly state: LedgerState | undefined; readonly tied: readonly Tied[] },
): Promise<Update> {
  const chosen = isEverything(choices)
    ? workspace.resources.map(({ address }) => address)
    : skipped.filter(({ reason }) => reason === "managed").map(({ address }) => address);
  const ledger = await recovered(workspace, state);
  const only = new Set(chosen);
  for (const { address } of tied) only.delete(address);
  return updateOf({ workspace, files, ledger, only });
}

interface Sharing {
  readonly tied: readonly Tied[];
  readonly drafts: readonly ManifestDraft[];
  readonly limited: Ties["without"];
  readonly update: Update | undefined;
}

/** What is written for objects of manifests that other environments use: into the texts of the update, where there is one. */
async function sharedIn(
  { files }: Pick<Subject, "files">,
  { tied, drafts, limited, update }: Sharing,
): Promise<SharedTexts> {
  const shared = tied.filter(({ isShared }) => isShared);
  if (shared.length + limited.length === 0) return NOTHING_SHARED;
  const loadedAs = update?.texts ?? new Map<string, string>();
  const loaded = loadedAs.size === 0 ? files.loaded : await files.reload(loadedAs, () => true);
  return sharedTexts({ loaded, loadedAs, taken: files.taken, tied: shared, drafts, limited });
}

const NOTHING_SHARED: SharedTexts = { texts: new Map(), addresses: new Map(), limited: [], obstacles: [] };

/** The texts that change, with the manifests that they are about. */
function changedTexts(update: Update | undefined, shared: SharedTexts) {
  const addresses = new Map(shared.addresses);
  for (const { file, address } of update?.adopted ?? [])
    addresses.set(file, [...new Set([...(addresses.get(file) ?? []), address])]);
  return { texts: new Map([...(update?.texts ?? []), ...shared.texts]), addresses };
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
  objects: readonly Tie[],
  { texts }: Texts,
): Promise<Pick<Prepared, "facts" | "obstacles" | "followers" | "unmatched" | "isPlanEmpty">> {
  const { provider, protectAll } = workspace;
  const pulled = new Set(objects.map(({ address }) => address));
  const entries = state?.entries ?? {};
  const isTied = (address: Address) => pulled.has(address) || entries[address] !== undefined;
  const project = await files.reload(texts, isTied);
  const wrong = [...invalid(project), ...(await changedIn(files, texts))];
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
    unmatched: unmatchedEntries(project),
    isPlanEmpty: isPlanEmpty(plan),
    followers: update === undefined ? [] : followersIn(update.plan, plan),
    obstacles: [...unsettled(plan, pulled), ...(update === undefined ? [] : unsettledUpdate(update, plan))],
  };
}

/** What would change in other environments; the first manifests of a project are for all of them. */
async function changedIn(files: PullFiles, texts: ReadonlyMap<string, string>): Promise<readonly Obstacle[]> {
  if (limitOf(files.loaded) === undefined) return [];
  const [before, after] = await Promise.all([
    files.otherEnvironments(new Map()),
    files.otherEnvironments(texts),
  ]);
  return changedElsewhere(before, after);
}

/** With what interrupted runs had done counted in. */
async function recovered(
  { provider, resources }: Workspace,
  state: LedgerState | undefined,
): Promise<LedgerState | undefined> {
  if (state === undefined) return undefined;
  return recoveredState(state, await recover(provider, state, resources));
}
