/** A node and its dependencies. A node that depends on itself is a cycle as well. */
export interface Node {
  readonly id: string;
  /** Must come before. */
  readonly needs: readonly string[];
  /** Soft dependencies: should come before, but can be completed afterwards. A cycle is broken at one of these. */
  readonly wants: readonly string[];
}

export interface Order {
  /** Each id after its needs, and after its wants that are not in `broken`. */
  readonly order: readonly string[];
  /** Wants that were broken: `from` runs without `to` and is completed later. */
  readonly broken: readonly Edge[];
  /** Ids in a cycle of hard dependencies: they cannot be ordered. */
  readonly stuck: readonly string[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** A node that is not in the order yet. */
interface Waiting {
  readonly id: string;
  /** What it still needs and wants. */
  readonly needs: Set<string>;
  readonly wants: Set<string>;
  /** Those that need or want it. */
  readonly waiters: Set<string>;
}

type Circles = Map<string, ReadonlySet<string>>;

/**
 * A deterministic topological order. Where a cycle leaves no node ready, the node that most others wait for goes first
 * and its wants are broken: a front desk is created before the five desks that hand back to it. Each node and each edge
 * outside of cycles is visited once.
 */
export function orderOf(nodes: readonly Node[]): Order {
  if (nodes.every(isFree))
    return { order: [...new Set(nodes.map(({ id }) => id).sort())], broken: [], stuck: [] };
  const waiting = waitingOf(nodes);
  const ready = smallestFirst();
  for (const node of waiting.values()) if (isReady(node)) ready.push(node.id);
  const order: string[] = [];
  const broken: Edge[] = [];
  let circles: Circles | undefined;
  while (waiting.size > 0) {
    const id = ready.pop();
    if (id !== undefined) {
      order.push(id);
      for (const waiter of placed(id, waiting)) ready.push(waiter);
      continue;
    }
    circles ??= new Map(circlesIn(new Set(waiting.keys()), edgesOf(waiting)));
    const loosened = pickCycleBreaker(waiting, circles);
    if (loosened === undefined) break;
    broken.push(...loosen(loosened, waiting, circles));
    if (isReady(loosened.node)) ready.push(loosened.node.id);
  }
  return { order, broken: stillBroken(broken, order), stuck: [...waiting.keys()] };
}

/** It waits for nothing, as most nodes of a first apply do. */
function isFree({ needs, wants }: Node): boolean {
  return needs.length === 0 && wants.length === 0;
}

function waitingOf(nodes: readonly Node[]): Map<string, Waiting> {
  const sorted = [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1));
  const waiting = new Map(sorted.map(({ id }) => [id, newWaiting(id)]));
  const byId = new Map(sorted.map((node) => [node.id, node]));
  for (const { id, needs, wants } of byId.values()) {
    const node = waiting.get(id);
    for (const need of needs) if (waiting.get(need)?.waiters.add(id) !== undefined) node?.needs.add(need);
    for (const want of [...wants].sort())
      if (node?.needs.has(want) === false && waiting.get(want)?.waiters.add(id) !== undefined)
        node.wants.add(want);
  }
  return waiting;
}

function newWaiting(id: string): Waiting {
  return { id, needs: new Set(), wants: new Set(), waiters: new Set() };
}

function isReady({ needs, wants }: Waiting): boolean {
  return needs.size === 0 && wants.size === 0;
}

/** Removes a node from those that wait, and returns the nodes that become ready. */
function placed(id: string, waiting: Map<string, Waiting>): readonly string[] {
  const node = waiting.get(id);
  waiting.delete(id);
  return [...(node?.waiters ?? [])].filter((waiter) => {
    const other = waiting.get(waiter);
    const wasWaiting = other?.needs.delete(id) === true || other?.wants.delete(id) === true;
    return wasWaiting && other !== undefined && isReady(other);
  });
}

function edgesOf(waiting: ReadonlyMap<string, Waiting>): Edges {
  return {
    ahead: (id) => [...(waiting.get(id)?.wants ?? []), ...(waiting.get(id)?.needs ?? [])],
    behind: (id) => waiting.get(id)?.waiters ?? [],
  };
}

interface Loosened {
  readonly node: Waiting;
  /** Its wants that are part of the cycle. If there are none, all of its wants are broken. */
  readonly back: readonly string[];
}

/** The node of a cycle that most others wait for. Breaking a node outside of the cycle would not help. */
function pickCycleBreaker(waiting: ReadonlyMap<string, Waiting>, circles: Circles): Loosened | undefined {
  const startable = [...waiting.values()].filter(({ needs }) => needs.size === 0);
  const all = startable.map((node): Loosened => {
    const circle = circles.get(node.id);
    return { node, back: [...node.wants].filter((to) => circle?.has(to) === true) };
  });
  const circular = all.filter(({ back }) => back.length > 0);
  const choice = circular.length > 0 ? circular : all.map(({ node }) => ({ node, back: [...node.wants] }));
  return choice.reduce<Loosened | undefined>(
    (best, next) => (best === undefined || next.node.waiters.size > best.node.waiters.size ? next : best),
    undefined,
  );
}

/** Breaks the wants inside the cycle, which may leave several smaller cycles. */
function loosen(
  { node, back }: Loosened,
  waiting: ReadonlyMap<string, Waiting>,
  circles: Circles,
): readonly Edge[] {
  for (const to of back) {
    node.wants.delete(to);
    waiting.get(to)?.waiters.delete(node.id);
  }
  const rest = new Set(circles.get(node.id));
  rest.delete(node.id);
  circles.set(node.id, new Set([node.id]));
  for (const [id, circle] of circlesIn(rest, edgesOf(waiting))) circles.set(id, circle);
  return back.map((to) => ({ from: node.id, to }));
}

/** A broken soft dependency may still be satisfied, if another cycle was broken before its node was reached. */
function stillBroken(broken: readonly Edge[], order: readonly string[]): readonly Edge[] {
  const places = new Map(order.map((id, place) => [id, place]));
  const placeOf = (id: string) => places.get(id) ?? order.length;
  return broken.filter(({ from, to }) => placeOf(to) >= placeOf(from));
}

/** A priority queue of texts, smallest first. */
interface Queue {
  push(text: string): void;
  pop(): string | undefined;
}

/** A binary heap: each text is smaller than the two below it. */
function smallestFirst(): Queue {
  const heap: string[] = [];
  const isBefore = (one: number, other: number) => (heap[one] ?? "") < (heap[other] ?? "");
  const swap = (one: number, other: number): void => {
    [heap[one], heap[other]] = [heap[other] ?? "", heap[one] ?? ""];
  };
  const smallest = (at: number): number => {
    let found = at;
    for (const below of [2 * at + 1, 2 * at + 2])
      if (below < heap.length && isBefore(below, found)) found = below;
    return found;
  };
  return {
    push(text) {
      let at = heap.push(text) - 1;
      for (let above = (at - 1) >> 1; at > 0 && isBefore(at, above); above = (at - 1) >> 1) {
        swap(at, above);
        at = above;
      }
    },
    pop() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      heap[0] = last;
      let at = 0;
      for (let next = smallest(at); next !== at; next = smallest(at)) {
        swap(at, next);
        at = next;
      }
      return first;
    },
  };
}

/** A directed graph: for each id, where its edges lead to and where they come from. */
interface Edges {
  readonly ahead: (id: string) => Iterable<string>;
  readonly behind: (id: string) => Iterable<string>;
}

/**
 * The parts of a graph within which every node is reached from every other one, by id. A node in no circle is a part
 * of its own. Edges out of `ids` do not count.
 */
function circlesIn(ids: ReadonlySet<string>, edges: Edges): ReadonlyMap<string, ReadonlySet<string>> {
  const circles = new Map<string, ReadonlySet<string>>();
  for (const start of leftLast(ids, edges.ahead).toReversed()) {
    if (circles.has(start)) continue;
    const circle = new Set([start]);
    const open = [start];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      circles.set(id, circle);
      for (const next of edges.behind(id)) {
        if (!ids.has(next) || circles.has(next) || circle.has(next)) continue;
        circle.add(next);
        open.push(next);
      }
    }
  }
  return circles;
}

/** All ids, each after those that are reached from it and were not seen before. */
function leftLast(ids: ReadonlySet<string>, ahead: Edges["ahead"]): readonly string[] {
  const seen = new Set<string>();
  const left: string[] = [];
  for (const start of ids) {
    if (seen.has(start)) continue;
    const path = [{ id: start, next: ahead(start)[Symbol.iterator]() }];
    seen.add(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { done, value } = top.next.next();
      if (done === true) left.push(path.pop()?.id ?? "");
      else if (ids.has(value) && !seen.has(value)) {
        seen.add(value);
        path.push({ id: value, next: ahead(value)[Symbol.iterator]() });
      }
    }
  }
  return left;
}
