import { writes } from "../../decide/decide.ts";
import type { Rule } from "../rule.ts";

/** A manifest that was renamed without `movedFrom` would get a second object, or give its own the name of another one. */
export const duplicateName: Rule = {
  id: "duplicate-name",
  code: "ambiguous",
  title: "An object would be created with, or would get, the name of a live one that left the manifests.",
  check: ({ decisions }) => {
    const deleted = new Set(
      decisions.filter(({ action }) => action === "delete").map(({ match }) => match.address),
    );
    const observed = new Set(
      decisions.flatMap(({ match, observed: isObserved }) => (isObserved === true ? [match.address] : [])),
    );
    return decisions.flatMap((decision) => {
      const { address, rival, live } = decision.match;
      if (rival === undefined || deleted.has(rival) || (live !== undefined && !writes(decision))) return [];
      const message = `${address} has the name of ${rival}, which is no longer in the manifests and still live: two objects would have the same name`;
      const otherwise = observed.has(rival)
        ? `otherwise run "rollcall ledger forget ${rival}"`
        : "to delete the old object, use --prune";
      const renamed =
        live === undefined
          ? `if it was renamed, set lifecycle: { movedFrom: [${rival}] }`
          : `give ${address} another name`;
      const hint = `${renamed}; ${otherwise}`;
      return [{ address, message, hint }];
    });
  },
};
