import type { Address } from "../../model/address.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerState } from "../../model/ledger.ts";
import { parentId } from "../../model/object-ids.ts";
import { objectKey } from "../../schema/author/slugs.ts";
import { nothingNamed, SelectionError, type Account } from "./account.ts";
import { inventory, type AccountObject, type InventoryScope } from "./inventory.ts";
import { kindsOf, type Query } from "./query.ts";
import { withPullAddresses } from "./pull-address.ts";
import { readNamed } from "./unlisted.ts";
import { selected, selectorOf, unmatched, type Filters } from "./selected.ts";

/**
 * The objects that a query asks for. For a kind whose objects live under others, a selector can name the parent:
 * `versions Assistant/front-desk`. Throws `SelectionError` for a selector that names nothing. `onDenied` is called for
 * each kind that the key may not list.
 */
export async function collect(
  account: Account,
  query: Query,
  filters: Filters = {},
  onDenied?: InventoryScope["onDenied"],
): Promise<Collected> {
  const all = [...account.provider.kinds.values()];
  const kinds = kindsOf(query, all);
  const isNested = kinds.some(({ identity }) => identity.parent !== undefined);
  const state = isNested && query.selectors.length > 0 ? await account.ledger.read() : undefined;
  const search: Search = { query, all, state, parents: new Set(), seen: new Set() };
  const above = new Set<AccountObject>();
  const objects = await inventory(account, {
    kinds,
    onDenied,
    parentsOf: (kind, parents) => {
      for (const parent of parents) above.add(parent);
      return chooseParents(search, kind, parents);
    },
  });
  const open = query.selectors.filter((selector) => !search.seen.has(selector));
  const found = withPullAddresses([...new Set([...objects, ...above])], open, account.resources);
  const selectors = [...search.seen, ...found];
  const named = kinds.flatMap((kind) =>
    namedOfKind({ ...search, query: { ...query, selectors } }, kind, objects),
  );
  const missing = unmatched(objects, found);
  const others =
    missing.length === 0
      ? []
      : [
          ...(await byWholeId(account, query, missing, { kinds, objects })),
          ...(await readNamed(account, missing, query.kinds ?? all)),
        ];
  const lost = unmatched(others, missing);
  if (lost.length > 0) throw nothingNamed(lost);
  return { objects: selected([...named, ...others], [], filters), listed: objects };
}

export interface Collected {
  readonly objects: readonly AccountObject[];
  /** All that was listed of the kinds that were asked for. */
  readonly listed: readonly AccountObject[];
}

interface Search {
  readonly query: Query;
  readonly all: readonly Kind[];
  readonly state: LedgerState | undefined;
  /** The kind whose objects are wanted with the id of their parent, by `objectKey`. */
  readonly parents: Set<string>;
  /** Selectors that name a parent. */
  readonly seen: Set<string>;
}

/** Of selectors without words for kinds, only those that begin with a kind can mean objects under others. */
function selectorsFor({ query, all }: Search, kind: Kind): readonly string[] {
  if (query.kinds !== undefined || kind.identity.parent === undefined) return query.selectors;
  return query.selectors.filter((selector) => selectorOf(selector, all).kind === kind);
}

/** The parents whose objects are listed: those that are named, and those of objects that are named. */
function chooseParents(
  search: Search,
  kind: Kind,
  parents: readonly AccountObject[],
): readonly AccountObject[] {
  const selectors = selectorsFor(search, kind);
  const named = new Set(selected(parents, selectors));
  const open = unmatched(parents, selectors);
  for (const selector of selectors) if (!open.includes(selector)) search.seen.add(selector);
  for (const { live } of named) search.parents.add(objectKey(kind.kind, live.id));
  const ids = new Set(open.map((selector) => parentIn(search, kind, selector)));
  if (ids.has(undefined)) return parents;
  return parents.filter((parent) => named.has(parent) || ids.has(parent.live.id));
}

/** The id of the parent of an object that is named by its address or by its whole id. */
function parentIn({ all, state }: Search, kind: Kind, selector: string): string | undefined {
  const { kind: named, text } = selectorOf(selector, all);
  const address: Address = `${kind.kind}/${text}`;
  const entry = named === kind ? state?.entries[address] : undefined;
  if (entry !== undefined) return parentId(kind, entry.id);
  return text.includes("/") ? parentId(kind, text) : undefined;
}

function namedOfKind(search: Search, kind: Kind, objects: readonly AccountObject[]): readonly AccountObject[] {
  const ofKind = objects.filter((object) => object.kind === kind);
  const selectors = selectorsFor(search, kind);
  if (search.query.selectors.length === 0) return ofKind;
  const named = new Set(selectors.length === 0 ? [] : selected(ofKind, selectors));
  const isUnder = ({ parent }: AccountObject) =>
    parent !== undefined && search.parents.has(objectKey(kind.kind, parent.id));
  return ofKind.filter((object) => named.has(object) || isUnder(object));
}

const WHOLE_ID = /^[^/]+\/[^/]+$/;

/** Objects that live under others, by ids such as `parent-id/own-id`. */
async function byWholeId(
  account: Account,
  { kinds }: Query,
  selectors: readonly string[],
  known: InventoryScope["known"],
): Promise<readonly AccountObject[]> {
  const ids = selectors.filter((selector) => WHOLE_ID.test(selector));
  if (kinds !== undefined || ids.length === 0) return [];
  const nested = [...account.provider.kinds.values()].filter(
    ({ identity }) => identity.parent !== undefined && identity.singleton !== true,
  );
  const found = await inventory(account, {
    kinds: nested,
    ...(known !== undefined && { known }),
    parentsOf: (kind, parents) =>
      parents.filter(({ live }) => ids.some((id) => parentId(kind, id) === live.id)),
  });
  return found.filter(({ live }) => ids.includes(live.id));
}

/** What is listed, with what the objects can refer to: of kinds that live under others, only beside the objects. */
export async function withReferred(
  account: Account,
  objects: readonly AccountObject[],
  { listed, kinds: known }: { readonly listed: readonly AccountObject[]; readonly kinds: readonly Kind[] },
): Promise<readonly AccountObject[]> {
  const to = new Set(objects.flatMap(({ kind }) => kind.references.map((rule) => rule.to)));
  const all = [...account.provider.kinds.values()];
  const kinds = all.filter((kind) => to.has(kind.kind) && !known.includes(kind));
  if (kinds.length === 0) return listed;
  const parents = new Set(objects.flatMap(({ kind, live }) => parentId(kind, live.id) ?? []));
  const parentsOf = (_: Kind, found: readonly AccountObject[]) =>
    found.filter(({ live }) => parents.has(live.id));
  const before = { kinds: known, objects: listed };
  return [...listed, ...(await inventory(account, { kinds, parentsOf, known: before }))];
}

/**
 * The same objects, each read by its id. A deleted one is left out; if it was selected by name, `SelectionError` is
 * thrown.
 */
export async function readAgain(
  { provider }: Account,
  objects: readonly AccountObject[],
  isNamed: boolean,
): Promise<readonly AccountObject[]> {
  const read = objects.map(async (object): Promise<readonly AccountObject[]> => {
    const live = await provider.read(object.kind.kind, object.live.id);
    if (live !== undefined) return [{ ...object, live }];
    if (isNamed)
      throw new SelectionError(`${object.owner?.address ?? object.name} was deleted in the meantime`);
    return [];
  });
  return (await Promise.all(read)).flat();
}
