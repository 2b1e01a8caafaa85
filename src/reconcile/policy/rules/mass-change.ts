import { knownIn } from "../../observe/match.ts";
import type { Rule } from "../rule.ts";

const SHARE = 0.3;
const MINIMUM = 10;

export const massChange: Rule = {
  id: "mass-change",
  code: "mass-change",
  title: "More than 30 % of at least ten managed objects would be updated or deleted.",
  check: ({ decisions, matches, options: { allowMassChange, destroy } }) => {
    if (allowMassChange || destroy === true) return [];
    const managed = matches.filter((one) => knownIn(one) !== undefined).length;
    const touched = decisions.filter(
      ({ action, match }) => match.entry !== undefined && ["update", "delete", "replace"].includes(action),
    ).length;
    if (managed < MINIMUM || touched <= managed * SHARE) return [];
    return [
      {
        message: `${touched} of ${managed} managed objects would be updated or deleted: more than 30%`,
        hint: "check the plan; to allow it, pass --allow-mass-change",
      },
    ];
  },
};
