import { mean, neighboursOf, type Layers } from "./layers.ts";

export const NODE_HEIGHT = 44;
const GAP = 14;
const BEND_HEIGHT = 4;
const ROUNDS = 12;

/** Where the middle of every slot stands, from the top. */
export interface Placement {
  readonly middles: ReadonlyMap<string, number>;
  readonly height: number;
}

/** Every slot as near to the middle of its neighbours as the order of its column allows. */
export function placementOf({ columns, routes }: Layers, isNode: (slot: string) => boolean): Placement {
  const neighbours = neighboursOf(routes);
  const heightOf = (slot: string) => (isNode(slot) ? NODE_HEIGHT : BEND_HEIGHT) + GAP;
  const middles = new Map<string, number>();
  for (const column of columns) {
    let top = 0;
    for (const slot of column) {
      middles.set(slot, top + heightOf(slot) / 2);
      top += heightOf(slot);
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const column of round % 2 === 0 ? columns : [...columns].reverse()) {
      const wished = column.map((slot) => {
        const beside = (neighbours.get(slot) ?? []).flatMap((other) => middles.get(other) ?? []);
        return beside.length === 0 ? (middles.get(slot) ?? 0) : mean(beside);
      });
      const places = settled(wished, column.map(heightOf));
      for (const [index, slot] of column.entries()) middles.set(slot, places[index] ?? 0);
    }
  }
  return shifted(middles, heightOf);
}

/**
 * The places nearest to those wished for that keep the order and the distances: neighbours that get in each other's
 * way form a block, which takes the mean of their wishes.
 */
function settled(wished: readonly number[], heights: readonly number[]): readonly number[] {
  const offsets: number[] = [];
  let sum = 0;
  for (const height of heights) {
    offsets.push(sum + height / 2);
    sum += height;
  }
  const blocks: { total: number; size: number }[] = [];
  for (const [index, wish] of wished.entries()) {
    let block = { total: wish - (offsets[index] ?? 0), size: 1 };
    for (
      let last = blocks.at(-1);
      last !== undefined && last.total / last.size > block.total / block.size;
      last = blocks.at(-1)
    ) {
      block = { total: last.total + block.total, size: last.size + block.size };
      blocks.pop();
    }
    blocks.push(block);
  }
  const starts = blocks.flatMap(({ total, size }) => Array.from({ length: size }, () => total / size));
  return wished.map((_, index) => (starts[index] ?? 0) + (offsets[index] ?? 0));
}

function shifted(middles: ReadonlyMap<string, number>, heightOf: (slot: string) => number): Placement {
  const edges = [...middles].map(([slot, middle]) => ({
    top: middle - heightOf(slot) / 2,
    bottom: middle + heightOf(slot) / 2,
  }));
  const first = edges.length === 0 ? 0 : Math.min(...edges.map((edge) => edge.top));
  const last = edges.length === 0 ? 0 : Math.max(...edges.map((edge) => edge.bottom));
  return {
    middles: new Map([...middles].map(([slot, middle]) => [slot, middle - first])),
    height: last - first,
  };
}
