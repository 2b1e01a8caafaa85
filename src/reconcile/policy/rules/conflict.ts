import { choiceAt } from "../../../model/conflict.ts";
import { pointer } from "../../../model/pointer.ts";
import type { Rule } from "../rule.ts";

/** A conflict that is to be adopted stays one until the manifest has the live value. */
export const conflict: Rule = {
  id: "conflict",
  code: "conflict",
  title: "A path was changed both in the manifest and outside Git.",
  check: ({ decisions, options: { onConflict } }) =>
    decisions.flatMap(({ match: { address }, comparison, observed }) => {
      if (observed === true) return [];
      const count = (comparison?.changes ?? [])
        .filter((change) => change.class === "conflict")
        .filter(({ path }) => choiceAt(onConflict, address, pointer(path)) !== "overwrite").length;
      if (count === 0) return [];
      const paths = count === 1 ? "one path was" : `${count} paths were`;
      return [
        {
          address,
          message: `${paths} changed both in the manifest and outside Git since the last apply`,
          hint: `keep the live value with --on-conflict=adopt=${address}, or overwrite it with --on-conflict=overwrite=${address}`,
        },
      ];
    }),
};
