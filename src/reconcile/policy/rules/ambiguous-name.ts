import type { Rule } from "../rule.ts";

export const ambiguousName: Rule = {
  id: "ambiguous-name",
  code: "ambiguous",
  title: "Several live objects have the name of a resource.",
  check: ({ decisions }) =>
    decisions.flatMap(({ match: { address, candidates } }) => {
      if (candidates === undefined) return [];
      const message = `${candidates.length} live objects have the name of ${address}: ${candidates.join(", ")}`;
      const hint = `choose one with lifecycle: { import: <id> } or with "rollcall import ${address} <id>"; or give it another name`;
      return [{ address, message, hint }];
    }),
};
