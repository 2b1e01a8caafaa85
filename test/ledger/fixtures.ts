import { hostname } from "node:os";
import { runtime } from "../../src/host/runtime.ts";
import { HEARTBEAT } from "../../src/ledger/holder.ts";
import type { Fact, Intent, LedgerEntry, LockHolder } from "../../src/model/ledger.ts";
import type { Runtime } from "../../src/model/runtime.ts";

export { runtime };

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** No process has such a high number. */
export const NOBODY = 2 ** 30;

export const ALICE: LockHolder = { who: "alice", host: hostname(), pid: process.pid, operation: "apply" };
export const BOB: LockHolder = { ...ALICE, who: "bob" };

/** The real clock, set forward; waits take the time they take. */
export function later(milliseconds: number): Runtime {
  return { ...runtime, now: () => new Date(runtime.now().getTime() + milliseconds) };
}

/** A clock that stands further ahead when it is told to, and a heart that beats when it is told to. */
export interface ManualHeart {
  readonly runtime: Runtime;
  pass(milliseconds: number): void;
  /** One beat, to its end. */
  beat(): Promise<void>;
}

export function manualHeart(): ManualHeart {
  let shift = 0;
  let [wake, rest] = [() => {}, () => {}];
  const nextRest = () => new Promise<void>((resolve) => (rest = resolve));
  let resting = nextRest();
  const untilNext = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      wake = resolve;
      signal?.addEventListener("abort", () => reject(new Error("stopped")));
      rest();
    });
  return {
    runtime: {
      ...runtime,
      now: () => new Date(runtime.now().getTime() + shift),
      sleep: (milliseconds, signal) =>
        milliseconds === HEARTBEAT ? untilNext(signal) : runtime.sleep(milliseconds, signal),
    },
    pass: (milliseconds) => void (shift += milliseconds),
    async beat() {
      await resting;
      resting = nextRest();
      wake();
      await resting;
    },
  };
}

function entry(id: string): LedgerEntry {
  return {
    kind: "Tool",
    id,
    applied: { name: id },
    observed: { name: id, created_at: "2026-01-01T00:00:00Z" },
  };
}

export function put(name: string, id = name): Fact {
  return { fact: "verified", address: `Tool/${name}`, entry: entry(id) };
}

export function drop(name: string): Fact {
  return { fact: "forgotten", address: `Tool/${name}` };
}

export function intent(id: string): Intent {
  return {
    id,
    step: `Tool/${id}`,
    address: `Tool/${id}`,
    action: "create",
    kind: "Tool",
    run: "r",
    who: "alice",
    began: "2026-01-01T00:00:00.000Z",
  };
}

export function intended(...ids: readonly string[]): Fact {
  return { fact: "intended", intents: ids.map(intent) };
}

export function closed(...ids: readonly string[]): Fact {
  return { fact: "closed", intents: ids };
}
