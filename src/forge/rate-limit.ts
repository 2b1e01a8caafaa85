export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const MINUTE = 60_000;

/**
 * Milliseconds that a forge wants to be left alone, as GitHub documents it: a secondary limit is a 403 or 429 with
 * `Retry-After`, and the primary one is the same with nothing remaining. Undefined where the answer is about something
 * else, such as a missing permission.
 */
export function rateLimitWait(status: number, headers: Headers, message: string): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = text(headers["retry-after"]);
  if (after !== undefined)
    return /^\d{1,9}$/.test(after) ? Number(after) * 1000 : until(Date.parse(after), headers);
  if (text(headers["x-ratelimit-remaining"]) === "0")
    return until(Number(text(headers["x-ratelimit-reset"])) * 1000, headers);
  if (/\brate limit/i.test(message)) return MINUTE;
  return status === 429 ? 0 : undefined;
}

/** By the clock of the forge. */
function until(time: number, headers: Headers): number {
  const wait = time - Date.parse(text(headers["date"]) ?? "");
  return Number.isNaN(wait) ? MINUTE : Math.max(0, wait);
}

function text(value: Headers[string]): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
