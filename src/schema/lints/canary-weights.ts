import type { Lint } from "./lint.ts";
import { keyPlace } from "../node.ts";
import { canariesIn, rulesOf, servedBy } from "./canary-content.ts";

/** RC3009: the weights of a rollout leave something for main. */
export const canaryWeights: Lint = (subjects, report) => {
  for (const subject of canariesIn(subjects)) {
    for (const rule of rulesOf(subject)) {
      const weights = servedBy(rule).map(({ weight }) => (typeof weight === "number" ? weight : 0));
      const sum = weights.reduce((total, weight) => total + weight, 0);
      if (sum < 100) continue;
      report({
        code: "RC3009",
        message: `the weights sum to ${Number(sum.toFixed(6))}, allowed less than 100`,
        at: keyPlace(subject.node, [...rule.path, "serve", "rollout"]),
        address: subject.address,
        hint: "the rest goes to main; to send everything to a version, promote it",
      });
    }
  }
};
