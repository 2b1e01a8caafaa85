import type { Json } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { Intent } from "../../model/ledger.ts";
import type { LiveObject } from "../../model/provider.ts";
import { nameOf } from "./natural-name.ts";

/**
 * Whether open creations under this name could have made all of these objects: then the key of each creation tells which
 * one is its own, and none of them needs to be somebody else's.
 */
export function mayBeOurs(
  kind: Kind,
  name: Json | undefined,
  namesakes: readonly LiveObject[],
  intents: readonly Intent[] = [],
): boolean {
  if (kind.createsWithoutKey === true || kind.identity.parent !== undefined) return false;
  const creations = intents.filter(
    ({ kind: of, action, objectId, idempotencyKey, after = {} }) =>
      of === kind.kind &&
      action === "create" &&
      objectId === undefined &&
      idempotencyKey !== undefined &&
      nameOf(kind, after) === name,
  );
  return creations.length >= namesakes.length;
}
