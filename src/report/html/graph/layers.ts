import type { Graph, GraphEdge } from "./references.ts";

/** Nodes in columns, from those that refer to those that are referred to. */
export interface Layers {
  readonly columns: readonly (readonly string[])[];
  /** Each edge from left to right, as the slots it passes; `back`: the arrow points left, `both`: it has two heads. */
  readonly routes: readonly Route[];
}

export interface Route {
  readonly from: string;
  readonly to: string;
  readonly back: boolean;
  readonly both: boolean;
  /** One slot a column; those between the ends are bends, which take a place of their own. */
  readonly slots: readonly string[];
}

const SWEEPS = 8;

/** Sugiyama's method in its simplest form: break cycles, take columns, sort them until few edges cross. */
export function layersOf(graph: Graph): Layers {
  const edges = rightward(graph);
  const column = columnsOf(
    graph.nodes.map(({ id }) => id),
    edges,
  );
  const routes = edges.map((edge): Route => routeOf(edge, column));
  const depth = Math.max(0, ...column.values()) + 1;
  const columns = Array.from({ length: depth }, (): string[] => []);
  for (const { id } of graph.nodes) columns[column.get(id) ?? 0]?.push(id);
  for (const { from, slots } of routes) {
    const first = column.get(from) ?? 0;
    for (const [index, slot] of slots.entries())
      if (index > 0 && index < slots.length - 1) columns[first + index]?.push(slot);
  }
  return { columns: untangled(columns, routes), routes };
}

interface Rightward extends GraphEdge {
  readonly back: boolean;
  readonly both: boolean;
}

/** Every edge so that none closes a circle; a pair of opposite edges is one line. */
function rightward({ nodes, edges }: Graph): readonly Rightward[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) targets.set(from, [...(targets.get(from) ?? []), to]);
  const order = new Map<string, number>();
  const open = new Set<string>();
  const turned = new Set<string>();
  const visit = (id: string): void => {
    open.add(id);
    for (const to of targets.get(id) ?? []) {
      if (open.has(to)) turned.add(JSON.stringify([id, to]));
      else if (!order.has(to)) visit(to);
    }
    open.delete(id);
    order.set(id, order.size);
  };
  const isTarget = new Set(edges.map(({ to }) => to));
  for (const { id } of nodes) if (!isTarget.has(id)) visit(id);
  for (const { id } of nodes) if (!order.has(id)) visit(id);
  const result = new Map<string, Rightward>();
  for (const { from, to } of edges) {
    const back = turned.has(JSON.stringify([from, to]));
    const [left, right] = back ? [to, from] : [from, to];
    const key = JSON.stringify([left, right]);
    const known = result.get(key);
    const both = known !== undefined && known.back !== back;
    result.set(key, { from: left, to: right, back: both ? false : back, both });
  }
  return [...result.values()];
}

/** As far left as what refers to it allows; then everything that nobody refers to moves up to its first target. */
function columnsOf(ids: readonly string[], edges: readonly GraphEdge[]): ReadonlyMap<string, number> {
  const sources = new Map<string, string[]>();
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) {
    sources.set(to, [...(sources.get(to) ?? []), from]);
    targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const column = new Map<string, number>();
  const place = (id: string): number => {
    const known = column.get(id);
    if (known !== undefined) return known;
    const at = (sources.get(id) ?? []).reduce((most, source) => Math.max(most, place(source) + 1), 0);
    column.set(id, at);
    return at;
  };
  for (const id of ids) place(id);
  for (const id of ids) {
    const right = targets.get(id) ?? [];
    if (sources.has(id) || right.length === 0) continue;
    column.set(id, Math.min(...right.map((target) => column.get(target) ?? 0)) - 1);
  }
  return column;
}

function routeOf(edge: Rightward, column: ReadonlyMap<string, number>): Route {
  return { ...edge, slots: slotsOf(edge, column) };
}

function slotsOf({ from, to }: GraphEdge, column: ReadonlyMap<string, number>): readonly string[] {
  const length = (column.get(to) ?? 0) - (column.get(from) ?? 0);
  const bends = Array.from({ length: Math.max(0, length - 1) }, (_, index) =>
    JSON.stringify([from, to, index]),
  );
  return [from, ...bends, to];
}

/** Each column sorted by the middle of its neighbours, to the right and back again. */
function untangled(
  columns: readonly (readonly string[])[],
  routes: readonly Route[],
): readonly (readonly string[])[] {
  const neighbours = neighboursOf(routes);
  const result = columns.map((column) => [...column]);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const rightward = sweep % 2 === 0;
    const order = [...result.keys()];
    for (const at of rightward ? order : order.reverse()) {
      const beside = new Map((result[rightward ? at - 1 : at + 1] ?? []).map((slot, index) => [slot, index]));
      const column = result[at] ?? [];
      const weights = new Map(
        column.map((slot, index) => {
          const places = (neighbours.get(slot) ?? []).flatMap((other) => beside.get(other) ?? []);
          return [slot, places.length === 0 ? index : mean(places)];
        }),
      );
      column.sort((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
    }
  }
  return result;
}

export function neighboursOf(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const result = new Map<string, string[]>();
  const add = (slot: string, other: string) => result.set(slot, [...(result.get(slot) ?? []), other]);
  for (const { slots } of routes) {
    for (const [index, slot] of slots.entries()) {
      const next = slots[index + 1];
      if (next === undefined) continue;
      add(slot, next);
      add(next, slot);
    }
  }
  return result;
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
