import type { LedgerEntry } from "../../model/ledger.ts";
import type { Refusal } from "../../model/plan.ts";
import { writes, type Decision } from "../decide/decide.ts";
import { parentId, type Match } from "../observe/match.ts";

/** A manifest that was renamed would get an object of its own beside the one that it had. */
export function doubled(decisions: readonly Decision[]): readonly Refusal[] {
  const deleted = new Set(
    decisions.filter(({ action }) => action === "delete").map(({ match }) => match.address),
  );
  return decisions.flatMap(({ match: { address, rival } }): readonly Refusal[] => {
    if (rival === undefined || deleted.has(rival)) return [];
    return [
      {
        address,
        rule: "ambiguous",
        message: `${address} has the name of ${rival}, which left the manifests and is still live: there would be two of one name`,
        hint: `if it was renamed, say so with lifecycle: { movedFrom: [${rival}] }; --prune deletes the old one`,
      },
    ];
  });
}

/** A name is free when the object that has it has been renamed, which is to happen in the same run. */
export function heldNames(decisions: readonly Decision[]): readonly Refusal[] {
  const written = new Set(decisions.filter(writes).map(({ match }) => match.address));
  return decisions.flatMap((decision): readonly Refusal[] => {
    const { address, holder } = decision.match;
    if (holder === undefined || !writes(decision) || written.has(holder)) return [];
    return [
      {
        address,
        rule: "ambiguous",
        message: `${address} would get the name that the live object of ${holder} still has: there would be two of one name`,
        hint: `apply ${holder}, which renames it, in the same run`,
      },
    ];
  });
}

/** The ledger entry of an address, whatever has become of the object. */
export function knownIn({ entry, gone }: Match): LedgerEntry | undefined {
  return entry ?? gone;
}

/**
 * Nothing that the ledger knows is live: this looks like the key of another account. A single object may well have been
 * deleted, unless the key is another one than at the last apply. What lived under another object is gone with it and
 * does not count.
 */
export function vanished(matches: readonly Match[], isOtherKey: boolean): readonly Refusal[] {
  const known = matches.flatMap((one) => knownIn(one) ?? []);
  const ids = new Set(known.map(({ id }) => id));
  const roots = matches.filter((one) => {
    const entry = knownIn(one);
    return entry !== undefined && !ids.has(parentId(one.kind, entry.id) ?? "");
  });
  const isLeft = roots.some(({ entry, live }) => entry !== undefined && live !== undefined);
  if (isLeft || roots.length < (isOtherKey ? 1 : 2)) return [];
  const objects = roots.length === 1 ? "the object" : `not one of the ${roots.length} objects`;
  const gone = `${objects} that the ledger knows is ${roots.length === 1 ? "not live" : "live"}`;
  const key = isOtherKey ? ", and the API key is not the one of the last apply" : "";
  return [
    {
      rule: "mass-change",
      message: `${gone}${key}: is this the API key of another account?`,
      hint: "use the key of the account that they were made in; if they really were deleted, pass --allow-mass-change",
    },
  ];
}
