import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { HEAP_GROWTH } from "./heap.ts";

test("this version of Node knows the setting of the heap, and says nothing about it", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [HEAP_GROWTH, "-e", "0"], {
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
});
