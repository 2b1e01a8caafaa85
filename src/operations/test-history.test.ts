import { expect, test } from "vitest";
import type { TestStatus } from "../model/test-run.ts";
import { tallyOf } from "./test-history.ts";

const STATUSES: Readonly<Record<string, TestStatus>> = { p: "passed", f: "failed", e: "error", r: "running" };

test.each([
  ["", undefined, undefined],
  ["e", undefined, undefined],
  ["p", 1, undefined],
  ["pp", 1, 0],
  ["pf", 0.5, 1],
  ["pfpf", 0.5, 1],
  ["ppff", 0.5, 1 / 3],
  ["pepr", 1, 0],
  ["perf", 0.5, 1],
])("runs with the results %j have the pass rate %s and the flakiness %s", (ends, passRate, flakiness) => {
  const tally = tallyOf([...ends].map((end) => STATUSES[end] ?? "pending"));
  expect([tally.passRate, tally.flakiness]).toEqual([passRate, flakiness]);
  expect(tally.passed + tally.failed + tally.errors + tally.unfinished).toBe(ends.length);
});
