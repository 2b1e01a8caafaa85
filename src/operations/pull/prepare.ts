import type { Address } from "../../model/address.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { LimitedManifest, Obstacle, Unwritten } from "../../model/pull-result.ts";
import type { Workspace } from "../workspace.ts";
import { assign, type Assigned } from "./assign.ts";
import { tiedAsDeclared } from "./as-declared.ts";
import { checked, recovered, type Checked } from "./checked.ts";
import type { PullChoices } from "./choices.ts";
import { complete } from "./complete.ts";
import { draftsOf, unwritableObject, type Drafts, type UnwritableObject } from "./drafts.ts";
import { limitOf, type PullFiles } from "./files.ts";
import { gather } from "./gather.ts";
import { changedFiles } from "./shared/changed-texts.ts";
import { tiesOf, type Tied, type Ties } from "./shared/ties.ts";
import { unasked } from "./shared/unasked.ts";
import { textsOf, type Texts } from "./texts.ts";
import { updateOf, type Update } from "./update.ts";

interface Subject {
  readonly workspace: Workspace;
  readonly files: PullFiles;
  readonly choices: PullChoices;
  readonly onProgress: ((what: string) => void) | undefined;
}

/** All that a pull would write, and what stands in the way. */
export interface Prepared extends Checked {
  /** New objects and what was passed over. */
  readonly assigned: Assigned;
  /** Objects that have a manifest, and that the ledger does not know. */
  readonly tied: readonly Tied[];
  readonly limited: readonly LimitedManifest[];
  readonly uncreated: readonly Address[];
  readonly texts: Texts;
  readonly unwritten: readonly Unwritten[];
  readonly update: Update | undefined;
  /** What is pulled is never written. */
  readonly isObserved: boolean;
}

/** Reads the account, makes the texts, and checks them. Nothing is written. */
export async function prepare(subject: Subject, state: LedgerState | undefined): Promise<Prepared> {
  const { workspace, files, choices, onProgress } = subject;
  const chosen = await chosenIn(subject, state);
  const { assigned, tied, drafts, unwritten, unwritable } = await drafted(subject, chosen);
  const pulled = [...assigned.objects, ...tied];
  const update = choices.update === true ? await updated(subject, assigned, { state, tied }) : undefined;
  const limited = pulled.length > 0 ? chosen.limited : [];
  const changed = await changedFiles(files, {
    tied,
    drafts,
    limited,
    update,
    isObserved: isObserving(subject),
  });
  const addresses = new Set(tied.map(({ address }) => address));
  const fresh = drafts.filter(({ address }) => !addresses.has(address));
  const texts = await textsOf(fresh, files, choices.layout, changed);
  const { uncreated } = chosen;
  const isObserved = choices.observe === true || files.loaded.environment.observe;
  const found = { assigned, tied, limited: changed.limited, uncreated, texts, unwritten, update, isObserved };
  if (pulled.length === 0 && (update?.texts.size ?? 0) === 0) return nothingWritten(found, unwritable);
  const early = [...changed.obstacles, ...texts.obstacles];
  if (early.length > 0) return { ...found, facts: [], obstacles: early };
  onProgress?.(`Checking ${texts.files.length} files`);
  return { ...found, ...(await checked({ workspace, files, state, update }, pulled, texts.texts)) };
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
    lifecycle: isObserving({ files, choices }) ? { observe: true } : undefined,
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

interface Chosen extends Pick<Prepared, "assigned" | "tied" | "uncreated"> {
  /** Of the first pull of everything: what other environments have, and nobody has asked for in this one. */
  readonly limited: Ties["without"];
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
  const limited = isNew(state) ? unasked(without, loaded, provider.kinds) : [];
  const named = assign(ties.gathered, {
    kinds: provider.kinds,
    resources,
    elsewhere: loaded.elsewhere.keys(),
    ledger: state,
    addresses: choices.addresses,
    tied: ties.tied,
    released: limited,
  });
  onProgress?.(`Reading ${named.objects.length + ties.tied.length} objects`);
  const [objects, read] = await Promise.all([complete(provider, named.objects), complete(provider, ties.tied)]);
  const known = { kinds: provider.kinds, resources, ledger: state, fields: choices.fields };
  const { tied, different } = tiedAsDeclared(read, known);
  return {
    assigned: { ...named, objects, skipped: [...named.skipped, ...different] },
    tied,
    limited,
    uncreated: without.filter((one) => !limited.includes(one)).map(({ address }) => address),
  };
}

/** What is pulled says that it is observed; an environment that observes says it for all. */
function isObserving({ files: { loaded }, choices }: Pick<Subject, "files" | "choices">): boolean {
  return choices.observe === true && !loaded.environment.observe;
}

/** The environment was never applied or pulled. */
function isNew(state: LedgerState | undefined): boolean {
  return Object.keys(state?.entries ?? {}).length === 0;
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

const NO_TEXTS: Texts = { texts: new Map(), files: [], obstacles: [] };
