import type { Runtime } from "../../../model/runtime.ts";
import type { Header } from "../../../http/exchange.ts";
import { firstWindow, nextWindow, type Reply } from "./window.ts";

/**
 * Lets requests through: so many at a time as the API has been seen to bear, fewer when the rate limit is near, none before a
 * time that the API set.
 */
export interface Pace {
  /** Resolves with the number of the request when it may be sent; every `enter` is followed by one `leave`. */
  enter(): Promise<number>;
  leave(number: number, reply: Reply): void;
  /** Learns from the rate headers of an answer. */
  learn(header: Header): void;
  /** Holds back what has not been sent yet. */
  hold(milliseconds: number): void;
}

/** Steering never waits longer than this: should the headers lie, a 429 tells. */
const LONGEST_HOLD = 60_000;

interface Rate {
  readonly remaining: number;
  readonly resetAt: number;
}

export function createPace(maximum: number, runtime: Pick<Runtime, "now" | "sleep">): Pace {
  const waiting: (() => void)[] = [];
  let window = firstWindow(maximum);
  let running = 0;
  let sent = 0;
  let rate: Rate | undefined;
  let holdUntil = 0;

  const now = () => runtime.now().getTime();
  const admit = () => {
    while (waiting.length > 0 && running < slots(Math.floor(window.size), rate, now())) {
      running += 1;
      waiting.shift()?.();
    }
  };

  return {
    enter: async () => {
      const turn = new Promise<void>((resolve) => waiting.push(resolve));
      admit();
      await turn;
      const wait = Math.max(holdUntil - now(), pause(rate, now()));
      if (wait > 0) await runtime.sleep(wait);
      sent += 1;
      return sent - 1;
    },
    leave: (number, reply) => {
      const wasFull = running >= Math.floor(window.size);
      window = nextWindow(window, { number, reply, wasFull }, maximum, sent);
      running -= 1;
      admit();
    },
    learn: (header) => {
      rate = readRate(header, now()) ?? rate;
    },
    hold: (milliseconds) => {
      holdUntil = Math.max(holdUntil, now() + milliseconds);
    },
  };
}

/** How many of a window may run at once. At least one: it is the one that finds out whether things are better. */
export function slots(size: number, rate: Rate | undefined, now: number): number {
  if (rate === undefined || rate.resetAt <= now || rate.remaining >= 2 * size) return size;
  return Math.max(1, Math.min(size, Math.floor(rate.remaining / 2)));
}

/** Milliseconds until the limit is renewed, when nothing remains of it. */
function pause(rate: Rate | undefined, now: number): number {
  if (rate === undefined || rate.remaining > 0) return 0;
  return Math.min(LONGEST_HOLD, rate.resetAt - now);
}

function readRate(header: Header, now: number): Rate | undefined {
  const remaining = Number(header("x-ratelimit-remaining") ?? Number.NaN);
  const reset = Number(header("x-ratelimit-reset") ?? Number.NaN);
  if (!Number.isFinite(remaining) || !Number.isFinite(reset)) return undefined;
  return { remaining, resetAt: now + reset * 1000 };
}
