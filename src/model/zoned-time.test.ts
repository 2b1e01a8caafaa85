import { describe, expect, test } from "vitest";
import { isTimeZone, localTime, ownTimeZone, readBound, readTime } from "./zoned-time.ts";

const BERLIN = "Europe/Berlin";
const utc = (text: string, zone = BERLIN) => new Date(readTime(text, zone)).toISOString();

test.each([
  ["2026-12-01T09:30", BERLIN, "2026-12-01T08:30:00.000Z"],
  ["2026-07-01 09:30:15", BERLIN, "2026-07-01T07:30:15.000Z"],
  ["2026-12-01T09:30", "Asia/Kathmandu", "2026-12-01T03:45:00.000Z"],
  ["2026-12-01T09:30", "America/St_Johns", "2026-12-01T13:00:00.000Z"],
  ["2026-12-01T09:30:00+05:30", BERLIN, "2026-12-01T04:00:00.000Z"],
  ["2026-12-01T09:30:00.25Z", BERLIN, "2026-12-01T09:30:00.250Z"],
  ["2028-02-29T00:00", "UTC", "2028-02-29T00:00:00.000Z"],
])("%s in %s is %s", (text, zone, expected) => {
  expect(utc(text, zone)).toBe(expected);
});

test.each([
  ["2026-03-29T02:30", BERLIN, "does not exist in Europe/Berlin: clocks are put forward"],
  [
    "2026-10-25T02:30",
    BERLIN,
    "exists twice in Europe/Berlin, because clocks are put back at that time: write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00",
  ],
  ["2026-10-04T02:15", "Australia/Lord_Howe", "does not exist"],
  ["2011-12-30T12:00", "Pacific/Apia", "does not exist"],
  ["2026-02-30T02:30", BERLIN, "is not a date and time that exist"],
  ["2026-02-30T02:30:00Z", BERLIN, "is not a date and time that exist"],
  ["2026-02-03T24:00:00Z", BERLIN, "is not a date and time that exist"],
  ["2026-02-03T23:00:00+99:00", BERLIN, "has an offset that does not exist"],
  ["tomorrow", BERLIN, '"tomorrow" is not a time such as'],
  ["2026-02-03", BERLIN, "is not a time such as"],
])("%s in %s is refused: %s", (text, zone, message) => {
  expect(() => readTime(text, zone)).toThrow(message);
});

describe("a date without a time", () => {
  test.each([
    ["from", "2026-11-30T23:00:00.000Z"],
    ["to", "2026-12-01T22:59:59.999Z"],
  ] as const)("as %s is %s", (bound, expected) => {
    expect(new Date(readBound("2026-12-01", BERLIN, bound)).toISOString()).toBe(expected);
  });

  test.each([
    ["begins at one where clocks are put forward at midnight", "2026-09-06", "America/Santiago", "from"],
    ["ends before it where clocks are put forward at midnight", "2026-09-05", "America/Santiago", "to"],
    ["ends with the second of two hours", "2027-04-03", "America/Santiago", "to"],
    ["begins with the first of two midnights", "2026-11-01", "America/Havana", "from"],
    ["begins where clocks pass midnight from 23:30 on", "1919-03-31", "America/Toronto", "from"],
    ["is there twice in part", "2010-11-06", "America/St_Johns", "to"],
  ] as const)("%s: %s in %s", (_, day, zone, bound) => {
    const instant = readBound(day, zone, bound);
    const dayAt = (time: number) => localTime(time, zone).slice(0, 10);
    expect(dayAt(instant)).toBe(day);
    const beyond = bound === "from" ? -1 : 1;
    for (const minutes of [0, 29, 59, 60, 61, 90, 120]) {
      const other = instant + beyond * (1 + minutes * 60_000);
      expect(dayAt(other), new Date(other).toISOString()).not.toBe(day);
    }
  });

  test("that was left out of the calendar is refused", () => {
    for (const bound of ["from", "to"] as const)
      expect(() => readBound("2011-12-30", "Pacific/Apia", bound)).toThrow("does not exist in Pacific/Apia");
  });
});

test("a time is shown in the zone, with the offset", () => {
  expect(localTime(Date.parse("2026-07-01T07:30:00Z"), BERLIN)).toBe("2026-07-01 09:30 +02:00");
  expect(localTime(Date.parse("2026-12-01T13:00:05Z"), "America/St_Johns")).toBe("2026-12-01 09:30:05 -03:30");
});

test("without a zone only a time with an offset is known", () => {
  expect(readTime("2026-12-01T09:30Z", undefined)).toBe(Date.parse("2026-12-01T09:30Z"));
  for (const read of [readTime, readBound])
    expect(() => read("2026-12-01T09:30", undefined, "to")).toThrow(
      '"2026-12-01T09:30" has no offset, and the time zone of this machine is not known',
    );
});

test("the zone of the machine is one of the zones that there are", () => {
  const own = ownTimeZone(undefined);
  expect(own === undefined || isTimeZone(own)).toBe(true);
});

test("zones are known by their names", () => {
  expect(isTimeZone(BERLIN)).toBe(true);
  expect(isTimeZone("Mars/Olympus")).toBe(false);
});
