import { expect, test } from "vitest";
import { firstWindow, nextWindow, type Ended, type SendWindow } from "./window.ts";

const MOST = 16;
const success: Ended = { reply: "success", number: 0, wasFull: true };

/** The window after all of these, in their order; requests are numbered as they end. */
function after(replies: readonly Ended["reply"][], from = firstWindow(MOST)): SendWindow {
  return replies.reduce(
    (window, reply, index) => nextWindow(window, { reply, number: index, wasFull: true }, MOST, index + 1),
    from,
  );
}

const times = (count: number): readonly Ended["reply"][] => Array.from({ length: count }, () => "success");

test("it starts at 4, or at the maximum if that is less", () => {
  expect([1, 3, 4, 16].map((maximum) => firstWindow(maximum).size)).toEqual([1, 3, 4, 4]);
});

test("it grows by one with each success, up to the maximum", () => {
  expect([0, 1, 4, 12, 100].map((count) => after(times(count)).size)).toEqual([4, 5, 8, 16, 16]);
});

test("a 429 halves it, and it is never less than 1", () => {
  const wide = after(times(12));
  expect(after(["limited"], wide).size).toBe(8);
  expect(after(["limited", "limited", "limited", "limited", "limited", "limited"], wide).size).toBe(1);
});

test("429s of requests sent before it was halved do not halve it again", () => {
  const halved = nextWindow(after(times(12)), { reply: "limited", number: 20, wasFull: true }, MOST, 28);
  const late: Ended = { reply: "limited", number: 27, wasFull: true };
  expect(nextWindow(halved, late, MOST, 28)).toEqual(halved);
  expect(nextWindow(halved, { ...late, number: 28 }, MOST, 29).size).toBe(4);
});

test("after a 429 it grows slowly: by one for as many successes as it is wide", () => {
  const halved = { size: 8, threshold: 8, since: 0 };
  expect(after(times(1), halved).size).toBeLessThan(8.2);
  expect(Math.floor(after(times(9), halved).size)).toBe(9);
});

test("other failures do not change it", () => {
  expect(after(["other", "other"])).toEqual(firstWindow(MOST));
});

test("a success does not change it while places are free", () => {
  expect(nextWindow(firstWindow(MOST), { ...success, wasFull: false }, MOST, 1)).toEqual(firstWindow(MOST));
});
