import { equal, isObject, type JsonObject } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import { segments } from "../../model/pointer.ts";
import type { LiveObject } from "../../model/provider.ts";
import { taken } from "../compare/by-path.ts";
import { canonical } from "../compare/canonical.ts";
import { differences } from "../compare/difference.ts";
import { hintsOf } from "../compare/hints.ts";
import type { Match } from "./match.ts";
import { declares } from "../compare/threeway.ts";

/**
 * How far lists are trusted. `each`: every managed object is read by its id. `sample`: some are, chosen by `turn`. `lists`: only
 * those that the lists lack.
 */
export type Reading = { readonly mode: "each" | "lists" } | { readonly mode: "sample"; readonly turn: number };

/**
 * Objects that are read by id so that every declared top-level field of the kind is looked at once at least. `turn`
 * says which one comes first; the others are those that cover the most.
 */
export function sampleOf(kind: Kind, matches: readonly Match[], turn: number): readonly LiveObject[] {
  const known = matches.flatMap(({ live, desired, entry }) =>
    live === undefined ? [] : [{ live, fields: fieldsOf(kind, desired?.spec ?? entry?.applied ?? {}) }],
  );
  const start = known.length === 0 ? 0 : turn % known.length;
  const [first, ...rest] = [...known.slice(start), ...known.slice(0, start)];
  if (first === undefined) return [];
  const sample = [first.live];
  const open = new Set(rest.flatMap(({ fields }) => fields));
  for (const field of first.fields) open.delete(field);
  while (open.size > 0) {
    const count = ({ fields }: (typeof known)[number]) => fields.filter((field) => open.has(field)).length;
    const next = rest.reduce((best, one) => (count(one) > count(best) ? one : best));
    sample.push(next.live);
    for (const field of next.fields) open.delete(field);
  }
  return sample;
}

/** The top-level fields; if most fields of a kind are in one block, the fields of that block. */
function fieldsOf({ inherits }: Kind, spec: JsonObject): readonly string[] {
  const into = inherits === undefined ? undefined : segments(inherits.into)[0];
  return Object.entries(spec).flatMap(([key, value]) =>
    key === into && isObject(value) ? Object.keys(value).map((inner) => `${key}/${inner}`) : [key],
  );
}

/** What a list and a read of the same object say differently. */
export interface Disagreement {
  /** The list shows an object that is gone, another main version, or another value in a field that somebody declares. */
  readonly isSerious: boolean;
  /** The name differs, so a match by name may be wrong. */
  readonly isName: boolean;
  /** Canonical paths of undeclared values. */
  readonly undeclared: readonly (readonly string[])[];
}

export function disagreement(
  kind: Kind,
  listed: LiveObject,
  read: LiveObject | undefined,
  matches: readonly Match[],
): Disagreement {
  if (read === undefined) return { isSerious: true, isName: false, undeclared: [] };
  const hints = hintsOf(kind);
  const isDeclared = (path: readonly string[]) =>
    matches.some(({ desired, entry }) =>
      [desired?.spec, entry?.applied].some((spec) => declares(spec, path, hints)),
    );
  const paths = differences(canonical(listed.spec, hints), canonical(read.spec, hints)).map(({ path }) => path);
  const name = kind.identity.name === undefined ? [] : segments(kind.identity.name);
  const declared = paths.filter(isDeclared);
  return {
    isSerious: declared.length > 0 || listed.versionId !== read.versionId,
    isName: name.length > 0 && paths.some((path) => equal(path, name)),
    undeclared: paths.filter((path) => !isDeclared(path)).map((path) => upToDeclared(path, isDeclared)),
  };
}

/** The shortest undeclared prefix of a path. */
function upToDeclared(
  path: readonly string[],
  isDeclared: (path: readonly string[]) => boolean,
): readonly string[] {
  const end = path.findIndex((_, at) => !isDeclared(path.slice(0, at + 1)));
  return path.slice(0, end + 1);
}

/** A listed object as far as the list is trusted: at the other paths nothing newer is known than the ledger has. */
export function asFarAsTrusted(
  kind: Kind,
  { entry, live }: Match,
  untrusted: readonly (readonly string[])[],
): LiveObject | undefined {
  if (live === undefined || entry === undefined || entry.id !== live.id) return live;
  return { ...live, spec: taken(live.spec, entry.observed, untrusted, hintsOf(kind)) };
}
