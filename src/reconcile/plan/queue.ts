/** A priority queue of texts, smallest first. */
export interface Queue {
  push(text: string): void;
  pop(): string | undefined;
}

/** A binary heap: each text is smaller than the two below it. */
export function smallestFirst(): Queue {
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
