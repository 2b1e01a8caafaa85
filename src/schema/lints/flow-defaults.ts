import { property } from "../../model/json.ts";
import type { Lint } from "./lint.ts";
import { stringAt } from "./assistant-content.ts";
import { flowsIn, reportAt } from "./flow-content.ts";

/** RC3025: default edges leave tool and speak nodes, one each. */
export const flowDefaults: Lint = (subjects, report) => {
  for (const { content, nodes, edges } of flowsIn(subjects)) {
    const byStart = new Map<string, (typeof edges)[number][]>();
    for (const edge of edges) {
      const start = stringAt(edge.item, "start_node_id") ?? "";
      const others = byStart.get(start);
      if (others === undefined) byStart.set(start, [edge]);
      else others.push(edge);
    }
    for (const { index, item } of nodes) {
      const id = stringAt(item, "id");
      const leaving = id === undefined ? [] : (byStart.get(id) ?? []);
      const defaults = leaving.filter((edge) => property(edge.item["condition"], "type") === "default");
      const type = stringAt(item, "type") ?? "prompt";
      const first = defaults[0];
      const second = defaults[1];
      if (type === "prompt" && first !== undefined) {
        const message = "a default edge cannot leave a prompt node";
        reportAt(content, conditionOf(first.index), { code: "RC3025", message }, report);
      } else if ((type === "tool" || type === "speak") && second !== undefined) {
        const message = `node "${id}" has a default edge already`;
        reportAt(content, conditionOf(second.index), { code: "RC3025", message }, report);
      } else if ((type === "tool" || type === "speak") && leaving.length > 0 && first === undefined) {
        const message = `node "${id}" has edges, but no default edge`;
        const hint = "add an edge with the condition `{ type: default }`";
        reportAt(content, ["nodes", String(index), "id"], { code: "RC3025", message, hint }, report);
      }
    }
  }
};

function conditionOf(edge: number): readonly string[] {
  return ["edges", String(edge), "condition"];
}
