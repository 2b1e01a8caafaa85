import type { Address } from "../../model/address.ts";
import type { LedgerState } from "../../model/ledger.ts";
import type { Provider } from "../../model/provider.ts";
import type { Kind } from "../../model/kind.ts";
import { isReference, type Resource } from "../../model/resource.ts";
import { listed } from "../../model/suggest.ts";
import { parentRule } from "../../model/object-ids.ts";
import { linksOf } from "../../reconcile/compare/references.ts";
import { objectKey } from "../../schema/author/slugs.ts";
import type { LoadedProject } from "../../schema/load.ts";
import { SelectionError } from "../account/account.ts";
import type { AccountObject } from "../account/inventory.ts";
import type { Workspace } from "../workspace.ts";
import { tiedAsDeclared } from "./as-declared.ts";
import { assign, type Assigned } from "./assign.ts";
import type { PullChoices } from "./choices.ts";
import { complete } from "./complete.ts";
import type { Named } from "./drafts.ts";
import type { PullFiles } from "./files.ts";
import { gather, keyOf, type Gathered } from "./gather.ts";
import { tiesOf, type Tied } from "./shared/ties.ts";
import { withUnlisted } from "./unlisted.ts";

/** What is pulled, and into which files. */
export interface Subject {
  readonly workspace: Workspace;
  readonly files: PullFiles;
  readonly choices: PullChoices;
  readonly onProgress: ((what: string) => void) | undefined;
}

/** The objects of a pull, as they were read. */
export interface Chosen {
  /** New objects and what was passed over. */
  readonly assigned: Assigned;
  /** Objects that have a manifest, and that the ledger does not know. */
  readonly tied: readonly Tied[];
  /** In the first pull of everything: resources of other environments that nothing in this environment asks for. */
  readonly limited: readonly Resource[];
  /** Resources that have no object here, and that the next apply creates. */
  readonly uncreated: readonly Address[];
}

/** How often it is looked whether lists lacked what objects refer to. */
const MOST_LOOKS = 3;

/** Which objects get a manifest, and which have one. */
export async function chosenIn(subject: Subject, state: LedgerState | undefined): Promise<Chosen> {
  const { workspace, choices, onProgress } = subject;
  onProgress?.("Listing the account");
  let gathered = await gather(workspace, choices);
  for (let looks = 1; ; looks += 1) {
    const chosen = await chosenAmong(gathered, subject, state);
    const more = await withUnlisted(workspace, gathered, [...chosen.assigned.objects, ...chosen.tied], choices);
    if (more === undefined || looks === MOST_LOOKS) return chosen;
    gathered = more;
  }
}

async function chosenAmong(
  gathered: Gathered,
  { workspace, files: { loaded }, choices, onProgress }: Subject,
  state: LedgerState | undefined,
): Promise<Chosen> {
  const { resources, provider } = workspace;
  const { kinds } = provider;
  const named = choices.addresses;
  const ties = await tiesOf(gathered, { account: workspace, loaded, ledger: state, named });
  const without = isEverything(choices) ? ties.without : [];
  const limited = isNew(state) ? unasked(without, loaded, kinds) : [];
  const assigned = assign(ties.gathered, {
    kinds,
    resources,
    elsewhere: loaded.elsewhere.keys(),
    ledger: state,
    addresses: named,
    tied: ties.tied,
    released: limited,
  });
  onProgress?.(`Reading ${assigned.objects.length + ties.tied.length} objects`);
  const { objects, read, isThere } = await readAll(provider, assigned.objects, ties.tied);
  if (choices.selectors.length > 0) checkThere([...assigned.objects, ...ties.tied], isThere);
  const known = { kinds, resources, ledger: state, fields: choices.fields };
  const { tied, different } = tiedAsDeclared(read.filter(isThere), known);
  return {
    assigned: {
      objects: objects.filter(isThere),
      skipped: [...assigned.skipped, ...different],
      listed: assigned.listed.filter(isThere),
    },
    tied,
    limited,
    uncreated: without.filter((one) => !limited.includes(one)).map(({ address }) => address),
  };
}

async function readAll(provider: Provider, objects: readonly Named[], tied: readonly Tied[]) {
  const found = await Promise.all([complete(provider, objects), complete(provider, tied)]);
  return { objects: found[0], read: found[1], isThere: thereAmong([...objects, ...tied], found.flat()) };
}

/** False for an object that a list showed and a read did not find, and for the objects under it. */
function thereAmong(
  wanted: readonly AccountObject[],
  found: readonly AccountObject[],
): (object: AccountObject) => boolean {
  const there = new Set(found.map(keyOf));
  const gone = new Set(wanted.map(keyOf).filter((key) => !there.has(key)));
  const parentKey = ({ kind, parent }: AccountObject) =>
    objectKey(parentRule(kind)?.to ?? "", parent?.id ?? "");
  return (object) => !gone.has(keyOf(object)) && !gone.has(parentKey(object));
}

/** Throws `SelectionError` if nothing is left of what was asked for by name. */
function checkThere(wanted: readonly AccountObject[], isThere: (object: AccountObject) => boolean): void {
  if (wanted.length === 0 || wanted.some(isThere)) return;
  const names = listed(wanted.map(({ kind, live }) => `${kind.kind} ${live.id}`));
  throw new SelectionError(`${names} ${wanted.length === 1 ? "was" : "were"} deleted in the meantime`);
}

/** The environment was never applied or pulled. */
function isNew(state: LedgerState | undefined): boolean {
  return Object.keys(state?.entries ?? {}).length === 0;
}

/** Nothing limits what is pulled. */
export function isEverything({ selectors, kinds, tags }: PullChoices): boolean {
  return selectors.length === 0 && kinds === undefined && tags.length === 0;
}

/**
 * The resources without an object in an environment that nothing there asks for. A patch of the environment asks for its
 * resource and for everything that this refers to.
 */
function unasked(
  without: readonly Resource[],
  { patched }: Pick<LoadedProject, "patched">,
  kinds: ReadonlyMap<string, Kind>,
): readonly Resource[] {
  const byAddress = new Map<string, Resource>(without.map((resource) => [resource.address, resource]));
  const asked = new Set<string>();
  const open = [...patched];
  for (let address = open.pop(); address !== undefined; address = open.pop()) {
    const resource = byAddress.get(address);
    const kind = resource === undefined ? undefined : kinds.get(resource.kind);
    if (resource === undefined || kind === undefined || asked.has(address)) continue;
    asked.add(address);
    for (const { value } of linksOf(kind, resource.spec)) if (isReference(value)) open.push(value.ref);
  }
  return without.filter(({ address }) => !asked.has(address));
}
