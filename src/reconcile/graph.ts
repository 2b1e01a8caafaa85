/** A node with the nodes that come before it; one that wants itself is a cycle, too. */
export interface Node {
  readonly id: string;
  /** Must come before. */
  readonly needs: readonly string[];
  /** Should come before, but can be completed afterwards: where a cycle may be broken. */
  readonly wants: readonly string[];
}

export interface Order {
  /** Each id after all that it needs and, unless `broken` says so, wants. */
  readonly order: readonly string[];
  /** Wants that close a cycle: `from` is done without `to` and completed later. */
  readonly broken: readonly Edge[];
  /** Ids that need each other in a circle: they cannot be done. */
  readonly stuck: readonly string[];
}

export interface Edge {
  readonly from: string;
  readonly to: string;
}

/**
 * A deterministic order. Where a cycle leaves nothing that is ready, the node that most others wait for goes first
 * and its own wants are broken: a front desk is created before the five desks that hand back to it.
 */
export function orderOf(nodes: readonly Node[]): Order {
  const known = new Set(nodes.map(({ id }) => id));
  const waiting = new Map(
    [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1)).map((node) => [node.id, withKnown(node, known)] as const),
  );
  const order: string[] = [];
  const broken: Edge[] = [];
  const isOpen = (id: string) => waiting.has(id);
  while (waiting.size > 0) {
    const startable = [...waiting.values()].filter(({ needs }) => !needs.some(isOpen));
    const ready = startable.find(({ wants }) => !wants.some(isOpen));
    if (ready !== undefined) {
      waiting.delete(ready.id);
      order.push(ready.id);
      continue;
    }
    const loosened = mostAwaited(startable, waiting);
    if (loosened === undefined) break;
    const { node, back } = loosened;
    broken.push(...back.map((to) => ({ from: node.id, to })));
    waiting.set(node.id, { ...node, wants: node.wants.filter((to) => !back.includes(to)) });
  }
  return { order, broken, stuck: [...waiting.keys()] };
}

function withKnown(node: Node, known: ReadonlySet<string>): Node {
  const others = (ids: readonly string[]) => [...new Set(ids)].filter((id) => known.has(id));
  const needs = others(node.needs);
  return {
    id: node.id,
    needs,
    wants: others(node.wants)
      .filter((id) => !needs.includes(id))
      .sort(),
  };
}

interface Loosened {
  readonly node: Node;
  /** Its wants that lead back to it. Without any, nothing can be ready before it and all are given up. */
  readonly back: readonly string[];
}

/** Of those in a cycle the one that most wait for: leaving anything else unfinished would open no cycle. */
function mostAwaited(candidates: readonly Node[], waiting: ReadonlyMap<string, Node>): Loosened | undefined {
  const all = candidates.map((node): Loosened => ({
    node,
    back: node.wants.filter((to) => waiting.has(to) && reaches(to, node.id, waiting)),
  }));
  const circular = all.filter(({ back }) => back.length > 0);
  const choice = circular.length > 0 ? circular : all.map(({ node }) => ({ node, back: node.wants }));
  const waiters = ({ node }: Loosened) =>
    [...waiting.values()].filter(({ wants, needs }) => [...wants, ...needs].includes(node.id)).length;
  return choice
    .map((one) => ({ one, count: waiters(one) }))
    .reduce<{ one: Loosened; count: number } | undefined>(
      (best, next) => (best === undefined || next.count > best.count ? next : best),
      undefined,
    )?.one;
}

function reaches(from: string, to: string, waiting: ReadonlyMap<string, Node>): boolean {
  const seen = new Set([from]);
  const ahead = [from];
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    if (id === to) return true;
    const node = waiting.get(id);
    for (const next of [...(node?.wants ?? []), ...(node?.needs ?? [])]) {
      if (seen.has(next) || !waiting.has(next)) continue;
      seen.add(next);
      ahead.push(next);
    }
  }
  return false;
}
