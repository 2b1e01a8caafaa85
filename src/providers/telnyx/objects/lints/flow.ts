import { isObject, property, type JsonObject } from "../../../../model/json.ts";
import { ENOUGH, type Finding } from "../../../../model/finding.ts";
import type { Lint, LintCheck } from "../../../../model/kind.ts";
import { nodeAt } from "../../../../model/node.ts";
import { didYouMean, listed } from "../../../../model/suggest.ts";
import { assistantContents, entriesOf, stringAt, type Entry } from "./content.ts";

/** The conversation flow of an assistant or of a version. */
interface Flow {
  readonly nodes: readonly Entry[];
  readonly edges: readonly Entry[];
  readonly flow: JsonObject;
  /** Reports at a path of the flow. */
  readonly report: (path: readonly string[], finding: Finding) => void;
}

function flowsIn(check: LintCheck): readonly Flow[] {
  return assistantContents(check).flatMap(({ own, node, subject }) => {
    const flow = own["conversation_flow"];
    if (!isObject(flow)) return [];
    const report: Flow["report"] = (path, finding) =>
      check.report({
        ...finding,
        at: nodeAt(node, ["conversation_flow", ...path]),
        address: subject.address,
      });
    return [{ flow, nodes: entriesOf(flow["nodes"]), edges: entriesOf(flow["edges"]), report }];
  });
}

/** RC3014: the start and both ends of every edge are nodes of the flow. */
export const flowEnds: Lint = (check) => {
  for (const { flow, nodes, edges, report } of flowsIn(check)) {
    const ids = new Set(nodes.flatMap(({ item }) => stringAt(item, "id") ?? []));
    let count = 0;
    const checkEnd = (id: string | undefined, path: readonly string[]) => {
      if (id === undefined || ids.has(id) || ++count > ENOUGH) return;
      const hint = didYouMean(id, ids) ?? (ids.size > 0 ? `nodes: ${listed([...ids])}` : undefined);
      report(path, { code: "RC3014", message: `the flow has no node "${id}"`, hint });
    };
    checkEnd(stringAt(flow, "start_node_id"), ["start_node_id"]);
    for (const { index, item } of edges) {
      checkEnd(stringAt(item, "start_node_id"), ["edges", String(index), "start_node_id"]);
      checkEnd(stringAt(item["target"], "node_id"), ["edges", String(index), "target", "node_id"]);
    }
  }
};

/** RC3015: ids of nodes and edges are unique. */
export const flowIds: Lint = (check) => {
  for (const { nodes, edges, report } of flowsIn(check)) {
    for (const [list, entries] of [
      ["nodes", nodes],
      ["edges", edges],
    ] as const) {
      const seen = new Set<string>();
      for (const { index, item } of entries) {
        const id = stringAt(item, "id");
        if (id === undefined) continue;
        const message = `the flow already has ${list === "nodes" ? "a node" : "an edge"} "${id}"`;
        if (seen.has(id)) report([list, String(index), "id"], { code: "RC3015", message });
        seen.add(id);
      }
    }
  }
};

/** RC3025: default edges leave tool and speak nodes, one each. */
export const flowDefaults: Lint = (check) => {
  for (const flow of flowsIn(check)) {
    const byStart = edgesByStart(flow.edges);
    for (const node of flow.nodes) {
      const id = stringAt(node.item, "id");
      checkDefaults(flow, node, id === undefined ? [] : (byStart.get(id) ?? []));
    }
  }
};

function edgesByStart(edges: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const byStart = new Map<string, Entry[]>();
  for (const edge of edges) {
    const start = stringAt(edge.item, "start_node_id") ?? "";
    const others = byStart.get(start);
    if (others === undefined) byStart.set(start, [edge]);
    else others.push(edge);
  }
  return byStart;
}

function checkDefaults({ report }: Flow, { index, item }: Entry, leaving: readonly Entry[]): void {
  const id = stringAt(item, "id");
  const type = stringAt(item, "type") ?? "prompt";
  const needsDefault = type === "tool" || type === "speak";
  const [first, second] = leaving.filter((edge) => property(edge.item["condition"], "type") === "default");
  if (type === "prompt" && first !== undefined) {
    report(conditionOf(first), { code: "RC3025", message: "a default edge cannot leave a prompt node" });
  } else if (needsDefault && second !== undefined) {
    report(conditionOf(second), { code: "RC3025", message: `node "${id}" already has a default edge` });
  } else if (needsDefault && leaving.length > 0 && first === undefined) {
    const message = `node "${id}" has edges, but no default edge`;
    const hint = "add an edge with the condition `{ type: default }`";
    report(["nodes", String(index), "id"], { code: "RC3025", message, hint });
  }
}

function conditionOf({ index }: Entry): readonly string[] {
  return ["edges", String(index), "condition"];
}
