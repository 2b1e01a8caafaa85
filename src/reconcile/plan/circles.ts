/** A directed graph: for each id, where its edges lead to and where they come from. */
export interface Edges {
  readonly ahead: (id: string) => Iterable<string>;
  readonly behind: (id: string) => Iterable<string>;
}

/**
 * The parts of a graph within which every node is reached from every other one, by id. A node in no circle is a part
 * of its own. Edges out of `ids` do not count.
 */
export function circlesIn(ids: ReadonlySet<string>, edges: Edges): ReadonlyMap<string, ReadonlySet<string>> {
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
