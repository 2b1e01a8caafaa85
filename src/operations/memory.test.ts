import { expect, test } from "vitest";
import type { LiveObject } from "../model/provider.ts";
import { remembering } from "./memory.ts";

const kinds = new Map();

function answering(...answers: readonly (readonly LiveObject[])[]) {
  const left = answers.map((answer) => structuredClone(answer));
  const list = async (_kind: string) => left.shift() ?? [];
  return remembering({ kinds, list, read: async () => undefined });
}

test("an unchanged object keeps its value, and a changed one gets the last listed value", async () => {
  const [a, b] = [
    { id: "a", spec: { name: "a" }, versionId: "1", updatedAt: "2026-01-01T00:00:00Z" },
    { id: "b", spec: { name: "b" } },
  ];
  const changed = [
    { ...a, spec: { name: "c" } },
    { ...a, versionId: "2" },
    { ...a, updatedAt: "2026-01-02T00:00:00Z" },
    { id: "a", spec: a.spec },
  ];
  for (const other of changed) {
    const provider = answering([a, b], [b, a], [other, b]);
    const [firstA, firstB] = await provider.list("Robot");
    expect((await provider.list("Robot")).every((one, at) => one === [firstB, firstA][at])).toBe(true);
    const last = await provider.list("Robot");
    expect(last).toStrictEqual([other, b]);
    expect(last[1]).toBe(firstB);
  }
});
