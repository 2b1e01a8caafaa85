import { linksOf } from "../../reconcile/compare/references.ts";
import { objectKey } from "../../schema/author/slugs.ts";
import type { Account } from "../account/account.ts";
import type { AccountObject } from "../account/inventory.ts";
import { readUnlisted, type Wanted } from "../account/unlisted.ts";
import type { PullChoices } from "./choices.ts";
import { byReference, isFree, withDependencies, type Gathered } from "./gather.ts";

/**
 * With objects that others refer to and that no list has, because lists are late; `undefined` where there are none. What
 * is referred to comes along.
 */
export async function withUnlisted(
  account: Account,
  gathered: Gathered,
  objects: readonly AccountObject[],
  { dependencies }: Pick<PullChoices, "dependencies">,
): Promise<Gathered | undefined> {
  const { kinds } = account.provider;
  const known = byReference(gathered.listed);
  const wanted = new Map<string, Wanted>();
  for (const { kind, live } of objects) {
    for (const { rule, value } of linksOf(kind, live.spec)) {
      const target = kinds.get(rule.to);
      if (target === undefined || target.identity.parent !== undefined || typeof value !== "string") continue;
      const key = objectKey(rule.to, value);
      if (!known.has(key)) wanted.set(key, { kind: target, id: value });
    }
  }
  const found = await readUnlisted(account, [...wanted.values()]);
  if (found.length === 0) return undefined;
  const all = [...gathered.listed, ...found];
  const chosen = dependencies ? withDependencies(gathered.chosen, all.filter(isFree)) : gathered.chosen;
  return { chosen, listed: all };
}
