import { describe, expect, test } from "vitest";
import { copiesAtChanges, copiesAtRequests, type Use } from "./crash-copies.ts";
import { sceneFor, SCENES, type SceneName } from "./crash-matrix.ts";
import type { Scene } from "./crash-scene.ts";
import { atAll, finishesFrom, KILL_AT, MINUTES } from "./crash.ts";

const LONG = { timeout: 10 * MINUTES };
const SAVES = { module: KILL_AT, counts: "save" };
const STEPS = { module: KILL_AT, counts: "any" };

/** The next run finishes what was left at each of these moments. */
function finishesFromAll(scene: Scene): Use {
  return async (place, copies) => {
    const after = await place.picture();
    expect(await place.files(), "files of an undisturbed run").toEqual([scene.ledger.name]);
    expect(copies.length).toBeGreaterThan(3);
    await atAll(
      copies,
      (copy) => finishesFrom(copy, { scene, after }),
      ({ name }) => name,
    );
  };
}

/**
 * What a killed process leaves at each moment: the next apply finishes the job. The moments are copies of one run; a
 * process for each of them would take many minutes. `crash-matrix.ts` kills processes, at some moments.
 */
export function survivesEveryMoment(names: readonly SceneName[]): void {
  describe.each(names)("%s", (name) => {
    const built = sceneFor(SCENES[name]);

    test("what is left before and after every request", LONG, async () => {
      const { program, scene } = built();
      await copiesAtRequests(program, scene, finishesFromAll(scene));
    });

    test("what is left before and after every ledger write", LONG, async () => {
      const { program, scene } = built();
      await copiesAtChanges(program, scene, SAVES, finishesFromAll(scene));
    });
  });
}

/** The same between any two steps on the files of the ledger. */
export function survivesEveryLedgerStep(name: SceneName): void {
  describe(name, () => {
    const built = sceneFor(SCENES[name]);

    test("what is left before and after every step on the files of the ledger", LONG, async () => {
      const { program, scene } = built();
      await copiesAtChanges(program, scene, STEPS, async (place, copies) => {
        const names = copies.map((copy) => copy.name).join("\n");
        expect(names).toContain("rename default.json");
        expect(names).toContain("link default.json.lock");
        await finishesFromAll(scene)(place, copies);
      });
    });
  });
}
