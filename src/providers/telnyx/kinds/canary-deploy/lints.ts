import { isList, isObject, property, type Json, type JsonObject } from "../../../../model/json.ts";
import type { Lint, LintCheck, LintSubject } from "../../../../model/kind.ts";
import { firstKey, keyPlace, nodeAt } from "../../../../model/node.ts";
import { entriesOf, targetOf } from "../../objects/lints/content.ts";
import { checkNumber, valuesAt } from "../../objects/lints/phone-numbers.ts";

/** One rule of a canary, with its place. */
interface Rule {
  readonly item: JsonObject;
  readonly path: readonly string[];
}

function rulesOf({ spec }: LintSubject): readonly Rule[] {
  return entriesOf(spec["rules"]).map(({ index, item }) => ({ item, path: ["rules", String(index)] }));
}

/** A version that a rule sends conversations to; its share, where it has one. */
interface ServedVersion {
  readonly version: Json | undefined;
  readonly weight?: Json | undefined;
  readonly path: readonly string[];
}

function servedBy({ item, path }: Rule): readonly ServedVersion[] {
  const serve = item["serve"];
  if (!isObject(serve)) return [];
  const alone = property(serve, "version_id");
  const one = alone === undefined ? [] : [{ version: alone, path: [...path, "serve", "version_id"] }];
  const slots = entriesOf(serve["rollout"]).map(({ index, item: slot }) => ({
    version: slot["version_id"],
    weight: slot["weight"],
    path: [...path, "serve", "rollout", String(index), "version_id"],
  }));
  return [...one, ...slots];
}

/** RC3009: the weights of a rollout leave something for main. */
const weights: Lint = ({ subjects, report }) => {
  for (const subject of subjects) {
    for (const rule of rulesOf(subject)) {
      const shares = servedBy(rule).map(({ weight }) => (typeof weight === "number" ? weight : 0));
      const sum = shares.reduce((total, weight) => total + weight, 0);
      if (sum < 100) continue;
      report({
        code: "RC3009",
        message: `the sum of the weights must be less than 100 (got ${Number(sum.toFixed(6))})`,
        at: keyPlace(subject.node, [...rule.path, "serve", "rollout"]),
        address: subject.address,
        hint: "the rest goes to main; to send everything to a version, promote it",
      });
    }
  }
};

/** RC3010: a canary serves versions of its own assistant. */
const versions: Lint = ({ subjects, project, report }) => {
  for (const subject of subjects) {
    const assistant = targetOf(subject.spec["assistant"]);
    for (const { version, path } of rulesOf(subject).flatMap(servedBy)) {
      const target = project.get(targetOf(version) ?? "");
      const owner = targetOf(target?.spec["assistant"]);
      if (target === undefined || owner === undefined || assistant === undefined || owner === assistant)
        continue;
      report({
        code: "RC3010",
        message: `${target.address} is a version of ${owner}, not of ${assistant}`,
        at: nodeAt(subject.node, path),
        address: subject.address,
      });
    }
  }
};

/** RC3026: a rule for everyone hides the rules after it. */
const order: Lint = ({ subjects, report }) => {
  for (const subject of subjects) {
    const rules = rulesOf(subject);
    const everyone = rules.findIndex(({ item }) => !isList(item["match"]) || item["match"].length === 0);
    const hidden = everyone < 0 ? undefined : rules[everyone + 1];
    const node = hidden && nodeAt(subject.node, hidden.path);
    if (node === undefined) continue;
    report({
      code: "RC3026",
      message: `rule ${everyone + 1} matches everyone, so this rule is never reached`,
      at: firstKey(node),
      address: subject.address,
      hint: "put the rule without conditions last",
    });
  }
};

/** RC3008, for the numbers of callers. */
const callers: Lint = (check) => {
  for (const subject of check.subjects) checkCallers(check, subject);
};

/** A beginning of a number is no number. */
function checkCallers(check: LintCheck, subject: LintSubject): void {
  for (const { item, path } of rulesOf(subject)) {
    for (const { index, item: condition } of entriesOf(item["match"])) {
      if (condition["attribute"] !== "telnyx_end_user_target" || condition["operator"] === "starts_with")
        continue;
      const at = [...path, "match", String(index), "values"];
      for (const number of valuesAt(condition["values"], ["*"], at)) checkNumber(check, subject, number);
    }
  }
}

export const lints: readonly Lint[] = [weights, versions, order, callers];
