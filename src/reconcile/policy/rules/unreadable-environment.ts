import { adoptedIn } from "../owner.ts";
import type { Rule } from "../rule.ts";

export const unreadableEnvironment: Rule = {
  id: "unreadable-environment",
  code: "other-environment",
  title:
    "An object was matched by name, and the ledger of another environment, which may own it, cannot be read.",
  check: ({ decisions, otherEnvironments, options: { adopt } }) => {
    const unread = otherEnvironments.flatMap((other) => ("problem" in other ? [other] : []));
    const [first] = unread;
    if (first === undefined || adopt === true) return [];
    const names = unread.map(({ environment }) => environment).join(", ");
    return [...adoptedIn(decisions).keys()].map((address) => ({
      address,
      message: `${address} was matched by name, and it is not known whether it belongs to ${names}: ${first.problem}`,
      hint: "make that ledger readable for this run or, if the object is yours, pass --adopt",
    }));
  },
};
