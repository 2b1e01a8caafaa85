import fc from "fast-check";
import { expect, test } from "vitest";
import { orderOf, type Node } from "./graph.ts";

test("what is needed comes first", () => {
  const { order } = orderOf([
    { id: "canary", needs: ["assistant"], wants: ["version"] },
    { id: "version", needs: ["assistant"], wants: [] },
    { id: "assistant", needs: [], wants: ["tool"] },
    { id: "tool", needs: [], wants: [] },
  ]);
  expect(order).toEqual(["tool", "assistant", "version", "canary"]);
});

test("a cycle is broken once, at the node that most others wait for", () => {
  const desks = ["appointments", "billing", "support"];
  const { order, broken } = orderOf([
    { id: "front-desk", needs: [], wants: desks },
    ...desks.map((id) => ({ id, needs: [], wants: ["front-desk"] })),
  ]);
  expect(order).toEqual(["front-desk", ...desks]);
  expect(broken).toEqual(desks.map((to) => ({ from: "front-desk", to })));
});

test("what wants itself is a cycle of its own, and holds up nobody else", () => {
  const { order, broken } = orderOf([
    { id: "loop", needs: [], wants: ["loop"] },
    { id: "user", needs: [], wants: ["loop"] },
    ...["x", "y", "z"].map((id) => ({ id, needs: [], wants: ["user"] })),
  ]);
  expect(order).toEqual(["loop", "user", "x", "y", "z"]);
  expect(broken).toEqual([{ from: "loop", to: "loop" }]);
});

test("what needs itself is stuck", () => {
  expect(orderOf([{ id: "a", needs: ["a"], wants: [] }])).toEqual({ order: [], broken: [], stuck: ["a"] });
});

test("only a cycle is broken, not the way to it, however many wait there", () => {
  const { order, broken } = orderOf([
    { id: "front", needs: [], wants: ["back"] },
    { id: "back", needs: [], wants: ["front"] },
    { id: "hub", needs: [], wants: ["front"] },
    ...["x", "y", "z"].map((id) => ({ id, needs: [], wants: ["hub"] })),
  ]);
  expect(broken).toEqual([{ from: "front", to: "back" }]);
  expect(order).toEqual(["front", "back", "hub", "x", "y", "z"]);
});

test("needs in a circle are stuck, and the rest goes on", () => {
  const result = orderOf([
    { id: "a", needs: ["b"], wants: [] },
    { id: "b", needs: ["a"], wants: [] },
    { id: "c", needs: [], wants: [] },
  ]);
  expect(result).toEqual({ order: ["c"], broken: [], stuck: ["a", "b"] });
});

test("a want that is met all the same, because another cycle was broken, is not given up", () => {
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

test("nodes that wait for nothing have the order that they have among others", () => {
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

test("any graph of wants is ordered whole; only broken wants come later; file order does not count", () => {
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
