import { sorted, stringify, type Json } from "../model/json.ts";
import type { Intent, LedgerEntry, LedgerState } from "../model/ledger.ts";

/** A value as it is hashed and as it is saved. */
export interface Texts {
  readonly compact: string;
  /** With the margin of where it stands, except before its first line. */
  readonly pretty: string;
}

/**
 * Of what stays the same from commit to commit, for as long as it is in use: the effort for a commit goes with what it
 * changes and not with all that the ledger holds. They never change, each stands at one depth only.
 */
const entryTexts = new WeakMap<LedgerEntry, Texts>();
const intentTexts = new WeakMap<Intent, Texts>();

export function entriesTexts(entries: LedgerState["entries"]): Texts {
  const keys = Object.keys(entries).sort() as (keyof typeof entries)[];
  const members = keys.flatMap((key) => {
    const entry = entries[key];
    return entry === undefined ? [] : [[key, kept(entryTexts, entry, 4)] as const];
  });
  return objectTexts(Object.fromEntries(members), 2);
}

export function intentsTexts(intents: readonly Intent[]): Texts {
  const items = intents.map((intent) => kept(intentTexts, intent, 4));
  const lines = items.map(({ pretty }) => `    ${pretty}`).join(",\n");
  return {
    compact: `[${items.map(({ compact }) => compact).join(",")}]`,
    pretty: items.length === 0 ? "[]" : `[\n${lines}\n  ]`,
  };
}

/** One line of JSON with sorted keys, `undefined` is left out. */
export function compactText(value: Readonly<Record<string, Json>>): string {
  return stringify(sorted(value));
}

/** An object of members that are in order already; `margin` is that of its own line. */
export function objectTexts(members: Readonly<Record<string, Texts>>, margin: number): Texts {
  const pairs = Object.entries(members).map(([key, value]) => [JSON.stringify(key), value] as const);
  if (pairs.length === 0) return { compact: "{}", pretty: "{}" };
  const [inner, outer] = [" ".repeat(margin + 2), " ".repeat(margin)];
  return {
    compact: `{${pairs.map(([key, { compact }]) => `${key}:${compact}`).join(",")}}`,
    pretty: `{\n${pairs.map(([key, { pretty }]) => `${inner}${key}: ${pretty}`).join(",\n")}\n${outer}}`,
  };
}

export function texts(value: Json, margin: number): Texts {
  const canonical = sorted(value);
  // No text in JSON holds a line end of its own.
  const pretty = stringify(canonical, 2).replaceAll("\n", `\n${" ".repeat(margin)}`);
  return { compact: stringify(canonical), pretty };
}

function kept<T extends object>(known: WeakMap<T, Texts>, value: T, margin: number): Texts {
  const found = known.get(value) ?? texts(value as unknown as Json, margin);
  known.set(value, found);
  return found;
}
