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
    const next = startable.find(({ wants }) => !wants.some(isOpen)) ?? mostAwaited(startable, waiting);
    if (next === undefined) break;
    broken.push(...next.wants.filter(isOpen).map((to) => ({ from: next.id, to })));
    waiting.delete(next.id);
    order.push(next.id);
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

function mostAwaited(candidates: readonly Node[], waiting: ReadonlyMap<string, Node>): Node | undefined {
  const waiters = ({ id }: Node) =>
    [...waiting.values()].filter(({ wants, needs }) => [...wants, ...needs].includes(id));
  return candidates
    .map((node) => ({ node, count: waiters(node).length }))
    .reduce<{ node: Node; count: number } | undefined>(
      (best, one) => (best === undefined || one.count > best.count ? one : best),
      undefined,
    )?.node;
}
