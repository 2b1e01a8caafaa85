/** The clock of the emulator. It can be advanced. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  advance(milliseconds: number): void;
  reset(): void;
}

export function createClock(now: () => number): Clock {
  let added = 0;
  return {
    now: () => now() + added,
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new Error("the clock only moves forward");
      added += milliseconds;
    },
    reset() {
      added = 0;
    },
  };
}
