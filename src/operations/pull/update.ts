import { COMPARING } from "../../model/plan-choices.ts";
import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { Fact, LedgerEntry, LedgerState } from "../../model/ledger.ts";
import type { PathChange, Plan, ResourceDrift } from "../../model/plan.ts";
import { segments } from "../../model/pointer.ts";
import { property, type JsonObject } from "../../model/json.ts";
import type { AdoptedPath, LeftOut } from "../../model/proposal.ts";
import type { Obstacle } from "../../model/pull-result.ts";
import { isReference, type Resource } from "../../model/resource.ts";
import { holdsDigest } from "../../model/secret-digest.ts";
import { taken } from "../../reconcile/compare/by-path.ts";
import { valueAt } from "../../reconcile/compare/difference.ts";
import { hintsOf } from "../../reconcile/compare/hints.ts";
import { redacted } from "../../reconcile/compare/redact.ts";
import { desiredResources } from "../../reconcile/observe/desired.ts";
import { planIn } from "../plan.ts";
import { adoptPaths } from "../propose.ts";
import { leftPath, secretObstacle, sorted, type Sorted } from "../propose/leftovers.ts";
import { overlap } from "../propose/paths.ts";
import { resolved } from "../propose/rewrites.ts";
import type { Workspace } from "../workspace.ts";
import { openChange } from "./check.ts";
import type { PullFiles } from "./files.ts";
import { withNewLists } from "./new-lists.ts";

/** What was changed live since the ledger has seen it, in the texts of the manifests. */
export interface Update {
  readonly plan: Plan;
  readonly texts: ReadonlyMap<string, string>;
  readonly adopted: readonly AdoptedPath[];
  readonly left: readonly LeftOut[];
}

interface UpdateInput {
  readonly workspace: Workspace;
  readonly files: PullFiles;
  readonly ledger: LedgerState | undefined;
  /** The resources that are looked at. */
  readonly only: ReadonlySet<Address>;
}

/**
 * Compares manifests, ledger and every object, and takes what was changed live alone. Writes nothing.
 */
export async function updateOf({ workspace, files, ledger, only }: UpdateInput): Promise<Update> {
  const choices = { ...COMPARING, only };
  const reading = {
    childScope: "written",
    reading: { mode: "each" },
    otherEnvironments: false,
    pending: false,
  } as const;
  const plan = await planIn({ workspace, choices, ledger }, reading);
  const { kinds } = workspace.provider;
  const reload = (texts: ReadonlyMap<string, string> = new Map()) => files.reload(texts, () => true);
  const changes = liveChanges(plan, kinds, desiredResources(workspace.resources, kinds));
  const kept = keptByHeirs(plan, workspace, changes.wanted);
  const wanted = new Map([...changes.wanted].map(([at, paths]) => [at, [...paths, ...(kept.get(at) ?? [])]]));
  for (const [address, paths] of kept) if (!wanted.has(address)) wanted.set(address, [...paths]);
  const start = { ...changes, wanted };
  const { loaded, otherEnvironments, taken: paths } = files;
  const draft = await adoptPaths({ kinds, plan, loaded, reload, otherEnvironments, taken: () => paths }, start);
  const isKept = ({ address, path }: AdoptedPath) =>
    kept.get(address)?.some((one) => one.path === path) === true;
  return { plan, ...draft, adopted: draft.adopted.filter((one) => !isKept(one)) };
}

/**
 * What inherits a value that changes keeps its own: it must declare that from now on. A path that was changed there, too,
 * is not kept.
 */
function keptByHeirs(
  plan: Plan,
  { resources, provider }: Workspace,
  wanted: Sorted["wanted"],
): ReadonlyMap<Address, readonly PathChange[]> {
  const kept = new Map<Address, readonly PathChange[]>();
  for (const { address, kind: name, spec } of resources) {
    const inherits = provider.kinds.get(name)?.inherits;
    const parent = inherits === undefined ? undefined : property(spec, segments(inherits.from)[0] ?? "");
    if (inherits === undefined || !isReference(parent)) continue;
    const own = new Set((wanted.get(address) ?? []).map(({ path }) => path));
    const paths = (wanted.get(parent.ref) ?? [])
      .map((change): PathChange => Object.assign({}, change, { path: `${inherits.into}${change.path}` }))
      .filter(({ path }) => !own.has(path) && isInherited(plan, address, spec, path));
    if (paths.length > 0) kept.set(address, paths);
  }
  return kept;
}

/** The object has a value there, and its manifest does not say which. */
function isInherited({ changes }: Plan, address: Address, spec: JsonObject, path: string): boolean {
  const live = changes.find((change) => change.address === address)?.before;
  const at = segments(path);
  return valueAt(live, at) !== undefined && valueAt(spec, at) === undefined;
}

/** The drift of a plan, and with it what was changed live and no manifest declares. */
function liveChanges(
  plan: Plan,
  kinds: ReadonlyMap<string, Kind>,
  desired: ReturnType<typeof desiredResources>,
): Sorted {
  const { wanted, left } = sorted({ ...plan, drift: plan.drift.map(ofLive) }, kinds);
  const all = new Map(wanted);
  const secret: LeftOut[] = [];
  for (const { address, kind: name, what, unmanaged } of plan.drift) {
    const kind = kinds.get(name);
    const own = plan.changes.find((change) => change.address === address && change.file !== undefined);
    if (kind === undefined || what !== "changed" || own === undefined) continue;
    const changed = unmanaged.filter((change) => isDeclarable(change, kind));
    secret.push(...unmanaged.filter(looksSecret).map((change) => leftPath(address, change, UNDECLARED)));
    const sides = { live: own.before, declared: desired.get(address)?.spec };
    const fresh = withNewLists(changed, kind, sides, plan).filter((change) => isDeclarable(change, kind));
    if (fresh.length > 0) all.set(address, [...(all.get(address) ?? []), ...fresh]);
  }
  const isTold = (address: Address) => all.has(address) || secret.some((one) => one.address === address);
  const isAboutMain = ({ address, path }: LeftOut) => path === undefined && isTold(address);
  const known = left.filter((one) => one.finding !== "changed" || !isAboutMain(one));
  return { wanted: all, left: [...known, ...secret] };
}

const UNDECLARED = {
  reason: "it looks like a secret, and manifests contain no secrets",
  hint: "it is not declared, and keeps its live value; store it as an integration secret, and name that in the manifest",
};

/** In a field that is not one for secrets. */
function looksSecret(change: PathChange): boolean {
  return change.sensitive !== true && holdsDigest(change.before);
}

/** Of an observed resource, what differs by the manifest alone counts as drift, too. */
function ofLive(drift: ResourceDrift): ResourceDrift {
  const changes = drift.changes.filter((change) => change.class === "drift" || change.class === "conflict");
  return changes.length === drift.changes.length ? drift : { ...drift, changes };
}

/** Nothing that is gone, secret, or made by the server. */
function isDeclarable(change: PathChange, kind: Kind): boolean {
  if (change.before === undefined || secretObstacle(change) !== undefined) return false;
  let at = hintsOf(kind);
  return !segments(change.path).some((segment) => {
    at = at.child(segment);
    return at.hint.serverSet === true || at.hint.generated === true || at.hint.local === true;
  });
}

/** What the ledger learns: at the paths that were taken, the manifest says what is live. All else stays as it was. */
export function updateFacts(
  { plan, adopted, left }: Update,
  resources: readonly Resource[],
  kinds: ReadonlyMap<string, Kind>,
  entries: Readonly<Record<Address, LedgerEntry>>,
): readonly Fact[] {
  const desired = desiredResources(resources, kinds);
  return [...new Set(adopted.map(({ address }) => address))].flatMap((address): readonly Fact[] => {
    const [entry, one] = [entries[address], desired.get(address)];
    const kind = entry === undefined ? undefined : kinds.get(entry.kind);
    const live = plan.changes.find((change) => change.address === address)?.before;
    if (entry === undefined || one === undefined || kind === undefined || live === undefined) return [];
    const hints = hintsOf(kind);
    const paths = adopted.filter((path) => path.address === address).map(({ path }) => segments(path));
    const declared = redacted(resolved(kind, one.spec, plan), hints);
    const isWhole = !left.some((other) => other.address === address);
    const main = plan.drift.find((drift) => drift.address === address)?.version?.after;
    const next = {
      ...entry,
      applied: taken(entry.applied, declared, paths, hints),
      observed: taken(entry.observed, live, paths, hints),
      ...(isWhole && main !== undefined && { versionId: main }),
    };
    return [{ fact: "observed", address, entry: next }];
  });
}

/** Adopted values that an apply would still change. */
export function unsettledUpdate({ adopted }: Update, plan: Plan): readonly Obstacle[] {
  const open = new Map(plan.changes.map(({ address, changes }) => [address, changes]));
  return adopted.flatMap(({ address, path, label }) => {
    const change = open.get(address)?.find((one) => overlap(segments(one.path), segments(path)));
    return change === undefined ? [] : [openChange(address, { ...change, label })];
  });
}
