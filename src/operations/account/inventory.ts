import type { IsIgnored } from "../../model/ignored.ts";
import { stringsIn } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments, type Pointer } from "../../model/pointer.ts";
import { ProviderError, type LiveObject, type Provider } from "../../model/provider.ts";
import { valueAt } from "../../reconcile/compare/difference.ts";
import { parentId, parentRule } from "../../model/object-ids.ts";
import type { Account } from "./account.ts";
import type { Owner } from "../../model/object-list.ts";
import { ownersIn, type Owners } from "./owners.ts";
import type { Address } from "../../model/address.ts";
import type { NamedObject } from "../../schema/author/slugs.ts";

/** One live object of the account, and who manages it. */
export interface AccountObject {
  readonly kind: Kind;
  /** As the list shows it, which may know less than a read by the id. */
  readonly live: LiveObject;
  /** The remote name; of an object without one, that of its parent. */
  readonly name: string;
  readonly owner?: Owner;
  /** `.rollcallignore` names it. */
  readonly isIgnored?: true;
  readonly parent?: Pick<AccountObject, "name"> & { readonly id: string };
  readonly updatedAt?: string;
  readonly tags: readonly string[];
}

export interface InventoryScope {
  /** Default: the kinds whose objects do not live under others. */
  readonly kinds?: readonly Kind[];
  /** For kinds whose objects live under others: those of the parents whose objects are listed. Default: all. */
  readonly parentsOf?: (kind: Kind, parents: readonly AccountObject[]) => readonly AccountObject[];
  /** What was listed already, of kinds whose objects do not live under others: these are not listed again. */
  readonly known?: { readonly kinds: readonly Kind[]; readonly objects: readonly AccountObject[] };
  /** Called for each kind that the key may not list, which then has no objects. Without it, that is an error. */
  readonly onDenied?: ((kind: Kind, error: ProviderError) => void) | undefined;
  /** Default: the ledgers are read. */
  readonly owners?: Promise<Owners>;
}

/**
 * Lists the objects of the account. Sends nothing but requests for lists, one list for a kind; objects that live under
 * others need the list of these, and a list for each parent.
 */
export async function inventory(
  account: Account,
  scope: InventoryScope = {},
): Promise<readonly AccountObject[]> {
  const { kinds } = account.provider;
  const wanted = scope.kinds ?? [...kinds.values()].filter(({ identity }) => identity.parent === undefined);
  const owners = scope.owners ?? ownersIn(account);
  // Prevents an unhandled rejection when a list fails first.
  owners.catch(() => undefined);
  const lists = new Map<string, Promise<readonly AccountObject[]>>();
  const listed = (kind: Kind): Promise<readonly AccountObject[]> => {
    const known = lists.get(kind.kind) ?? before(kind, scope) ?? list(kind);
    lists.set(kind.kind, known);
    return known;
  };
  const list = async (kind: Kind): Promise<readonly AccountObject[]> => {
    const parentKind = kinds.get(parentRule(kind)?.to ?? "");
    const { provider } = account;
    if (parentKind === undefined) {
      const [objects, known] = await Promise.all([allowed(provider, kind, scope), owners]);
      return objects.map((live) => accountObject(kind, live, known));
    }
    const all = await listed(parentKind);
    const parents = scope.parentsOf?.(kind, all) ?? all;
    return (await Promise.all(parents.map((parent) => under(account, kind, { parent, owners })))).flat();
  };
  return (await Promise.all(wanted.map(listed))).flat().map((object) => marked(object, account.isIgnored));
}

function before(kind: Kind, { known }: InventoryScope): Promise<readonly AccountObject[]> | undefined {
  if (known === undefined || kind.identity.parent !== undefined || !known.kinds.includes(kind))
    return undefined;
  return Promise.resolve(known.objects.filter((object) => object.kind === kind));
}

/** An object can be ignored by its remote name and by its address. */
export function marked(object: AccountObject, isIgnored: IsIgnored = () => false): AccountObject {
  const { kind, name, owner } = object;
  const names = owner === undefined ? [name] : [name, owner.address.slice(kind.kind.length + 1)];
  if (!names.some((one) => isIgnored(kind.kind, one))) return object;
  return Object.assign({}, object, { isIgnored: true as const });
}

/** The objects of a kind that live under another object. */
export async function under(
  { provider }: Account,
  kind: Kind,
  { parent, owners }: { readonly parent: AccountObject; readonly owners: Promise<Owners> },
): Promise<readonly AccountObject[]> {
  const { id } = parent.live;
  const found =
    kind.identity.singleton === true
      ? [await provider.read(kind.kind, id)]
      : await childrenOf(provider, kind, id);
  const ownerOf = await owners;
  return found.flatMap((live) => (live === undefined ? [] : [accountObject(kind, live, ownerOf, parent)]));
}

async function allowed(
  provider: Provider,
  kind: Kind,
  { onDenied }: InventoryScope,
): Promise<readonly LiveObject[]> {
  return provider.list(kind.kind).catch((error: unknown) => {
    const isDenied = error instanceof ProviderError && error.failure.reason === "permission";
    if (!isDenied || onDenied === undefined) throw error;
    onDenied(kind, error);
    return [];
  });
}

/** The children of an object; none if it was deleted in the meantime. */
async function childrenOf(provider: Provider, { kind }: Kind, parent: string): Promise<readonly LiveObject[]> {
  return provider.list(kind, parent).catch((error: unknown) => {
    if (error instanceof ProviderError && error.failure.reason === "not-found") return [];
    throw error;
  });
}

/** A live object with what the project knows of it. */
export function accountObject(
  kind: Kind,
  live: LiveObject,
  ownerOf: Owners,
  parent?: AccountObject,
): AccountObject {
  const owner = ownerOf(kind.kind, live.id);
  const own = textAt(live, kind.identity.name);
  const above = parentId(kind, live.id);
  const tags = kind.tags === undefined ? undefined : valueAt(live.spec, segments(kind.tags));
  return {
    kind,
    live,
    name: own ?? (kind.identity.singleton === true ? parent?.name : undefined) ?? live.id,
    ...(owner !== undefined && { owner }),
    ...(above !== undefined && { parent: { id: above, name: parent?.name ?? above } }),
    ...(live.updatedAt !== undefined && { updatedAt: live.updatedAt }),
    tags: stringsIn(tags),
  };
}

/** Its address in the current environment, if it is managed there. */
export function ownAddress({ owner }: Pick<AccountObject, "owner">): Address | undefined {
  return owner?.isElsewhere === true ? undefined : owner?.address;
}

/** The object as one that gets a name for its address. */
export function namedObject(object: AccountObject): NamedObject {
  const { kind, live, name } = object;
  const owner = ownAddress(object);
  return { kind, id: live.id, name, ...(owner !== undefined && { owner }) };
}

function textAt({ spec }: LiveObject, at: Pointer | undefined): string | undefined {
  const value = at === undefined ? undefined : valueAt(spec, segments(at));
  return typeof value === "string" && value !== "" ? value : undefined;
}
