import { createHash, randomUUID } from "node:crypto";

/** Makes ids and random numbers; repeatable with a seed. */
export interface Chance {
  uuid(): string;
  /** At least 0, and less than 1. */
  random(): number;
  /** The number of ids that were made; a saved state continues after it. */
  drawn: number;
}

export function createChance(seed: number | undefined): Chance {
  let state = (seed ?? 0) >>> 0;
  return {
    drawn: 0,
    uuid() {
      this.drawn += 1;
      return seed === undefined ? randomUUID() : uuidOf(`${seed}:${this.drawn}`);
    },
    random() {
      if (seed === undefined) return Math.random();
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}

/** The same id for the same name. */
export function uuidOf(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
