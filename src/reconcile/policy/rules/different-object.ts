import { stringify } from "../../../model/json.ts";
import { otherIdentity } from "../../observe/identity.ts";
import { isDeleted, type Rule } from "../rule.ts";

/** An object that is not as the ledger has it may be another one, and is not deleted. */
export const differentObject: Rule = {
  id: "different-object",
  code: "foreign",
  title: "An object would be deleted that may not be the one in the ledger.",
  check: ({ decisions }) =>
    decisions.filter(isDeleted).flatMap(({ match: { address, kind, entry, live }, action }) => {
      const other = entry === undefined || live === undefined ? undefined : otherIdentity(kind, entry, live);
      if (other === undefined || live === undefined) return [];
      const { label, recorded } = other;
      const now = other.live === undefined ? `has no ${label}` : `has the ${label} ${stringify(other.live)}`;
      const before = recorded === undefined ? "none" : stringify(recorded);
      const back =
        recorded === undefined ? "" : `if it is the right object, restore the recorded ${label}; otherwise `;
      return [
        {
          address,
          message: `${address} would be ${action}d, but ${live.id} ${now}, but ${before} in the ledger: it may be another object`,
          hint: `${back}remove it from the ledger (the live object is kept): run "rollcall ledger forget ${address}"`,
        },
      ];
    }),
};
