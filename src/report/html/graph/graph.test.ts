import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Plan } from "../../../model/plan.ts";
import { collapsed } from "./collapse.ts";
import { layersOf } from "./layers.ts";
import { NODE_HEIGHT, placementOf } from "./placement.ts";
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

test("whatever refers to what, every node has one place and every line goes to the right", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const { columns, routes } = layersOf(graph);
      const slots = columns.flat();
      expect(new Set(slots).size).toBe(slots.length);
      for (const { id } of graph.nodes) expect(slots).toContain(id);
      const columnOf = (slot: string) => columns.findIndex((column) => column.includes(slot));
      for (const route of routes) {
        const [first = "", ...rest] = route.slots;
        for (const [index, slot] of rest.entries()) expect(columnOf(slot)).toBe(columnOf(first) + index + 1);
      }
    }),
  );
});

test("every reference is in the picture, in its own direction", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const drawn = layersOf(graph).routes.flatMap(({ from, to, back, both }) => {
        const [onward, backward] = [`${from} ${to}`, `${to} ${from}`];
        return both ? [onward, backward] : [back ? backward : onward];
      });
      expect([...drawn].sort()).toEqual(graph.edges.map(({ from, to }) => `${from} ${to}`).sort());
    }),
  );
});

test("no two nodes of a column overlap, and nothing stands above the picture", () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const layers = layersOf(graph);
      const ids = new Set(graph.nodes.map(({ id }) => id));
      const { middles, height } = placementOf(layers, (slot) => ids.has(slot));
      for (const column of layers.columns) {
        const ys = column.filter((slot) => ids.has(slot)).map((slot) => middles.get(slot) ?? Number.NaN);
        for (const [index, y] of ys.entries()) {
          expect(y).toBeGreaterThanOrEqual(NODE_HEIGHT / 2);
          expect(y).toBeLessThanOrEqual(height - NODE_HEIGHT / 2);
          if (index > 0) expect(y - (ys[index - 1] ?? 0)).toBeGreaterThanOrEqual(NODE_HEIGHT);
        }
      }
    }),
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

test("references by address and by known id are found, its own id and other text are not", () => {
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

test("what a version has from its assistant is drawn once, there", () => {
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

test("a small picture keeps every name; a large one puts together what plays the same part", () => {
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

test("however many resources, the picture stays small and loses none", () => {
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
