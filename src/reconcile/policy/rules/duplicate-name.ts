import type { Rule } from "../rule.ts";

/** A manifest that was renamed without `movedFrom` would get a second object. */
export const duplicateName: Rule = {
  id: "duplicate-name",
  code: "ambiguous",
  title: "An object would be created with the name of a live one that left the manifests.",
  check: ({ decisions }) => {
    const deleted = new Set(
      decisions.filter(({ action }) => action === "delete").map(({ match }) => match.address),
    );
    const observed = new Set(
      decisions.flatMap(({ match, observed: isObserved }) => (isObserved === true ? [match.address] : [])),
    );
    return decisions.flatMap(({ match: { address, rival } }) => {
      if (rival === undefined || deleted.has(rival)) return [];
      const message = `${address} has the name of ${rival}, which is no longer in the manifests and still live: two objects would have the same name`;
      const otherwise = observed.has(rival)
        ? `otherwise run: rollcall ledger forget ${rival}`
        : "to delete the old object, use --prune";
      const hint = `if it was renamed, set lifecycle: { movedFrom: [${rival}] }; ${otherwise}`;
      return [{ address, message, hint }];
    });
  },
};
