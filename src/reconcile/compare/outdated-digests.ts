import {
  isList,
  isObject,
  itemsOf,
  membersOf,
  property,
  type Json,
  type JsonObject,
} from "../../model/json.ts";
import type { Intent, LedgerEntry } from "../../model/ledger.ts";
import { hasKeys, keyed } from "./canonical.ts";
import { isOfOtherKey, isShort, secretDigest, shortDigest } from "./digest.ts";
import { isDigest, UNKNOWN } from "../../model/secret-digest.ts";
import type { Hints } from "./hints.ts";
import { keptFor, type Kept } from "./kept.ts";

const outdated: Kept<boolean> = new WeakMap();

/** A spec with the secrets of the live object in place of their digests, where there are any. */
export function withLiveSecrets(spec: JsonObject, live: JsonObject, hints: Hints): JsonObject {
  const value = replaced(spec, { live, desired: undefined }, hints, (digest, values) =>
    isDigest(digest) && typeof values.live === "string" ? values.live : digest,
  );
  return membersOf(value);
}

/** What a digest may stand for: what is live, and what is declared. */
interface Values {
  readonly live: Json | undefined;
  readonly desired: Json | undefined;
}

/**
 * An entry with digests that can be compared: those of earlier versions are made anew where the value that they stand
 * for is known, and those under another API key stand for a value that is not known. `undefined` where there is nothing
 * to do.
 */
export function withComparableDigests(
  entry: LedgerEntry,
  values: { readonly live: JsonObject; readonly desired: JsonObject | undefined },
  hints: Hints,
): LedgerEntry | undefined {
  const isOutdated = (spec: JsonObject) => keptFor(outdated, hints, spec, () => holdsOutdated(spec, hints));
  if (!isOutdated(entry.applied) && !isOutdated(entry.observed)) return undefined;
  const applied = compared(entry.applied, values, hints, UNKNOWN);
  // An undeclared secret that cannot be compared counts as unchanged.
  const observed = compared(entry.observed, values, hints, undefined);
  return { ...entry, applied: membersOf(applied), observed: membersOf(observed) };
}

/**
 * An intent whose short digests are made anew where they stand for what is live: all it is compared with. Digests under
 * another API key may stand for any value, which is for `isOtherKeyLive` to decide: for what is live, or for none.
 */
export function withLiveDigests(
  intent: Intent,
  live: JsonObject,
  hints: Hints,
  isOtherKeyLive: boolean,
): Intent {
  const unknown = isOtherKeyLive ? undefined : UNKNOWN;
  const fresh = (block: JsonObject | undefined): JsonObject | undefined => {
    if (block === undefined || !holdsOutdated(block, hints)) return block;
    const value = compared(block, { live, desired: undefined }, hints, unknown);
    return membersOf(value);
  };
  const [before, after] = [fresh(intent.before), fresh(intent.after)];
  return {
    ...intent,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function holdsOutdated(value: Json, hints: Hints): boolean {
  if (typeof value === "string") return isShort(value) || isOfOtherKey(value, hints.secretKey);
  if (isList(value)) return value.some((item) => holdsOutdated(item, hints));
  if (!isObject(value)) return false;
  for (const key of Object.keys(value)) if (holdsOutdated(value[key] as Json, hints)) return true;
  return false;
}

function compared(value: Json, values: Values, hints: Hints, unknown: string | undefined): Json {
  return replaced(value, values, hints, (digest, known) =>
    comparedDigest(digest, known, hints.secretKey, unknown),
  );
}

type Replace = (digest: string, values: Values) => Json;

/** The value with others in place of the digests, and of the texts at sensitive places. */
function replaced(value: Json, values: Values, hints: Hints, replace: Replace): Json {
  if (typeof value === "string" && (hints.hint.sensitive === true || isDigest(value)))
    return replace(value, values);
  if (isList(value)) return replacedList(value, values, hints, replace);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const below = { live: property(values.live, key), desired: property(values.desired, key) };
      return [key, replaced(member, below, hints.child(key), replace)];
    }),
  );
}

function replacedList(list: readonly Json[], values: Values, hints: Hints, replace: Replace): Json {
  const keysOf = (value: Json | undefined) => {
    const items = itemsOf(value);
    return new Map(
      hasKeys(hints) ? keyed(items, hints) : items.map((item, index) => [String(index), item] as const),
    );
  };
  const [live, desired] = [keysOf(values.live), keysOf(values.desired)];
  return [...keysOf(list)].map(([key, item]) =>
    replaced(item, { live: live.get(key), desired: desired.get(key) }, hints.child(key), replace),
  );
}

function comparedDigest(
  digest: string,
  { live, desired }: Values,
  secretKey: Hints["secretKey"],
  unknown: string | undefined,
): string {
  if (isShort(digest)) {
    const value = [live, desired].find((one) => one !== undefined && shortDigest(one) === digest);
    return value === undefined ? digest : secretDigest(value, secretKey);
  }
  if (!isOfOtherKey(digest, secretKey)) return digest;
  return unknown ?? (live === undefined ? UNKNOWN : secretDigest(live, secretKey));
}
