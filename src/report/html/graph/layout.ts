import { Graph as Layered, layout } from "@dagrejs/dagre";
import type { Graph, GraphEdge } from "./references.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Middle and width of a node. */
export interface Box extends Point {
  readonly width: number;
}

/** `both`: the nodes refer to each other. */
export interface Line extends GraphEdge {
  readonly both: boolean;
  readonly points: readonly Point[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly lines: readonly Line[];
}

export const NODE_HEIGHT = 44;
const MARGIN = 8;

/** Nodes in columns, from those that refer to those that are referred to. */
export function layoutOf(graph: Graph, widthOf: ReadonlyMap<string, number>): Layout {
  const layered = new Layered();
  layered.setGraph({
    rankdir: "LR",
    acyclicer: "greedy",
    nodesep: 14,
    edgesep: 8,
    ranksep: 84,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  for (const [id, width] of widthOf) layered.setNode(id, { width, height: NODE_HEIGHT });
  const edges = singleLines(graph.edges);
  for (const { from, to } of edges) layered.setEdge(from, to, {});
  layout(layered);
  const { width = 0, height = 0 } = layered.graph();
  return {
    width,
    height,
    boxes: new Map(graph.nodes.map(({ id }) => [id, layered.node(id) as Box])),
    lines: edges.map(({ from, to, both }) => {
      const { points } = layered.edge(from, to);
      return { from, to, both, points: points as Point[] };
    }),
  };
}

/** A pair of opposite edges is one line. */
function singleLines(edges: readonly GraphEdge[]): readonly Omit<Line, "points">[] {
  const all = new Set(edges.map(({ from, to }) => JSON.stringify([from, to])));
  return edges.flatMap(({ from, to }) => {
    const both = all.has(JSON.stringify([to, from]));
    return both && from > to ? [] : [{ from, to, both }];
  });
}
