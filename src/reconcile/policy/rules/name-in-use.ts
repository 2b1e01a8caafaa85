import { writes } from "../../decide/decide.ts";
import type { Rule } from "../rule.ts";

/** A name is free when the object that has it is renamed in the same run. */
export const nameInUse: Rule = {
  id: "name-in-use",
  code: "ambiguous",
  title: "An object would get a name that another managed object still has.",
  check: ({ decisions }) => {
    const written = new Set(decisions.filter(writes).map(({ match }) => match.address));
    return decisions.filter(writes).flatMap(({ match: { address, holder } }) => {
      if (holder === undefined || written.has(holder)) return [];
      const message = `${address} would get the name that the live object of ${holder} still has: there would be two of one name`;
      return [{ address, message, hint: `apply ${holder}, which renames it, in the same run` }];
    });
  },
};
