import { conflictRules, ruleText } from "../../../model/conflict.ts";
import { segments } from "../../../model/pointer.ts";
import { canonical } from "../../compare/canonical.ts";
import { valueAt } from "../../compare/difference.ts";
import { hintsOf } from "../../compare/hints.ts";
import type { Rule } from "../rule.ts";

export const unknownConflictPath: Rule = {
  id: "unknown-conflict-path",
  code: "conflict",
  title: "`--on-conflict` names a path that neither the manifest nor the live object has.",
  check: ({ decisions, options: { onConflict } }) =>
    decisions.flatMap(({ match: { address, live, entry, kind }, spec }) => {
      const rules = conflictRules(onConflict).filter(
        (rule) => rule.address === address && rule.path !== undefined,
      );
      if (rules.length === 0) return [];
      const hints = hintsOf(kind);
      const known = [spec, live?.spec, entry?.applied].map((value) => canonical(value, hints));
      return rules
        .filter(({ path = "" }) => known.every((value) => valueAt(value, segments(path)) === undefined))
        .map((rule) => ({
          address,
          message: `--on-conflict=${ruleText(rule)} matches nothing: neither the manifest nor the live object has this path`,
          hint: '"rollcall plan --format json" has the path of each conflict',
        }));
    }),
};
