import type { Kind } from "../../model/kind.ts";
import { kindNamed } from "../../model/kind-words.ts";
import type { Pointer } from "../../model/pointer.ts";
import { selectorOf } from "./selected.ts";

/** What the words after `get` ask for. */
export interface Query {
  /** Absent where the words name none. */
  readonly kinds?: readonly Kind[];
  /** The words that objects are sorted by, and not objects. */
  readonly grouping?: Grouping;
  readonly selectors: readonly string[];
}

export interface Grouping {
  /** `tag` */
  readonly one: string;
  readonly many: string;
  readonly at: (kind: Kind) => Pointer | undefined;
}

export const GROUPINGS: readonly Grouping[] = [
  { one: "tag", many: "tags", at: ({ tags }) => tags },
  { one: "suite", many: "suites", at: ({ tests }) => tests?.suite },
];

/** The first words can be kinds, also several in one, `tools,tests`; all others are selectors. */
export function queryOf(words: readonly string[], kinds: Iterable<Kind>): Query {
  const all = [...kinds];
  const [first = "", ...rest] = words;
  const grouping = GROUPINGS.find(({ one, many }) => [one, many].includes(first.toLowerCase()));
  if (grouping !== undefined) return { grouping, selectors: rest };
  const named = words.map((word) => kindsIn(word, all));
  const end = named.findIndex((found) => found === undefined);
  const [leading, selectors] = end < 0 ? [named, []] : [named.slice(0, end), words.slice(end)];
  if (leading.length === 0) return { selectors };
  return { kinds: [...new Set(leading.flatMap((found) => found ?? []))], selectors };
}

function kindsIn(word: string, all: readonly Kind[]): readonly Kind[] | undefined {
  const found = word.split(",").map((part) => kindNamed(part, all));
  return found.includes(undefined) ? undefined : found.filter((kind) => kind !== undefined);
}

/** The kinds of a query. Without words for kinds: those of the selectors, or all kinds without a parent. */
export function kindsOf({ kinds, selectors }: Query, all: Iterable<Kind>): readonly Kind[] {
  if (kinds !== undefined) return kinds;
  const known = [...all];
  const top = known.filter(({ identity }) => identity.parent === undefined);
  if (selectors.length === 0) return top;
  const named = selectors.map((selector) => selectorOf(selector, known).kind);
  const wanted = new Set([...(named.includes(undefined) ? top : []), ...named]);
  return known.filter((kind) => wanted.has(kind));
}
