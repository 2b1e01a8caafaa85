import { runtime } from "../src/host/runtime.ts";
import type { Runtime } from "../src/model/runtime.ts";

/**
 * A longer wait that can be ended is a deadline or a heartbeat. It is kept as it is: on a loaded machine, Git may need
 * longer than a hundredth of its time limit, and a lock that is renewed all the time starts a process each time.
 */
const DEADLINE = 10_000;

export function isDeadline(milliseconds: number, signal: AbortSignal | undefined): boolean {
  return signal !== undefined && milliseconds >= DEADLINE;
}

/** Pauses are a hundred times shorter. */
export const HASTY: Runtime = {
  ...runtime,
  sleep: (milliseconds, signal) =>
    runtime.sleep(isDeadline(milliseconds, signal) ? milliseconds : milliseconds / 100, signal),
};
