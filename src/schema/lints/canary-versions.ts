import type { Lint } from "./lint.ts";
import { nodeAt } from "../node.ts";
import { bySubject, targetOf } from "./assistant-content.ts";
import { canariesIn, rulesOf, servedBy } from "./canary-content.ts";

/** RC3010: a canary serves versions of its own assistant. */
export const canaryVersions: Lint = (subjects, report) => {
  const byAddress = bySubject(subjects);
  for (const subject of canariesIn(subjects)) {
    const assistant = targetOf(subject.spec["assistant"]);
    for (const { version, path } of rulesOf(subject).flatMap(servedBy)) {
      const target = byAddress.get(targetOf(version) ?? "");
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
