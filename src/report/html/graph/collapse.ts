import { grouped } from "../../../model/grouped.ts";
import type { Action } from "../../../model/plan.ts";
import { OUTCOMES } from "../../resource-view.ts";
import type { Graph, GraphNode } from "./references.ts";

/** Up to this number, each resource has its own box. */
const FEW_NODES = 16;
/** A picture with more nodes cannot be read. */
const MOST_NODES = 40;

/**
 * A picture that can be read: what plays the same part, that is refers to the same and is referred to by the same,
 * stands together; where that is not enough, all that has the same kind and fate does.
 */
export function collapsed(graph: Graph): Graph {
  if (graph.nodes.length <= FEW_NODES) return graph;
  const alike = joined(graph, samePart(graph));
  if (alike.nodes.length <= MOST_NODES) return alike;
  return joined(graph, ({ kind, action }) => JSON.stringify([kind, action]));
}

function samePart({ edges }: Graph): (node: GraphNode) => string {
  const neighbours = new Map<string, string[]>();
  const add = (id: string, text: string) => neighbours.set(id, [...(neighbours.get(id) ?? []), text]);
  for (const { from, to } of edges) {
    add(from, `>${to}`);
    add(to, `<${from}`);
  }
  return ({ id, kind, action }) => JSON.stringify([kind, action, (neighbours.get(id) ?? []).sort()]);
}

function joined(graph: Graph, keyOf: (node: GraphNode) => string): Graph {
  const groups = grouped(graph.nodes, keyOf);
  const nodes = [...groups].map(([key, members]) => together(key, members));
  const groupOf = new Map<string, string>();
  for (const [key, members] of groups)
    for (const { id } of members) groupOf.set(id, members.length > 1 ? key : id);
  const edges = new Map<string, Graph["edges"][number]>();
  for (const { from, to } of graph.edges) {
    const edge = { from: groupOf.get(from) ?? from, to: groupOf.get(to) ?? to };
    if (edge.from !== edge.to) edges.set(JSON.stringify([edge.from, edge.to]), edge);
  }
  return { nodes, edges: [...edges.values()] };
}

const FATES: Readonly<Record<Action, string>> = { ...OUTCOMES, "no-op": "unchanged" };

function together(key: string, members: readonly GraphNode[]): GraphNode {
  const [first] = members;
  if (first === undefined || members.length === 1) return first ?? { id: key, kind: "", name: "", size: 0 };
  const { kind, action } = first;
  const name = `${members.length} ${action === undefined ? "unchanged" : FATES[action]}`;
  return { id: key, kind, name, size: members.length, ...(action === undefined ? {} : { action }) };
}
