import type { Address } from "../../model/address.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { LimitedManifest, Obstacle, Unwritten } from "../../model/pull-result.ts";
import type { Assigned } from "./assign.ts";
import { checked, type Checked } from "./checked.ts";
import { chosenIn, isEverything, type Chosen, type Subject } from "./chosen.ts";
import { draftsOf, unwritableObject, type Drafts, type UnwritableObject } from "./drafts.ts";
import { limitOf } from "./files.ts";
import { changedFiles } from "./shared/changed-texts.ts";
import type { Tied } from "./shared/ties.ts";
import { textsOf, type Texts } from "./texts.ts";
import { updateOf, type Update } from "./update.ts";
import { recoveredLedger } from "../plan.ts";

/** Everything that a pull would write, and what prevents it. */
export interface Prepared extends Checked, Omit<Chosen, "limited"> {
  readonly limited: readonly LimitedManifest[];
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
  // Only before its first pull a project has errors here: nothing was seen live that could have changed since.
  const isUpdate = choices.update === true && files.loaded.flawed.length === 0;
  const update = isUpdate ? await updated(subject, assigned, { state, tied }) : undefined;
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

/** If there is nothing else to write, an object that cannot have a manifest prevents the pull. */
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

/** What is pulled says that it is observed; an environment that observes says it for all. */
function isObserving({ files: { loaded }, choices }: Pick<Subject, "files" | "choices">): boolean {
  return choices.observe === true && !loaded.environment.observe;
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
  const ledger = await recoveredLedger(workspace, state);
  const only = new Set(chosen);
  for (const { address } of tied) only.delete(address);
  return updateOf({ workspace, files, ledger, only });
}

const NO_TEXTS: Texts = { texts: new Map(), files: [], obstacles: [] };
