import { knownIn } from "../../observe/match.ts";
import { parentId } from "../../../model/object-ids.ts";
import type { Rule } from "../rule.ts";

/**
 * Looks like the API key of another account. A single object may have been deleted, unless the account differs from that
 * of the last apply. Objects that lived under another one do not count.
 */
export const wrongAccount: Rule = {
  id: "wrong-account",
  code: "mass-change",
  title: "No object in the ledger exists live.",
  check: ({ matches, isOtherAccount, options: { allowMassChange } }) => {
    if (allowMassChange) return [];
    const known = matches.flatMap((one) => knownIn(one) ?? []);
    const ids = new Set(known.map(({ id }) => id));
    const roots = matches.filter((one) => {
      const entry = knownIn(one);
      return entry !== undefined && !ids.has(parentId(one.kind, entry.id) ?? "");
    });
    const isAnyLive = roots.some(({ entry, live }) => entry !== undefined && live !== undefined);
    if (isAnyLive || roots.length < (isOtherAccount ? 1 : 2)) return [];
    const gone =
      roots.length === 1
        ? "the object in the ledger does not exist live"
        : `none of the ${roots.length} objects in the ledger exists live`;
    const key = isOtherAccount ? ", and the API key is not the one of the last apply" : "";
    return [
      {
        message: `${gone}${key}: is this the API key of another account?`,
        hint: "use the key of the account that they were created in; if they were deleted, pass --allow-mass-change",
      },
    ];
  },
};
