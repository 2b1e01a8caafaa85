import { equal, type Json } from "../../model/json.ts";
import type { Kind } from "../../model/kind.ts";
import type { LedgerEntry } from "../../model/ledger.ts";
import { segments } from "../../model/pointer.ts";
import type { LiveObject } from "../../model/provider.ts";
import { valueAt } from "../compare/difference.ts";

/** How a live object differs from the one that the ledger recorded. */
export interface OtherIdentity {
  /** `name`, `type` */
  readonly label: string;
  readonly recorded: Json | undefined;
  readonly live: Json | undefined;
}

/**
 * An id alone proves little, because others can write the ledger. An object is deleted only if it has the recorded name,
 * parent and other identifying fields. A field that the entry lacks counts as different.
 */
export function otherIdentity(
  kind: Kind,
  entry: Pick<LedgerEntry, "applied" | "observed">,
  live: LiveObject,
): OtherIdentity | undefined {
  for (const pointer of identityPaths(kind)) {
    const path = segments(pointer);
    const recorded = valueAt(entry.observed, path) ?? valueAt(entry.applied, path);
    const now = valueAt(live.spec, path);
    const isSame = recorded === undefined || now === undefined ? recorded === now : equal(recorded, now);
    if (!isSame) return { label: path.join("."), recorded, live: now };
  }
  return undefined;
}

/** The fields that identify an object. */
export function identityPaths({ identity, fields }: Kind): readonly string[] {
  const essential = Object.entries(fields).flatMap(([pattern, hint]) =>
    hint.essential === true ? [pattern] : [],
  );
  return [identity.name, identity.parent, ...essential].filter((path) => path !== undefined);
}
