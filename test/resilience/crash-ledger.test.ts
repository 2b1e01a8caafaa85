import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { officeScene } from "./crash-scene.ts";
import { atAll, KILL_AT, MINUTES, ordeal, rehearse, type Rehearsed } from "./crash.ts";
import { buildProgram, type Program } from "./program.ts";

let program: Program;
let rehearsed: Rehearsed;
let operations: readonly string[] = [];

beforeAll(async () => {
  program = await buildProgram();
  const scene = await officeScene("create things");
  const log = join(scene.project, "operations.log");
  rehearsed = await rehearse(scene, program, { KILL_AT: "any:before:0", KILL_LOG: log });
  operations = (await readFile(log, "utf8")).trimEnd().split("\n");
}, MINUTES);

afterAll(async () => {
  await program?.remove();
  if (rehearsed !== undefined) await rm(rehearsed.scene.project, { recursive: true });
});

test("killed between any two steps on the files of the ledger", { timeout: 10 * MINUTES }, async () => {
  expect(operations).toContain("rename default.json");
  expect(operations).toContain("link default.json.lock");
  const points = operations.map((_, index) => index + 1);
  await atAll(
    points,
    (nth) =>
      ordeal(
        rehearsed,
        (place) => place.start(program, { env: { KILL_AT: `any:before:${nth}` }, first: KILL_AT }).ended,
      ),
    (nth) => `before step ${nth}, ${operations[nth - 1]}`,
  );
});
