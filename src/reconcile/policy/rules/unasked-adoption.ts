import type { Rule } from "../rule.ts";

/** An object that was found by its name is adopted without a question only where nothing is written to it. */
export const unaskedAdoption: Rule = {
  id: "unasked-adoption",
  code: "adoption",
  title: "An object that was matched by name would be changed.",
  check: ({ decisions, unclaimed, options: { adopt } }) =>
    adopt === true
      ? []
      : decisions.flatMap(({ match: { address, live }, action, comparison }) => {
          const count = comparison?.changes.length ?? 0;
          if (action !== "adopt" || count === 0 || live === undefined || !unclaimed.has(address)) return [];
          const paths = count === 1 ? "one path" : `${count} paths`;
          return [
            {
              address,
              message: `${address} was matched by name (${live.id}), and adopting it would change ${paths}`,
              hint: "if the object is yours and the changes are right, pass --adopt; otherwise copy the live values into the manifest, or give the manifest another name",
            },
          ];
        }),
};
