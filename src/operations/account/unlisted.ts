import type { Kind } from "../../model/kind.ts";
import { ProviderError, type LiveObject, type Provider } from "../../model/provider.ts";
import type { Account } from "./account.ts";
import { accountObject, marked, type AccountObject } from "./inventory.ts";
import { ownersIn } from "./owners.ts";
import { selectorOf } from "./selected.ts";

/** An object that may exist, although no list has it. */
export interface Wanted {
  readonly kind: Kind;
  readonly id: string;
}

/** Texts that are probably ids and not names. */
const ID = /^(?=.*\d)[\w-]{16,}$/;

/** Objects that are named by their ids, alone or behind a kind. Lists can lack what is new. */
export function readNamed(
  account: Account,
  selectors: readonly string[],
  kinds: readonly Kind[],
): Promise<readonly AccountObject[]> {
  const tops = kinds.filter(({ identity }) => identity.parent === undefined);
  const wanted = selectors.flatMap((selector) => {
    const { kind: named, text } = selectorOf(selector, kinds);
    if (!ID.test(text)) return [];
    return tops.filter((kind) => named === undefined || named === kind).map((kind) => ({ kind, id: text }));
  });
  return readUnlisted(account, wanted);
}

/** Reads the objects; returns those that exist. */
export async function readUnlisted(
  account: Account,
  wanted: readonly Wanted[],
): Promise<readonly AccountObject[]> {
  if (wanted.length === 0) return [];
  const ownerOf = await ownersIn(account);
  const read = wanted.map(async ({ kind, id }) => {
    const live = await readIfAny(account.provider, kind, id);
    return live === undefined ? [] : [marked(accountObject(kind, live, ownerOf), account.isIgnored)];
  });
  return (await Promise.all(read)).flat();
}

/** The API can refuse a text that is no id. */
async function readIfAny({ read }: Provider, { kind }: Kind, id: string): Promise<LiveObject | undefined> {
  try {
    return await read(kind, id);
  } catch (error) {
    if (error instanceof ProviderError && error.failure.reason === "invalid") return undefined;
    throw error;
  }
}
