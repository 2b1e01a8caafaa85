import { expect, test } from "vitest";
import { retryAfter } from "./retry-after.ts";

const now = new Date("2026-03-01T12:00:00Z");
const AT = "Sun, 01 Mar 2026 12:00:09 GMT";

test.each([
  ["3", undefined, 3000],
  ["0.5", undefined, 500],
  [AT, undefined, 9000],
  ["Sunday, 01-Mar-26 12:00:09 GMT", undefined, 9000],
  ["Sun Mar  1 12:00:09 2026", undefined, 9000],
  // The clock of the server is an hour behind, or ahead.
  [AT, "Sun, 01 Mar 2026 11:00:09 GMT", 3_600_000],
  ["Sun, 01 Mar 2026 13:00:09 GMT", "Sun, 01 Mar 2026 13:00:00 GMT", 9000],
  [AT, "no date", 9000],
  ["Sun, 01 Mar 2026 11:00:00 GMT", undefined, 0],
  ["soon", undefined, undefined],
  ["-5", undefined, undefined],
  ["2026", undefined, 2_026_000],
  ["", undefined, undefined],
  [undefined, AT, undefined],
])("Retry-After %s with Date %s: %s ms", (header, date, expected) => {
  expect(retryAfter(header, date, now)).toBe(expected);
});
