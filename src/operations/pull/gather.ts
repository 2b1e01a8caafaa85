import type { Kind } from "../../model/kind.ts";
import { linksOf } from "../../reconcile/compare/references.ts";
import { ownId, parentId, parentRule, referenceId } from "../../model/object-ids.ts";
import { objectKey } from "../../schema/author/slugs.ts";
import { nothingNamed, type Account } from "../account/account.ts";
import { accountObject, inventory, marked, under, type AccountObject } from "../account/inventory.ts";
import { ownersIn, type Owners } from "../account/owners.ts";
import { withPullAddresses } from "../account/pull-address.ts";
import { readNamed } from "../account/unlisted.ts";
import { selected, selectorOf, unmatched } from "../account/selected.ts";
import type { PullChoices } from "./choices.ts";

/** The objects that a pull is about, those of other environments included. */
export interface Gathered {
  readonly chosen: readonly AccountObject[];
  /** Every object that was listed, for references to what is not chosen. */
  readonly listed: readonly AccountObject[];
}

/** Lists the account and chooses. Throws `SelectionError` for a selector that names nothing. */
export async function gather(account: Account, choices: PullChoices): Promise<Gathered> {
  const kinds = [...account.provider.kinds.values()];
  const tops = kinds.filter(({ identity }) => identity.parent === undefined);
  const named = nestedKinds(choices, kinds);
  const owners = ownersIn(account);
  const isWanted = ({ kind }: Pick<AccountObject, "kind">) => choices.kinds?.includes(kind) ?? true;
  const known = await inventory(account, { kinds: [...tops, ...named], owners });
  const lost = unmatched(known, choices.selectors);
  const listed = [...known, ...(await readNamed(account, lost, choices.kinds ?? tops))];
  const candidates = listed.filter(isWanted).filter(isFree);
  const selectors = withPullAddresses(candidates, choices.selectors, account.resources);
  const missing = unmatched(candidates, selectors);
  if (missing.length > 0) throw nothingNamed(missing);
  const first = selected(candidates, selectors, {
    tags: choices.tags,
    ...(choices.unmanaged && { managed: false }),
  });
  return withChildren({ account, owners }, { chosen: first, listed }, choices);
}

/** With what the chosen objects refer to and what lives under them, and what that refers to. */
async function withChildren(known: Known, gathered: Gathered, choices: PullChoices): Promise<Gathered> {
  let { chosen, listed } = gathered;
  const seen = new Set<AccountObject>();
  for (;;) {
    if (choices.dependencies) chosen = withDependencies(chosen, listed.filter(isFree));
    const fresh = chosen.filter((object) => !seen.has(object));
    if (fresh.length === 0) return { chosen, listed };
    for (const object of fresh) seen.add(object);
    const children = (await childrenOf(known, fresh, choices))
      .map((child) => marked(child, known.account.isIgnored))
      .filter(isFree);
    listed = unique([...listed, ...children]);
    const keys = new Set(children.map(keyOf));
    chosen = unique([...chosen, ...listed.filter((object) => keys.has(keyOf(object)))]);
  }
}

/** `.rollcallignore` does not name it. */
export function isFree({ isIgnored }: AccountObject): boolean {
  return isIgnored !== true;
}

export function keyOf({ kind, live }: Pick<AccountObject, "kind" | "live">): string {
  return objectKey(kind.kind, live.id);
}

/** Kinds whose objects live under others, where somebody asked for them by name. */
function nestedKinds({ selectors, kinds = [] }: PullChoices, all: readonly Kind[]): readonly Kind[] {
  const words = selectors.flatMap((selector) => selectorOf(selector, all).kind ?? []);
  return [...new Set([...words, ...kinds])].filter(({ identity }) => identity.parent !== undefined);
}

interface Known {
  readonly account: Account;
  readonly owners: Promise<Owners>;
}

/** The objects under the chosen ones: of those that may have many, only what the single ones refer to, or all. */
async function childrenOf(
  { account, owners }: Known,
  parents: readonly AccountObject[],
  { versions, kinds: asked }: PullChoices,
): Promise<readonly AccountObject[]> {
  if (versions === "none" || asked !== undefined) return [];
  const nested = [...account.provider.kinds.values()].filter(({ identity }) => identity.parent !== undefined);
  const kinds = versions === "all" ? nested : nested.filter(({ identity }) => identity.singleton === true);
  const lists = kinds.flatMap((kind) =>
    parents
      .filter((parent) => parent.kind.kind === parentRule(kind)?.to)
      .map((parent) => under(account, kind, { parent, owners })),
  );
  const found = (await Promise.all(lists)).flat();
  return versions === "all" ? found : [...found, ...(await servedBy({ account, owners }, found))];
}

/** The siblings that objects refer to, such as the versions of a canary. */
async function servedBy(
  { account: { provider }, owners }: Known,
  objects: readonly AccountObject[],
): Promise<readonly AccountObject[]> {
  const ownerOf = await owners;
  const wanted = new Map<string, { readonly kind: Kind; readonly id: string; readonly parent: string }>();
  for (const { kind, live } of objects) {
    const parent = parentId(kind, live.id);
    for (const { rule, value } of linksOf(kind, live.spec)) {
      const sibling = provider.kinds.get(rule.to);
      if (parent === undefined || sibling === undefined || typeof value !== "string") continue;
      if (sibling.identity.parent === undefined || parentRule(sibling)?.to !== parentRule(kind)?.to) continue;
      const id = `${parent}/${value}`;
      wanted.set(objectKey(sibling.kind, id), { kind: sibling, id, parent });
    }
  }
  const read = [...wanted.values()].map(async ({ kind, id, parent }) => {
    const live = await provider.read(kind.kind, id);
    const above = objects.find((object) => parentId(object.kind, object.live.id) === parent);
    // Main is the parent itself.
    if (live === undefined || live.versionId === ownId(live.id)) return [];
    const name = above?.parent?.name ?? above?.name ?? parent;
    return [{ ...accountObject(kind, live, ownerOf), parent: { id: parent, name } }];
  });
  return (await Promise.all(read)).flat();
}

/** With everything that they refer to, and what that refers to. */
export function withDependencies(
  chosen: readonly AccountObject[],
  all: readonly AccountObject[],
): readonly AccountObject[] {
  const targets = byReference(all);
  const found = new Map(chosen.map((object) => [keyOf(object), object]));
  const open = [...chosen];
  for (let object = open.pop(); object !== undefined; object = open.pop()) {
    for (const { rule, value } of linksOf(object.kind, object.live.spec)) {
      const target = typeof value === "string" ? targets.get(objectKey(rule.to, value)) : undefined;
      if (target === undefined || found.has(keyOf(target))) continue;
      found.set(keyOf(target), target);
      open.push(target);
    }
  }
  return [...found.values()];
}

/** Objects by their kinds and what others hold to refer to them. */
export function byReference<T extends AccountObject>(objects: readonly T[]): ReadonlyMap<string, T> {
  const referred = objects.flatMap((object) => {
    const id = referenceId(object.kind, object.live.id);
    return id === undefined ? [] : [[objectKey(object.kind.kind, id), object] as const];
  });
  return new Map(referred);
}

function unique(objects: readonly AccountObject[]): readonly AccountObject[] {
  return [...new Map(objects.map((object) => [keyOf(object), object])).values()];
}
