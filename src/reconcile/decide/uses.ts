import type { Address } from "../../model/address.ts";
import type { Json } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { LiveObject } from "../../model/provider.ts";
import type { Decision } from "./decide.ts";
import { grouped } from "../../model/grouped.ts";
import { parentId } from "../../model/object-ids.ts";
import { linksOf, type Link } from "../compare/references.ts";

/** A live object about which nothing is decided. */
export interface Other {
  readonly kind: Kind;
  readonly object: LiveObject;
  /** Absent where nobody declares it. */
  readonly address?: Address;
}

/** Which objects refer to an id after the apply. */
export interface Uses {
  readonly users: ReadonlyMap<Json, readonly Decision[]>;
  readonly strangers: ReadonlyMap<Json, readonly Other[]>;
}

export function usesIn(decisions: readonly Decision[], others: readonly Other[]): Uses {
  const goes = decisions.filter(({ action }) => action === "delete" || action === "replace");
  if (goes.length === 0) return { users: new Map(), strangers: new Map() };
  const deleted = new Set(
    decisions.flatMap(({ action, match }) => (action === "delete" ? [match.live?.id] : [])),
  );
  const stays = decisions.filter(({ action }) => action !== "delete");
  const strangers = others.filter(({ kind, object }) => {
    const parent = parentId(kind, object.id);
    return parent === undefined || !deleted.has(parent);
  });
  return {
    users: holdersOf(stays, ({ match, comparison, spec }) => {
      const held = comparison?.target ?? spec ?? match.live?.spec;
      return held === undefined ? [] : linksOf(match.kind, held);
    }),
    strangers: holdersOf(strangers, ({ kind, object }) => linksOf(kind, object.spec)),
  };
}

function holdersOf<T>(
  all: readonly T[],
  linksIn: (one: T) => readonly Link[],
): ReadonlyMap<Json, readonly T[]> {
  const held = all.flatMap((one) =>
    [...new Set(linksIn(one).map(({ value }) => value))].map((value) => ({ value, one })),
  );
  const groups = [...grouped(held, ({ value }) => value)];
  return new Map(groups.map(([value, holders]) => [value, holders.map(({ one }) => one)]));
}
