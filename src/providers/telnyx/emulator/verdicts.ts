import { elements } from "./references.ts";
import { takeRule } from "./scripted.ts";
import type { Steps, TestRecord, TestRule, Verdict } from "./store.ts";

const STEPS: Steps = { unit: "polls", starting: 1, running: 2, finished: 3 };

/** What will become of a run, by the last rule that fits. Uses the rule up where it counts. */
export function verdictOf(rules: TestRule[], test: TestRecord, version: string | undefined): Verdict {
  const rule = takeRule(rules, (one) => fits(one, test, version)) ?? {};
  const given = rule.criteria ?? {};
  const outcome =
    rule.outcome ?? (Object.values(given).some((status) => status !== "passed") ? "failed" : "passed");
  const names = elements(test["rubric"]).map((item) => String(item["name"]));
  // A failed run without a named culprit fails on its first criterion: the list never contradicts the outcome.
  const culprit = outcome !== "passed" && rule.criteria === undefined ? names[0] : undefined;
  const criteria = names.map((name) => ({
    name,
    status: given[name] ?? (name === culprit ? outcome : "passed"),
  }));
  return {
    outcome,
    criteria,
    after: { ...STEPS, ...rule.after },
    ...(rule.logs !== undefined && { logs: rule.logs }),
    ...(rule.messages !== undefined && { messages: rule.messages }),
  };
}

function fits(rule: TestRule, test: TestRecord, version: string | undefined): boolean {
  return (
    (rule.test === undefined || rule.test === test.test_id || rule.test === test["name"]) &&
    (rule.suite === undefined || rule.suite === test["test_suite"]) &&
    (rule.version === undefined || rule.version === (version ?? "main"))
  );
}

/** The state that a run has reached. */
export function statusOf(verdict: Verdict, polls: number, milliseconds: number): string {
  const passed = verdict.after.unit === "polls" ? polls : milliseconds;
  const { starting, running, finished } = verdict.after;
  if (finished !== null && passed >= finished) return verdict.outcome;
  if (passed >= running) return "running";
  return passed >= starting ? "starting" : "pending";
}
