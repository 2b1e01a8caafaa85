import { declaredParentId } from "../../observe/desired.ts";
import type { Rule } from "../rule.ts";

/** A version or a canary that is created changes the object that it is created under. */
export const adoptedParent: Rule = {
  id: "adopted-parent",
  code: "adoption",
  title: "An object would be created under one that was matched by name.",
  check: ({ decisions, unclaimed, ids, options: { adopt } }) =>
    adopt === true
      ? []
      : decisions.flatMap(({ match: { address, kind, desired }, action }) => {
          if (action !== "create" || desired === undefined) return [];
          const id = declaredParentId(kind, desired, ids);
          const parent = [...unclaimed.values()].find(({ live }) => live !== undefined && live.id === id);
          if (parent?.live === undefined) return [];
          return [
            {
              address,
              message: `${address} would be created under ${parent.address}, which was matched by name (${parent.live.id})`,
              hint: "if the object is yours, pass --adopt",
            },
          ];
        }),
};
