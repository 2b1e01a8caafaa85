import { expect, test } from "vitest";
import { createPace, slots } from "./pace.ts";

function world() {
  let at = 0;
  const slept: number[] = [];
  const runtime = {
    now: () => new Date(at),
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
      at += milliseconds;
    },
  };
  return { runtime, slept };
}

const rate = (remaining: number, reset: number) => (name: string) =>
  ({ "x-ratelimit-remaining": String(remaining), "x-ratelimit-reset": String(reset) })[name];

/** Which of the requests were let through, in order, while none has left. */
async function admitted(enter: () => Promise<number>, count: number): Promise<number> {
  let through = 0;
  for (let index = 0; index < count; index += 1) void enter().then(() => (through += 1));
  await new Promise((resolve) => setImmediate(resolve));
  return through;
}

test("runs at most the given number at a time, and starts the next when one ends", async () => {
  const { runtime } = world();
  const pace = createPace(3, runtime);
  expect(await admitted(pace.enter, 5)).toBe(3);
  pace.leave(0, "success");
  expect(await admitted(pace.enter, 0)).toBe(0);
  const last = pace.enter();
  pace.leave(1, "success");
  pace.leave(2, "success");
  await last;
});

test("runs more at a time after successes, and fewer after a 429", async () => {
  const { runtime } = world();
  const pace = createPace(16, runtime);
  let running = 0;
  const leave = (reply: "success" | "limited") => {
    pace.leave(running, reply);
    running -= 1;
  };
  const enter = async () => {
    void pace.enter().then(() => (running += 1));
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (let index = 0; index < 40; index += 1) await enter();
  expect(running).toBe(4);
  leave("success");
  await new Promise((resolve) => setImmediate(resolve));
  expect(running).toBe(5);
  leave("limited");
  await new Promise((resolve) => setImmediate(resolve));
  expect(running).toBe(4);
  leave("success");
  leave("success");
  await new Promise((resolve) => setImmediate(resolve));
  expect(running).toBe(2);
});

test("runs fewer at a time when little of the rate limit remains", () => {
  const limit = (remaining: number) => slots(4, { remaining, resetAt: 1000 }, 0);
  expect([100, 8, 7, 4, 3, 1, 0].map(limit)).toEqual([4, 4, 3, 2, 1, 1, 1]);
});

test("runs as many as before once the limit is renewed", () => {
  expect(slots(4, { remaining: 0, resetAt: 1000 }, 1000)).toBe(4);
  expect(slots(4, undefined, 0)).toBe(4);
});

test("waits for the renewal when nothing remains, but never longer than a minute", async () => {
  const { runtime, slept } = world();
  const pace = createPace(4, runtime);
  pace.learn(rate(0, 5));
  pace.leave(await pace.enter(), "success");
  pace.learn(rate(0, 3600));
  await pace.enter();
  expect(slept).toEqual([5000, 60_000]);
});

test("holds back requests that are not sent yet", async () => {
  const { runtime, slept } = world();
  const pace = createPace(4, runtime);
  pace.hold(700);
  pace.hold(300);
  await pace.enter();
  await pace.enter();
  expect(slept).toEqual([700]);
});

test("headers that are not numbers are ignored", async () => {
  const { runtime, slept } = world();
  const pace = createPace(4, runtime);
  pace.learn(rate(Number.NaN, 5));
  await pace.enter();
  expect(slept).toEqual([]);
});
