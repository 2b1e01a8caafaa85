import type { Rule } from "../rule.ts";

export const cycle: Rule = {
  id: "cycle",
  code: "cycle",
  title: "Resources refer to each other in a way that gives no order of steps.",
  check: ({ stuck }) =>
    stuck.map((address) => ({
      address,
      message: `${address} cannot be ordered: it is part of a reference cycle`,
      hint: "remove one of the references",
    })),
};
