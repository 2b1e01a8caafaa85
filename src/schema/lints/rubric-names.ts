import type { Lint } from "./lint.ts";
import { nodeAt } from "../node.ts";
import { entriesOf, stringAt } from "./assistant-content.ts";

/** RC3013: criteria are told apart by name. */
export const rubricNames: Lint = (subjects, report) => {
  for (const { kind, spec, node, address } of subjects) {
    if (kind.kind !== "AssistantTest") continue;
    const seen = new Set<string>();
    for (const { index, item } of entriesOf(spec["rubric"])) {
      const name = stringAt(item, "name");
      if (name === undefined) continue;
      if (seen.has(name)) {
        const at = nodeAt(node, ["rubric", String(index), "name"]);
        report({ code: "RC3013", message: `the rubric has a criterion "${name}" already`, at, address });
      }
      seen.add(name);
    }
  }
};
