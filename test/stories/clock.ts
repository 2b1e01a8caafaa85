import { setImmediate, setTimeout } from "node:timers/promises";
import { runtime as real } from "../../src/host/runtime.ts";
import type { Runtime } from "../../src/model/runtime.ts";
import { isDeadline } from "../hasty.ts";

/** Time that passes by waiting: a wait is over at once, and the clock has moved on. */
export interface Clock {
  now(): number;
  pass(milliseconds: number): void;
  readonly runtime: Runtime;
}

export function startClock(): Clock {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const until = (moment: number) => {
    ahead = Math.max(ahead, moment - Date.now());
  };
  return {
    now,
    pass: (milliseconds) => until(now() + milliseconds),
    runtime: {
      ...real,
      now: () => new Date(now()),
      random: () => 0.5,
      async sleep(milliseconds, signal) {
        // It keeps no process alive.
        if (isDeadline(milliseconds, signal)) {
          await setTimeout(milliseconds, undefined, { signal, ref: false });
          return;
        }
        const moment = now() + milliseconds;
        await setImmediate(undefined, signal === undefined ? {} : { signal });
        until(moment);
      },
    },
  };
}
