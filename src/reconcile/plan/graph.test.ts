import fc from "fast-check";
import { expect, test } from "vitest";
import { orderOf, type Node } from "./graph.ts";

test("dependencies come first", () => {
  const { order } = orderOf([
    { id: "canary", needs: ["assistant"], wants: ["version"] },
    { id: "version", needs: ["assistant"], wants: [] },
    { id: "assistant", needs: [], wants: ["tool"] },
    { id: "tool", needs: [], wants: [] },
  ]);
  expect(order).toEqual(["tool", "assistant", "version", "canary"]);
});

test("a cycle is broken once, at the node with the most dependents", () => {
  const desks = ["appointments", "billing", "support"];
  const { order, broken } = orderOf([
    { id: "front-desk", needs: [], wants: desks },
    ...desks.map((id) => ({ id, needs: [], wants: ["front-desk"] })),
  ]);
  expect(order).toEqual(["front-desk", ...desks]);
  expect(broken).toEqual(desks.map((to) => ({ from: "front-desk", to })));
});

test("a soft dependency on itself is a cycle and blocks no other node", () => {
  const { order, broken } = orderOf([
    { id: "loop", needs: [], wants: ["loop"] },
    { id: "user", needs: [], wants: ["loop"] },
    ...["x", "y", "z"].map((id) => ({ id, needs: [], wants: ["user"] })),
  ]);
  expect(order).toEqual(["loop", "user", "x", "y", "z"]);
  expect(broken).toEqual([{ from: "loop", to: "loop" }]);
});

test("a node that needs itself is stuck", () => {
  expect(orderOf([{ id: "a", needs: ["a"], wants: [] }])).toEqual({ order: [], broken: [], stuck: ["a"] });
});

test("only edges of a cycle are broken, not edges that lead to it", () => {
  const { order, broken } = orderOf([
    { id: "front", needs: [], wants: ["back"] },
    { id: "back", needs: [], wants: ["front"] },
    { id: "hub", needs: [], wants: ["front"] },
    ...["x", "y", "z"].map((id) => ({ id, needs: [], wants: ["hub"] })),
  ]);
  expect(broken).toEqual([{ from: "front", to: "back" }]);
  expect(order).toEqual(["front", "back", "hub", "x", "y", "z"]);
});

test("a cycle of hard dependencies is stuck, and other nodes are ordered", () => {
  const result = orderOf([
    { id: "a", needs: ["b"], wants: [] },
    { id: "b", needs: ["a"], wants: [] },
    { id: "c", needs: [], wants: [] },
  ]);
  expect(result).toEqual({ order: ["c"], broken: [], stuck: ["a", "b"] });
});

test("a soft dependency that can be satisfied after another cycle is broken is kept", () => {
  const graph = [
    { id: "a", needs: [], wants: ["d", "e"] },
    { id: "b", needs: [], wants: ["c"] },
    { id: "c", needs: [], wants: ["c", "d", "g"] },
    { id: "d", needs: [], wants: ["a", "d"] },
    { id: "e", needs: [], wants: ["c"] },
    { id: "g", needs: [], wants: ["g"] },
  ];
  const { order, broken } = orderOf(graph);
  expect(order).toHaveLength(graph.length);
  for (const { from, to } of broken) expect(order.indexOf(to)).toBeGreaterThanOrEqual(order.indexOf(from));
});

test("nodes without dependencies keep their order", () => {
  const free = fc.array(fc.string().map((id) => ({ id: `n${id}`, needs: [], wants: [] })));
  const others = [
    { id: "~1", needs: ["~2"], wants: [] },
    { id: "~2", needs: [], wants: [] },
  ];
  fc.assert(
    fc.property(free, (alone) => {
      const { order } = orderOf([...alone, ...others]);
      expect(orderOf(alone)).toEqual({
        order: order.filter((id) => !id.startsWith("~")),
        broken: [],
        stuck: [],
      });
    }),
  );
});

test("chains of any length and any number of cycles are ordered", () => {
  const name = (index: number) => `n${String(index).padStart(5, "0")}`;
  const chain = Array.from({ length: 20_000 }, (_, index) => ({
    id: name(index),
    needs: index === 0 ? [] : [name(index - 1)],
    wants: index === 0 ? [name(1)] : [],
  }));
  const pairs = Array.from({ length: 200 }, (_, index) => ({
    id: name(index),
    needs: [],
    wants: [name(index ^ 1)],
  }));
  expect(orderOf(chain).order).toEqual(chain.map(({ id }) => id));
  expect(orderOf(pairs).broken).toHaveLength(100);
});

const ids = fc.constantFrom("a", "b", "c", "d", "e", "f", "g");
const nodes: fc.Arbitrary<Node[]> = fc.uniqueArray(
  fc.record({ id: ids, needs: fc.constant([]), wants: fc.uniqueArray(ids, { maxLength: 4 }) }),
  { selector: ({ id }) => id, minLength: 1 },
);

test("any graph of soft dependencies is ordered completely, independent of file order", () => {
  fc.assert(
    fc.property(nodes, fc.infiniteStream(fc.nat()), (graph, chance) => {
      const { order, broken } = orderOf(graph);
      expect([...order].sort()).toEqual(graph.map(({ id }) => id).sort());
      for (const { id, wants } of graph) {
        for (const want of wants.filter((other) => other !== id && order.includes(other))) {
          const isBroken = broken.some(({ from, to }) => from === id && to === want);
          expect(order.indexOf(want) < order.indexOf(id)).toBe(!isBroken);
        }
      }
      for (const { from, to } of broken) expect(reaches(graph, to, from)).toBe(true);
      const shuffled = [...graph].sort(() => ((chance.next().value ?? 0) % 2) - 0.5);
      expect(orderOf(shuffled)).toEqual(orderOf(graph));
    }),
  );
});

function reaches(graph: readonly Node[], from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (graph.find(({ id }) => id === from)?.wants ?? []).some((next) => reaches(graph, next, to, seen));
}
