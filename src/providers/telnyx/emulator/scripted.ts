/** A rule that a test sets. */
interface Rule {
  /** Used up after so many matches. */
  readonly times?: number;
}

/** The last rule that matches. Counts the use if the rule is limited. */
export function takeRule<T extends Rule>(rules: T[], fits: (rule: T) => boolean): T | undefined {
  const index = rules.findLastIndex(fits);
  const rule = rules[index];
  if (rule?.times === undefined) return rule;
  if (rule.times <= 1) rules.splice(index, 1);
  else rules[index] = { ...rule, times: rule.times - 1 };
  return rule;
}
