import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Runtime } from "../model/runtime.ts";

/** The real clock and real chance. */
export const runtime: Runtime = {
  now: () => new Date(),
  random: () => Math.random(),
  uuid: () => randomUUID(),
  sleep: async (milliseconds, signal) => {
    await setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};
