import { equal, isObject, property, type Json, type JsonObject } from "../../model/json.ts";
import { isReference } from "../../model/resource.ts";
import { canonical } from "../../reconcile/compare/canonical.ts";
import type { Hints } from "../../reconcile/compare/hints.ts";

interface Parent {
  /** What its manifest declares: what is inherited. */
  readonly declared: JsonObject;
  /** What is live of it. */
  readonly live: JsonObject;
}

/**
 * The fields that an object which inherits must declare to be as it is: those in which it differs from the other one. A
 * field that the other one declares and that this one lacks is set to its default.
 */
export function changesFrom({ declared, live }: Parent, own: JsonObject, hints: Hints): JsonObject {
  const keys = new Set([...Object.keys(own), ...Object.keys(declared)]);
  const members = [...keys].flatMap((key) => {
    const pair = { declared: property(declared, key), live: property(live, key) };
    const value = changeOf(key, pair, property(own, key), hints);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(members);
}

type Pair = { readonly [Key in keyof Parent]: Json | undefined };

function changeOf(
  key: string,
  { declared, live }: Pair,
  own: Json | undefined,
  hints: Hints,
): Json | undefined {
  const child = hints.child(key);
  const isSame = (other: Json | undefined) => equal(formOf(key, own, hints), formOf(key, other, hints));
  const isBlock = (value: Json | undefined): value is JsonObject =>
    isObject(value) && !isReference(value) && child.hint.whole !== true;
  if (declared === undefined ? isSame(live) : isSame(declared)) return undefined;
  if (isBlock(own) && (isBlock(declared) || (declared === undefined && isBlock(live)))) {
    const parent = { declared: isBlock(declared) ? declared : {}, live: isBlock(live) ? live : {} };
    const inner = changesFrom(parent, own, child);
    return Object.keys(inner).length === 0 ? undefined : inner;
  }
  return own ?? (declared === undefined ? undefined : (child.default ?? null));
}

/** The value as it is compared; absent where it says nothing. */
function formOf(key: string, value: Json | undefined, hints: Hints): Json | undefined {
  return value === undefined ? undefined : canonical({ [key]: value }, hints)[key];
}
