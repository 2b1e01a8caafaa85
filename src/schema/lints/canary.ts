import type { Report } from "../finding.ts";
import type { Lint, LintSubject } from "../lint.ts";
import { keyPlace, nodeAt } from "../node.ts";
import { isList, property, type Json, type JsonObject } from "../../model/json.ts";
import { entriesOf, numberAt, targetOf } from "./assistant-content.ts";

/** RC3009: the weights of a rollout leave something for main. */
export const canaryWeights: Lint = (subjects, report) => {
  for (const subject of canaries(subjects)) {
    for (const { index, item } of entriesOf(subject.spec["rules"])) {
      const path = ["rules", String(index), "serve", "rollout"];
      checkSum(subject, path, slots(item), "weight", report);
    }
    checkSum(subject, ["versions"], entriesOf(subject.spec["versions"]), "percentage", report);
  }
};

function checkSum(
  subject: LintSubject,
  path: readonly string[],
  entries: readonly { readonly item: JsonObject }[],
  field: string,
  report: Report,
): void {
  const sum = entries.reduce((total, { item }) => total + (numberAt(item, field) ?? 0), 0);
  if (sum < 100) return;
  report({
    code: "RC3009",
    message: `the weights sum to ${Number(sum.toFixed(6))}, allowed less than 100`,
    at: keyPlace(subject.node, path),
    address: subject.address,
    hint: "the rest goes to main; to send everything to a version, promote it",
  });
}

/** RC3010: a canary serves versions of its own assistant. */
export const canaryVersions: Lint = (subjects, report) => {
  const byAddress = new Map<string, LintSubject>(subjects.map((subject) => [subject.address, subject]));
  for (const subject of canaries(subjects)) {
    const assistant = targetOf(subject.spec["assistant"]);
    for (const { target, path } of servedBy(subject.spec)) {
      const version = byAddress.get(targetOf(target) ?? "");
      const owner = targetOf(version?.spec["assistant"]);
      if (version === undefined || owner === undefined || assistant === undefined || owner === assistant)
        continue;
      report({
        code: "RC3010",
        message: `${version.address} is a version of ${owner}, not of ${assistant}`,
        at: nodeAt(subject.node, path),
        address: subject.address,
      });
    }
  }
};

/** RC3026: a rule for everyone hides the rules after it. */
export const canaryOrder: Lint = (subjects, report) => {
  for (const subject of canaries(subjects)) {
    const rules = entriesOf(subject.spec["rules"]);
    const everyone = rules.findIndex(({ item }) => !isList(item["match"]) || item["match"].length === 0);
    const hidden = everyone < 0 ? undefined : rules[everyone + 1];
    if (hidden === undefined) continue;
    report({
      code: "RC3026",
      message: `rule ${everyone + 1} fits everyone, so this rule is never reached`,
      at: nodeAt(subject.node, ["rules", String(hidden.index)]),
      address: subject.address,
      hint: "put the rule without conditions last",
    });
  }
};

/** RC3011: a version that no other resource refers to. */
export const unusedVersions: Lint = (subjects, report) => {
  const used = new Set(subjects.flatMap(({ spec }) => [...targetsIn(spec)]));
  for (const { kind, address, at } of subjects) {
    if (kind.kind !== "AssistantVersion" || used.has(address)) continue;
    const message = `no canary and no test uses ${address}`;
    report({ code: "RC3011", message, at, address, hint: "serve it by a CanaryDeploy, or remove it" });
  }
};

function canaries(subjects: readonly LintSubject[]): readonly LintSubject[] {
  return subjects.filter(({ kind }) => kind.kind === "CanaryDeploy");
}

function slots(rule: JsonObject) {
  return entriesOf(property(rule["serve"], "rollout"));
}

interface Served {
  readonly target: Json | undefined;
  readonly path: readonly string[];
}

function servedBy(spec: JsonObject): readonly Served[] {
  const byRules = entriesOf(spec["rules"]).flatMap(({ index, item }) => {
    const path = ["rules", String(index), "serve"];
    const one: Served = { target: property(item["serve"], "version_id"), path: [...path, "version_id"] };
    return [one].concat(
      slots(item).map((slot) => ({
        target: slot.item["version_id"],
        path: [...path, "rollout", String(slot.index), "version_id"],
      })),
    );
  });
  const older = entriesOf(spec["versions"]).map(({ index, item }) => ({
    target: item["version_id"],
    path: ["versions", String(index), "version_id"],
  }));
  return [...byRules, ...older];
}

function* targetsIn(value: Json): Generator<string> {
  const target = targetOf(value);
  if (target !== undefined) yield target;
  else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) yield* targetsIn(item);
  }
}
