import type { Lint, LintSubject } from "../../../model/kind.ts";
import { nodeAt, textOf } from "../../../model/node.ts";
import { rangeOf } from "../../../model/source.ts";

/** RC3036: a live object is imported by one resource. */
export const importedIds: Lint = ({ subjects, report }) => {
  const seen = new Map<string, LintSubject>();
  for (const subject of subjects) {
    const at = nodeAt(subject.root, ["lifecycle", "import"]);
    const id = textOf(at);
    if (at === undefined || id === undefined) continue;
    const key = `${subject.kind.kind} ${id}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, subject);
      continue;
    }
    const { file, start } = rangeOf(first.at);
    report({
      code: "RC3036",
      message: `${first.address} already imports ${id}`,
      at,
      address: subject.address,
      hint: `see ${file}:${start.line}`,
    });
  }
};
