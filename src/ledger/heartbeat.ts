import type { Runtime } from "../model/runtime.ts";
import { HEARTBEAT } from "./holder.ts";

export interface Heartbeat {
  /** No beat is under way when it returns, and none follows. */
  stop(): Promise<void>;
}

/** Beats until it is stopped. A beat that fails is no end: the next one may succeed, and the next write looks itself. */
export function startHeartbeat(runtime: Runtime, beat: () => Promise<void>): Heartbeat {
  const ended = new AbortController();
  const run = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await runtime.sleep(HEARTBEAT, ended.signal).catch(() => undefined);
      if (!ended.signal.aborted) await beat().catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      ended.abort();
      await running;
    },
  };
}
