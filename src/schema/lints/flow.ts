import { isObject, property, type JsonObject } from "../../model/json.ts";
import { ENOUGH, type Report } from "../finding.ts";
import type { Lint } from "../lint.ts";
import { nodeAt } from "../node.ts";
import { listed } from "../shown.ts";
import { didYouMean } from "../suggest.ts";
import { assistantContents, entriesOf, stringAt, type AssistantContent } from "./assistant-content.ts";

interface Flow {
  readonly content: AssistantContent;
  readonly nodes: ReturnType<typeof entriesOf>;
  readonly edges: ReturnType<typeof entriesOf>;
  readonly flow: JsonObject;
}

function flowsIn(subjects: Parameters<Lint>[0]): readonly Flow[] {
  return assistantContents(subjects).flatMap((content) => {
    const flow = content.own["conversation_flow"];
    if (!isObject(flow)) return [];
    return [{ content, flow, nodes: entriesOf(flow["nodes"]), edges: entriesOf(flow["edges"]) }];
  });
}

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
      const type = stringAt(item, "type");
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

function reportAt(
  { node, subject }: AssistantContent,
  path: readonly string[],
  finding: Parameters<Report>[0],
  report: Report,
): void {
  report({ ...finding, at: nodeAt(node, ["conversation_flow", ...path]), address: subject.address });
}
