import { dependencyOf } from "../../observe/dependent-kinds.ts";
import { parentId } from "../../../model/object-ids.ts";
import type { Rule } from "../rule.ts";

/** No choice allows it: what is observed is neither removed nor restored. */
export const observedChild: Rule = {
  id: "observed-child",
  code: "observed",
  title: "A write would remove an observed object that lives under the written one, such as a canary.",
  check: ({ decisions, steps }) => {
    const written = steps.filter(({ action }) => action === "update" || action === "detach");
    return decisions.flatMap(({ match: { address, kind, live }, observed }) => {
      const rule = dependencyOf(kind);
      if (observed !== true || rule === undefined || live === undefined) return [];
      const parent = written.find((step) => step.kind === rule.to && step.objectId === parentId(kind, live.id));
      if (parent === undefined) return [];
      const message = `${parent.address} has a live ${kind.kind} that is observed (${address}), and a write to ${parent.address} would remove it`;
      const hint = `end it live, or manage it: remove lifecycle.observe from ${address}`;
      return [{ address: parent.address, message, hint }];
    });
  },
};
