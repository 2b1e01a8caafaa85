import { isList } from "../../model/json.ts";
import type { Lint } from "./lint.ts";
import { firstKey, nodeAt } from "../node.ts";
import { canariesIn, rulesOf } from "./canary-content.ts";

/** RC3026: a rule for everyone hides the rules after it. */
export const canaryOrder: Lint = (subjects, report) => {
  for (const subject of canariesIn(subjects)) {
    const rules = rulesOf(subject);
    const everyone = rules.findIndex(({ item }) => !isList(item["match"]) || item["match"].length === 0);
    const hidden = everyone < 0 ? undefined : rules[everyone + 1];
    const node = hidden && nodeAt(subject.node, hidden.path);
    if (node === undefined) continue;
    report({
      code: "RC3026",
      message: `rule ${everyone + 1} fits everyone, so this rule is never reached`,
      at: firstKey(node),
      address: subject.address,
      hint: "put the rule without conditions last",
    });
  }
};
