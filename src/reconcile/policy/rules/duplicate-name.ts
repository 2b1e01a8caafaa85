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
    return decisions.flatMap(({ match: { address, rival } }) => {
      if (rival === undefined || deleted.has(rival)) return [];
      const message = `${address} has the name of ${rival}, which left the manifests and is still live: there would be two of one name`;
      const hint = `if it was renamed, say so with lifecycle: { movedFrom: [${rival}] }; --prune deletes the old one`;
      return [{ address, message, hint }];
    });
  },
};
