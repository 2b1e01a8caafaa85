import { type Reply, telnyxError } from "./errors.ts";
import type { RateLimit } from "./options.ts";

export interface Limited {
  readonly headers: Readonly<Record<string, string>>;
  /** The 429, if the window is full. */
  readonly refused?: Reply;
}

/** Counts requests in fixed windows. Without a limit, no request is counted and no header is sent. */
export function createLimiter(limit: RateLimit | undefined, now: () => number): () => Limited {
  let start = now();
  let used = 0;
  return () => {
    if (limit === undefined) return { headers: {} };
    const length = limit.windowSeconds * 1000;
    if (now() - start >= length) {
      start = now();
      used = 0;
    }
    used += 1;
    const reset = String(Math.max(1, Math.ceil((start + length - now()) / 1000)));
    const headers = {
      "x-ratelimit-limit": String(limit.limit),
      "x-ratelimit-remaining": String(Math.max(0, limit.limit - used)),
      "x-ratelimit-reset": reset,
    };
    if (used <= limit.limit) return { headers };
    const refused = telnyxError(429, "You have exceeded the number of allowed requests", "10011");
    return { headers: { ...headers, ...(limit.retryAfter === true && { "retry-after": reset }) }, refused };
  };
}
