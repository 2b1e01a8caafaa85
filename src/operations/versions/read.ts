import type { Json, JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import type { LiveObject } from "../../model/provider.ts";
import { isReference, type Resource } from "../../model/resource.ts";
import type { ListedVersion, VersionManifest, VersionShare } from "../../model/version-list.ts";
import { valueAt } from "../../reconcile/compare/difference.ts";
import { desiredResources, type Desired } from "../../reconcile/observe/desired.ts";
import { ownId, parentRule } from "../../model/object-ids.ts";
import { nameOf } from "../../reconcile/observe/natural-name.ts";
import { SelectionError, type Account } from "../account/account.ts";
import type { FoundObject } from "../account/find.ts";
import { otherObjects, type OtherObject } from "./elsewhere.ts";
import { ownersIn, type Owners } from "../account/owners.ts";

/** The kinds of an object that has versions: of its versions, and of its canary. */
export interface VersionKinds {
  readonly version: VersionKind;
  readonly canary: Kind | undefined;
}

type VersionKind = Kind & { readonly inherits: NonNullable<Kind["inherits"]> };

/** An object with all its versions. */
export interface Versions {
  /** The object as it was read: main. */
  readonly of: FoundObject;
  readonly kinds: VersionKinds;
  /** Main included; newest first. */
  readonly all: readonly Version[];
  readonly canary: LiveObject | undefined;
  readonly otherObject: OtherObject;
}

export interface Version extends ListedVersion {
  /** Of main the object itself, otherwise an object of the kind of versions, as the list shows it. */
  readonly live: LiveObject;
}

/** Lists the versions of an object; what was just read is not read again. Throws `SelectionError` where it is gone, or where main is not known. */
export async function versionsOf(account: Account, object: FoundObject): Promise<Versions> {
  const { provider } = account;
  // What was read for one purpose is not taken for another one later.
  const { isWhole, ...of } = object;
  const kinds = versionKinds(account, of);
  const [beside, main, canary, ownerOf, manifestOf, made, otherObject] = await Promise.all([
    provider.list(kinds.version.kind, of.id),
    isWhole === true ? of.live : provider.read(of.kind.kind, of.id),
    kinds.canary === undefined ? undefined : provider.read(kinds.canary.kind, of.id),
    ownersIn(account),
    manifestsIn(account, of, kinds.version),
    madeVersions(account, of),
    otherObjects(account, of, kinds.version),
  ]);
  if (main === undefined) throw new SelectionError(`${of.address ?? of.id} was deleted in the meantime`);
  const isOther = ({ id }: LiveObject) => ownId(id) !== main.versionId;
  const found = { of: { ...of, live: main }, kinds, canary, otherObject };
  const lookup: Lookup = { account, ownerOf, manifestOf, made };
  const all = [mainVersion(found, lookup), ...beside.filter(isOther).map((one) => version(one, found, lookup))];
  return { ...found, all: newestFirst(all) };
}

function versionKinds({ provider }: Account, { kind }: FoundObject): VersionKinds {
  const under = [...provider.kinds.values()].filter((one) => parentRule(one)?.to === kind.kind);
  const found = under.find((one): one is VersionKind => one.inherits !== undefined);
  if (found === undefined) throw new Error(`objects of kind ${kind.kind} have no versions`);
  return { version: found, canary: under.find(({ splitOf }) => splitOf !== undefined) };
}

interface Lookup {
  readonly account: Account;
  readonly ownerOf: Owners;
  readonly manifestOf: (live: LiveObject) => Resource | undefined;
  /** Versions that this project has made. */
  readonly made: ReadonlySet<string>;
}

type Found = Omit<Versions, "all">;

function mainVersion({ of, kinds }: Found, { account, ownerOf, made }: Lookup): Version {
  const { live, id, kind } = of;
  const { versionId } = live;
  if (versionId === undefined)
    throw new SelectionError(`the API does not say which version of ${of.address ?? of.name} is main`);
  const owner = ownerOf(kind.kind, id);
  const manifest = account.resources.find(({ address }) => address === of.address);
  return {
    id: versionId,
    ...about(kinds.version, live),
    isMain: true,
    isOwn: made.has(versionId),
    shares: [],
    ...(owner !== undefined && { managed: owner }),
    ...(manifest !== undefined && { manifest: placeOf(manifest) }),
    live,
  };
}

function version(live: LiveObject, { kinds, canary }: Found, { ownerOf, manifestOf, made }: Lookup): Version {
  const id = ownId(live.id);
  const owner = ownerOf(kinds.version.kind, live.id);
  const manifest = manifestOf(live);
  return {
    id,
    ...about(kinds.version, live),
    isMain: false,
    isOwn: made.has(id) || (owner !== undefined && owner.isElsewhere !== true),
    shares: sharesOf(id, kinds.canary, canary?.spec),
    ...(owner !== undefined && { managed: owner }),
    ...(manifest !== undefined && { manifest: placeOf(manifest) }),
    live,
  };
}

/** What the ledger has noted of an object, under whatever address. */
async function madeVersions({ ledger }: Account, { kind, id }: FoundObject): Promise<ReadonlySet<string>> {
  const entries = Object.values((await ledger.read())?.entries ?? {});
  const own = entries.filter((entry) => entry.kind === kind.kind && entry.id === id);
  return new Set(own.flatMap(({ madeVersions: made = [] }) => made));
}

function about({ identity }: Kind, live: LiveObject): Pick<Version, "name" | "createdAt"> {
  const name = identity.name === undefined ? undefined : valueAt(live.spec, segments(identity.name));
  // Of an object with versions, this is when the version was made.
  const createdAt = live.updatedAt ?? live.createdAt;
  return {
    ...(typeof name === "string" && name !== "" && { name }),
    ...(createdAt !== undefined && { createdAt }),
  };
}

function sharesOf(id: string, kind: Kind | undefined, spec: JsonObject | undefined): readonly VersionShare[] {
  const rules = spec === undefined ? [] : (kind?.splitOf?.(spec) ?? []);
  return rules.flatMap(({ match, shares }) =>
    shares.filter((share) => share.version === id).map(({ percent }) => ({ match, percent })),
  );
}

/**
 * The manifest that declares a version: the one that the ledger or an import ties to it, otherwise one of its name that is
 * tied to no object, as the next apply finds it.
 */
async function manifestsIn(account: Account, of: FoundObject, kind: Kind): Promise<Lookup["manifestOf"]> {
  const { resources, provider, ledger } = account;
  const entries = (await ledger.read())?.entries ?? {};
  const parent = segments(kind.identity.parent ?? "");
  const own = [...desiredResources(resources, provider.kinds).values()].filter(
    ({ resource, spec }) => resource.kind === kind.kind && isUnder(of, valueAt(spec, parent)),
  );
  const idOf = ({ address, lifecycle }: Resource) => entries[address]?.id ?? lifecycle.import?.id;
  return (live) => {
    const tied = own.find(({ resource }) => idOf(resource) === live.id);
    const isNamed = ({ resource, spec }: Desired) =>
      idOf(resource) === undefined && nameOf(kind, spec) === nameOf(kind, live.spec);
    return (tied ?? own.find(isNamed))?.resource;
  };
}

function isUnder({ id, address }: FoundObject, parent: Json | undefined): boolean {
  return isReference(parent) ? parent.ref === address : parent === id;
}

function placeOf({ address, file, line }: Resource): VersionManifest {
  return { address, file, ...(line !== undefined && { line }) };
}

/** The API lists them in this order; where it says when all of them were made, that counts. */
function newestFirst(versions: readonly Version[]): readonly Version[] {
  const time = ({ createdAt }: Version) => Date.parse(createdAt ?? "");
  if (versions.some((one) => Number.isNaN(time(one)))) return versions;
  return versions.toSorted((a, b) => time(b) - time(a));
}
