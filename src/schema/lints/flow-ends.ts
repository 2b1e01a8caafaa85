import { ENOUGH } from "../finding.ts";
import type { Lint } from "./lint.ts";
import { listed } from "../shown.ts";
import { didYouMean } from "../suggest.ts";
import { stringAt } from "./assistant-content.ts";
import { flowsIn, reportAt } from "./flow-content.ts";

/** RC3014: the start and both ends of every edge are nodes of the flow. */
export const flowEnds: Lint = (subjects, report) => {
  for (const { content, flow, nodes, edges } of flowsIn(subjects)) {
    const ids = new Set(nodes.flatMap(({ item }) => stringAt(item, "id") ?? []));
    let count = 0;
    const check = (id: string | undefined, path: readonly string[]) => {
      if (id === undefined || ids.has(id) || ++count > ENOUGH) return;
      const hint = didYouMean(id, ids) ?? (ids.size > 0 ? `nodes: ${listed([...ids])}` : undefined);
      reportAt(content, path, { code: "RC3014", message: `the flow has no node "${id}"`, hint }, report);
    };
    check(stringAt(flow, "start_node_id"), ["start_node_id"]);
    for (const { index, item } of edges) {
      check(stringAt(item, "start_node_id"), ["edges", String(index), "start_node_id"]);
      check(stringAt(item["target"], "node_id"), ["edges", String(index), "target", "node_id"]);
    }
  }
};
