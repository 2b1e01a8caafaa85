/** `Sun, 06 Nov 1994 08:49:37 GMT`, and the two older forms. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/**
 * Milliseconds that `Retry-After` asks to wait: seconds, or a date, which is measured against the `Date` of the same
 * answer, because clocks differ. `undefined` for anything else.
 */
export function retryAfter(
  header: string | undefined,
  date: string | undefined,
  now: Date,
): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const until = httpDate(text);
  return until === undefined ? undefined : Math.max(0, until - (httpDate(date?.trim() ?? "") ?? now.getTime()));
}

function httpDate(text: string): number | undefined {
  const time = HTTP_DATE.test(text) ? Date.parse(text.endsWith("GMT") ? text : `${text} GMT`) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
