import { expect, test } from "vitest";
import { SaveQueue } from "./save-queue.ts";

test("a commit is saved, no matter how soon after the previous one it arrives", async () => {
  for (let ticks = 0; ticks < 12; ticks += 1) {
    const kept: number[] = [];
    const queue = new SaveQueue(async (batch) => {
      for (const { serial } of batch?.commits ?? []) kept.push(serial);
    });
    queue.add({ serial: 1, facts: [] }).catch(() => undefined);
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
    queue.add({ serial: 2, facts: [] }).catch(() => undefined);
    await queue.flush();
    expect(kept, `${ticks} ticks later`).toEqual([1, 2]);
  }
});
