import type { Lint } from "./lint.ts";
import { stringAt } from "./assistant-content.ts";
import { flowsIn, reportAt } from "./flow-content.ts";

/** RC3015: ids of nodes and edges are unique. */
export const flowIds: Lint = (subjects, report) => {
  for (const { content, nodes, edges } of flowsIn(subjects)) {
    for (const [list, entries] of [
      ["nodes", nodes],
      ["edges", edges],
    ] as const) {
      const seen = new Set<string>();
      for (const { index, item } of entries) {
        const id = stringAt(item, "id");
        if (id === undefined) continue;
        const message = `the flow has ${list === "nodes" ? "a node" : "an edge"} "${id}" already`;
        if (seen.has(id)) reportAt(content, [list, String(index), "id"], { code: "RC3015", message }, report);
        seen.add(id);
      }
    }
  }
};
