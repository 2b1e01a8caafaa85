import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { LiveObject } from "../../model/provider.ts";
import { didYouMean, listed } from "../../model/suggest.ts";
import { masked } from "../../schema/diagnostics/credentials/find.ts";
import { parentRule } from "../../model/object-ids.ts";
import { SEE_ALL, SelectionError, type Account } from "./account.ts";
import { accountObject, type AccountObject, inventory, ownAddress } from "./inventory.ts";
import { ownersIn } from "./owners.ts";
import { withPullAddresses } from "./pull-address.ts";
import { exactlyNamed, selectorOf } from "./selected.ts";

export interface FoundObject {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  /** As a list or a read shows it. */
  readonly live: LiveObject;
  /** It was read by its id. */
  readonly isWhole?: true;
  /** Its address in the current environment, if it has one there. */
  readonly address?: Address;
}

/**
 * The one live object that a text means: an address of the project, an id, or a name that only one object has. `kind`
 * says what it must be. Throws `SelectionError` where there is none, or more than one.
 */
export async function findObject(account: Account, text: string, kind?: Kind): Promise<FoundObject> {
  const named = selectorOf(text, account.provider.kinds.values());
  if (kind !== undefined && named.kind !== undefined && named.kind.kind !== kind.kind)
    throw new SelectionError(`${text} is not ${article(kind.nouns.one)}`);
  const known = named.kind === undefined ? undefined : await addressed(account, named.kind, named.text);
  if (known !== undefined) return known;
  const wanted = kind ?? named.kind;
  const above: AccountObject[] = [];
  const parentsOf = (_: Kind, parents: readonly AccountObject[]) => {
    above.push(...parents);
    return parents;
  };
  const objects = await inventory(account, wanted === undefined ? {} : { kinds: [wanted], parentsOf });
  const [meant = text] = withPullAddresses([...objects, ...above], [text], account.resources);
  const found = exactlyNamed(objects, meant);
  const [first, ...others] = found.length > 0 ? found : await unlisted(account, wanted, named.text);
  if (first === undefined) throw noSuchObject(text, wanted, objects);
  if (others.length > 0) throw severalObjects(text, [first, ...others]);
  return foundObject(first);
}

/**
 * The same for what an action needs: an object of the first kind that has the trait, such as `converses`. Throws
 * `SelectionError`.
 */
export async function findWith(
  account: Account,
  text: string,
  trait: (kind: Kind) => boolean,
): Promise<FoundObject> {
  const kind = [...account.provider.kinds.values()].find(trait);
  if (kind === undefined) throw new Error("no kind has the trait");
  return findObject(account, text, kind);
}

/** What messages call an object: its address, or its name where the project does not manage it. */
export function calledBy({ address, name }: FoundObject): string {
  return address ?? name;
}

/** The object of an address of the project; `undefined` where the project has no such address. */
async function addressed(account: Account, kind: Kind, name: string): Promise<FoundObject | undefined> {
  const { provider, ledger, resources } = account;
  const address: Address = `${kind.kind}/${name}`;
  const resource = resources.find((one) => one.address === address);
  const entry = (await ledger.read())?.entries[address];
  const id = entry?.id ?? resource?.lifecycle.import?.id;
  if (id === undefined) {
    if (resource === undefined) return undefined;
    throw new SelectionError(`${address} has no live object yet`, { to: "to create it", run: ["apply"] });
  }
  const live = await provider.read(kind.kind, id);
  if (live === undefined)
    throw new SelectionError(`${address} no longer has a live object: ${id} was deleted`, {
      to: "to see what apply would do",
      run: ["plan"],
    });
  return { ...foundObject(accountObject(kind, live, () => undefined)), isWhole: true, address };
}

/** Lists can lack what is new: an id of a known kind is asked for. */
async function unlisted(
  account: Account,
  kind: Kind | undefined,
  id: string,
): Promise<readonly AccountObject[]> {
  if (kind === undefined || !ID.test(id) || (parentRule(kind) !== undefined && !id.includes("/"))) return [];
  const live = await account.provider.read(kind.kind, id);
  return live === undefined ? [] : [accountObject(kind, live, await ownersIn(account))];
}

const ID = /^[\w-]+(?:\/[\w-]+)?$/;

function foundObject(object: AccountObject): FoundObject {
  const { kind, live, name } = object;
  const address = ownAddress(object);
  return { kind, id: live.id, name, live, ...(address !== undefined && { address }) };
}

function noSuchObject(text: string, kind: Kind | undefined, objects: readonly AccountObject[]): SelectionError {
  const what = kind === undefined ? "object" : kind.nouns.one;
  const known = objects.flatMap(({ name, owner }) => [
    masked(name),
    ...(owner === undefined ? [] : [owner.address]),
  ]);
  const or = didYouMean(text, known);
  const hint = { ...SEE_ALL, ...(or !== undefined && { or }) };
  return new SelectionError(`there is no ${what} with the address, id or name ${text}`, hint);
}

function severalObjects(text: string, found: readonly AccountObject[]): SelectionError {
  const ids = found.map(({ kind, live }) => `${kind.kind} ${live.id}`);
  return new SelectionError(
    `${text} is the name of ${found.length} objects: ${listed(ids)}`,
    "pass the id of one",
  );
}

function article(noun: string): string {
  return `${/^[aeiouM]/.test(noun) ? "an" : "a"} ${noun}`;
}
