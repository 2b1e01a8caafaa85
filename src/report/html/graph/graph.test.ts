import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../../../model/plan.ts";
import { collapsed } from "./collapse.ts";
import { layoutOf, NODE_HEIGHT } from "./layout.ts";
import { referencesOf, type Graph, type GraphNode } from "./references.ts";

const node = (id: string, parts: Partial<GraphNode> = {}): GraphNode => {
  const [kind = "", name = ""] = id.split("/");
  return { id, kind, name, size: 1, ...parts };
};

const graphs = fc
  .integer({ min: 2, max: 40 })
  .chain((count) =>
    fc.record({
      count: fc.constant(count),
      pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 120 }),
    }),
  )
  .map(({ count, pairs }): Graph => {
    const id = (index: number) => `Assistant/n${index}`;
    const edges = new Map(
      pairs
        .filter(([from, to]) => from !== to)
        .map(([from, to]) => [`${from} ${to}`, { from: id(from), to: id(to) }]),
    );
    return {
      nodes: Array.from({ length: count }, (_, index) => node(id(index))),
      edges: [...edges.values()],
    };
  });

const RUNS = { numRuns: 30 };

const laidOut = (graph: Graph) => layoutOf(graph, new Map(graph.nodes.map(({ id }) => [id, 100])));

test("every reference is drawn from one node to the other, in its direction", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { lines, boxes } = laidOut(graph);
      const drawn = lines.flatMap(({ from, to, both }) => [
        `${from} ${to}`,
        ...(both ? [`${to} ${from}`] : []),
      ]);
      expect([...drawn].sort()).toEqual(graph.edges.map(({ from, to }) => `${from} ${to}`).sort());
      for (const { from, to, points } of lines)
        for (const [id, point] of [[from, points[0]] as const, [to, points.at(-1)] as const]) {
          const { x = 0, y = 0, width = 0 } = boxes.get(id) ?? {};
          expect(Math.abs((point?.x ?? Number.NaN) - x)).toBeLessThanOrEqual(width / 2 + 0.01);
          expect(Math.abs((point?.y ?? Number.NaN) - y)).toBeLessThanOrEqual(NODE_HEIGHT / 2 + 0.01);
        }
    }),
    RUNS,
  );
});

test("a node is to the left of the nodes it refers to, except in a cycle", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const onward = { ...graph, edges: graph.edges.filter(({ from, to }) => from < to) };
      const { lines, boxes } = laidOut(onward);
      for (const { from, to } of lines) expect(boxes.get(from)?.x).toBeLessThan(boxes.get(to)?.x ?? Number.NaN);
    }),
    RUNS,
  );
});

test("nodes do not overlap and are inside the picture", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { boxes, width, height } = laidOut(graph);
      const all = [...boxes.values()];
      for (const [index, one] of all.entries()) {
        expect(one.x - one.width / 2).toBeGreaterThanOrEqual(0);
        expect(one.x + one.width / 2).toBeLessThanOrEqual(width);
        expect(one.y - NODE_HEIGHT / 2).toBeGreaterThanOrEqual(0);
        expect(one.y + NODE_HEIGHT / 2).toBeLessThanOrEqual(height);
        for (const other of all.slice(index + 1))
          expect(Math.abs(one.x - other.x) >= 100 || Math.abs(one.y - other.y) >= NODE_HEIGHT).toBe(true);
      }
    }),
    RUNS,
  );
});

const plan: Plan = {
  project: "acme",
  environment: "production",
  target: { baseUrl: "https://api.example", account: "4f1c" },
  ledger: { serial: 1 },
  changes: [],
  drift: [],
  refusals: [],
  steps: [],
  names: { "id-billing": "Assistant/billing", "id-desk": "Assistant/desk" },
  foreign: {},
  counts: { manifests: 0, live: 0 },
};

const quiet = { changes: [], unmanaged: [], risks: [] };

test("references by address and by known id are found, and its own id and other text are not", () => {
  const { edges, nodes } = referencesOf({
    ...plan,
    changes: [
      {
        ...quiet,
        address: "Assistant/desk",
        kind: "Assistant",
        action: "update",
        id: "id-desk",
        after: {
          id: "id-desk",
          tools: [{ handoff: { ai_assistants: [{ id: "id-billing" }] } }, { ref: "Tool/lookup" }],
          note: "ask id-billing",
        },
      },
      { ...quiet, address: "Tool/alone", kind: "Tool", action: "create", after: { name: "alone" } },
    ],
  });
  expect(edges).toEqual([
    { from: "Assistant/desk", to: "Assistant/billing" },
    { from: "Assistant/desk", to: "Tool/lookup" },
  ]);
  expect(nodes.map(({ id, action }) => [id, action])).toEqual([
    ["Assistant/desk", "update"],
    ["Assistant/billing", undefined],
    ["Tool/lookup", undefined],
  ]);
});

test("references that a version inherits are drawn only at its assistant", () => {
  const create = { ...quiet, action: "create" } as const;
  const tools = { tool_ids: [{ ref: "Tool/lookup" }] } as const;
  const { edges } = referencesOf({
    ...plan,
    changes: [
      { ...create, address: "Assistant/desk", kind: "Assistant", after: tools },
      {
        ...create,
        address: "AssistantVersion/next",
        kind: "AssistantVersion",
        after: { ...tools, mcp: { ref: "McpServer/crm" } },
      },
    ],
    steps: [
      {
        id: "AssistantVersion/next",
        address: "AssistantVersion/next",
        kind: "AssistantVersion",
        action: "create",
        needs: [],
        parent: "Assistant/desk",
      },
    ],
  });
  expect(edges.filter(({ from }) => from === "AssistantVersion/next").map(({ to }) => to)).toEqual([
    "McpServer/crm",
    "Assistant/desk",
  ]);
});

test("a small picture has every name; a large one groups resources with the same references", () => {
  const star = (count: number): Graph => ({
    nodes: [
      node("Assistant/desk"),
      ...Array.from({ length: count }, (_, index) => node(`Tool/t${index}`, { action: "create" })),
    ],
    edges: Array.from({ length: count }, (_, index) => ({ from: "Assistant/desk", to: `Tool/t${index}` })),
  });
  expect(collapsed(star(8)).nodes).toHaveLength(9);
  const { nodes, edges } = collapsed(star(300));
  expect(nodes.map(({ name, size }) => [name, size])).toEqual([
    ["desk", 1],
    ["300 created", 300],
  ]);
  expect(edges).toHaveLength(1);
});

test("a picture of any number of resources stays small and counts all of them", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(199), fc.nat(199)), { minLength: 100, maxLength: 600 }),
      fc.array(fc.constantFrom("Assistant", "Tool", "McpServer"), { minLength: 200, maxLength: 200 }),
      (pairs, kinds) => {
        const id = (index: number) => `${kinds[index]}/n${index}`;
        const graph: Graph = {
          nodes: kinds.map((_, index) => node(id(index))),
          edges: pairs.map(([from, to]) => ({ from: id(from), to: id(to) })),
        };
        const { nodes } = collapsed(graph);
        expect(nodes.length).toBeLessThanOrEqual(40);
        expect(nodes.reduce((sum, { size }) => sum + size, 0)).toBe(200);
      },
    ),
  );
});
