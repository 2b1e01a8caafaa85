/** How many requests may be under way at a time, and what that was learnt from. */
export interface SendWindow {
  readonly size: number;
  /** Up to here it grows with every success; beyond, by one for as many successes as it is wide. */
  readonly threshold: number;
  /** Requests with a lower number were sent before it was halved: what they meet says nothing of the new size. */
  readonly since: number;
}

/** How a request ended; `limited` is a 429, `other` a failure that says nothing of the rate. */
export type Reply = "success" | "limited" | "other";

export interface Ended {
  readonly reply: Reply;
  /** Requests are numbered as they are sent. */
  readonly number: number;
  /** All places were taken: a window that is not used up is not too small. */
  readonly wasFull: boolean;
}

/** Where every run begins, unless it may not have so many. */
const FIRST = 4;
/** The default of `--parallelism`. */
export const MOST_AT_A_TIME = 16;

export function firstWindow(maximum: number): SendWindow {
  return { size: Math.min(FIRST, maximum), threshold: maximum, since: 0 };
}

/** The window after a request has ended: wider after a success, half of it after a 429; `sent` requests were numbered. */
export function nextWindow(window: SendWindow, ended: Ended, maximum: number, sent: number): SendWindow {
  const { size, threshold, since } = window;
  if (ended.reply === "other" || ended.number < since) return window;
  if (ended.reply === "limited") {
    const half = Math.max(1, Math.floor(size / 2));
    return { size: half, threshold: half, since: sent };
  }
  if (!ended.wasFull) return window;
  const step = size < threshold ? 1 : 1 / size;
  return { ...window, size: Math.min(maximum, size + step) };
}
