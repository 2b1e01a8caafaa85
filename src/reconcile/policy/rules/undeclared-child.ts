import { choiceAt } from "../../../model/conflict.ts";
import type { Rule } from "../rule.ts";

/** Where the plan deletes the child anyway, nothing is lost unseen. */
export const undeclaredChild: Rule = {
  id: "undeclared-child",
  code: "undeclared-child",
  title:
    "A write would remove a live object that lives under the written one, such as a canary, and that no manifest declares.",
  check: ({ undeclaredChildren, steps, options: { onConflict, prune, destroy } }) => {
    const written = new Set(steps.filter(({ action }) => action === "update").map(({ address }) => address));
    const deletesOrphans = prune || destroy === true;
    return undeclaredChildren
      .filter(({ parent, isOwn }) => written.has(parent) && !(isOwn === true && deletesOrphans))
      .filter(({ parent }) => choiceAt(onConflict, parent) !== "overwrite")
      .map(({ parent, kind, isOwn }) => {
        const [what, hint] =
          isOwn === true
            ? ["that left the manifests", "declare it again, or pass --prune to delete it"]
            : [
                "that no manifest declares",
                "declare it, end it, or pass --on-conflict=overwrite to discard it",
              ];
        const message = `${parent} has a live ${kind} ${what}, and a write to ${parent} would remove it`;
        return { address: parent, message, hint };
      });
  },
};
