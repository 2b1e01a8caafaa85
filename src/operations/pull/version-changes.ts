import { equal, isObject, type Json, type JsonObject, pick, property } from "../../model/json.ts";
import { canonical } from "../../reconcile/compare/canonical.ts";
import { type Hints, isBlock } from "../../reconcile/compare/hints.ts";
import { sameVariant } from "../../reconcile/compare/overlay.ts";
import { below, requiredAt, type SpecPlace } from "../../schema/author/spec-place.ts";

interface Parent {
  /** What its manifest declares: what is inherited. */
  readonly declared: JsonObject;
  /** What is live of it. */
  readonly live: JsonObject;
}

/** What is known of the values at one place. */
export interface Known {
  readonly hints: Hints;
  readonly place: SpecPlace;
  /** Called with an inherited field that this object lacks and that no manifest can remove. */
  readonly onAbsent: (path: readonly string[]) => void;
  /** Whether the object has a value there that no manifest can hold. */
  readonly isLeft: (path: readonly string[]) => boolean;
}

/**
 * The fields that an object which inherits must declare to be as it is: those in which it differs from the other one. A
 * field that the other one declares and that this one lacks is set to its default, where it has one.
 */
export function changesFrom({ declared, live }: Parent, own: JsonObject, known: Known): JsonObject {
  const keys = new Set([...Object.keys(own), ...Object.keys(declared)]);
  const members = [...keys].flatMap((key) => {
    const pair = { declared: property(declared, key), live: property(live, key) };
    const value = changeOf(key, pair, property(own, key), known);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(members);
}

type Pair = { readonly [Key in keyof Parent]: Json | undefined };

function changeOf(
  key: string,
  { declared, live }: Pair,
  own: Json | undefined,
  { hints, place, onAbsent, isLeft }: Known,
): Json | undefined {
  const child = hints.child(key);
  if (isLeft([...place.path, key])) {
    if (declared !== undefined) onAbsent([...place.path, key]);
    return undefined;
  }
  const isSame = (other: Json | undefined) => equal(formOf(key, own, hints), formOf(key, other, hints));
  if (declared === undefined ? own === undefined || isSame(live) : isSame(declared)) return undefined;
  const other = declared ?? live;
  if (own === undefined) {
    if (child.default !== undefined) return child.default;
    reportAbsent(declared, { hints: child, place: below(place, key, declared ?? null), onAbsent, isLeft });
    return undefined;
  }
  if (!isBlock(own, child) || !isBlock(other, child) || !sameVariant(other, own, child)) return own;
  const parent = { declared: isObject(declared) ? declared : {}, live: isObject(live) ? live : {} };
  const known = { hints: child, place: below(place, key, own), onAbsent, isLeft };
  const inner = changesFrom(parent, own, known);
  return Object.keys(inner).length === 0 ? undefined : { ...requiredIn(own, known), ...inner };
}

/** A block is empty where it can be. */
function reportAbsent(declared: Json | undefined, { hints, place, ...known }: Known): void {
  if (!isBlock(declared, hints) || requiredAt(place).size > 0) return known.onAbsent(place.path);
  for (const [key, member] of Object.entries(declared))
    reportAbsent(member, { ...known, hints: hints.child(key), place: below(place, key, member) });
}

/** What a block cannot do without, also where it is the same. */
function requiredIn(own: JsonObject, { place }: Known): JsonObject {
  return pick(own, [...requiredAt(place)]);
}

/** The value as it is compared; absent where it says nothing. */
export function formOf(key: string, value: Json | undefined, hints: Hints): Json | undefined {
  return value === undefined ? undefined : canonical({ [key]: value }, hints)[key];
}
